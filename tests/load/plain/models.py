from django.db import models


class Said(models.Model):
    objects: models.Manager["Said"] = models.Manager()
    room = models.CharField(max_length=32, db_index=True)
    text = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "plain"

    def __str__(self) -> str:
        return f"said {self.pk}"
