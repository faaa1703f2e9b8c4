from django.db import models

from accounts.models.constraints import has_length


class History(models.Model):
    """The life of this database between two restorations (PROTOCOL.md T1). The last row is the present."""

    n = models.PositiveIntegerField(primary_key=True)
    id = models.BinaryField(max_length=16, unique=True)
    began_at = models.DateTimeField()
    # Of one that began by a restoration: the last moment that the restored database knew.
    restored_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [has_length("id", 16, name="history_id_16")]

    def __str__(self) -> str:
        return f"history {self.n}"
