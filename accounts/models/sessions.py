from django.db import models

from accounts.models.constraints import has_length
from accounts.models.keys import Device
from accounts.models.people import Person


class Session(models.Model):
    """One signed-in browser. The cookie holds a token, the table its hash; it changes at every step."""

    token_hash = models.BinaryField(max_length=32, unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sessions")
    device = models.ForeignKey(Device, on_delete=models.CASCADE, null=True, related_name="sessions")
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    fresh_factor_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    shared = models.BooleanField(default=False)
    agent = models.CharField(max_length=40)
    challenge = models.BinaryField(max_length=32, null=True)
    challenge_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            has_length("token_hash", 32, name="session_token_32"),
            has_length("challenge", 32, name="session_challenge_32"),
        ]

    def __str__(self) -> str:
        return f"session {self.pk}"
