from django.db import models


class Bucket(models.Model):
    """Tokens left for one subject of one rate. The subject is a keyed hash: no address lies here."""

    id = models.BinaryField(primary_key=True, max_length=32)
    rate = models.CharField(max_length=32)
    tokens = models.FloatField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"bucket {self.rate}"
