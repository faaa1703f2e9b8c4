from django.db import models

from accounts.models.constraints import has_length, is_one_of


class Count(models.Model):
    """One row a thing counted, raised in the transaction that adds to it. A sequence would hand out numbers
    in another order than commits, and a reader that asks "what is after n" would miss rows for ever."""

    name = models.CharField(primary_key=True, max_length=16)
    n = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.n}"


class Revocation(models.Model):
    class What(models.TextChoices):
        SESSION = "session"
        DEVICE = "device"
        PERSON = "person"
        MEMBER = "member"

    n = models.BigIntegerField(primary_key=True)
    what = models.CharField(max_length=8, choices=What.choices)
    person = models.UUIDField()
    session = models.BigIntegerField(null=True)
    device = models.BinaryField(max_length=32, null=True)
    # Told by whoever keeps conversations; nothing here knows what one is.
    conversation = models.BinaryField(max_length=32, null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            is_one_of("what", ("session", "device", "person", "member"), name="revocation_what_listed"),
            has_length("conversation", 32, name="revocation_conversation_32"),
        ]

    def __str__(self) -> str:
        return f"revocation {self.n}"
