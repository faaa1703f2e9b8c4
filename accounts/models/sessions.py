import uuid

from django.db import models

from accounts.models.constraints import has_length, is_one_of
from accounts.models.keys import Device
from accounts.models.people import Person
from accounts.source import BROWSERS, PLATFORMS


class Session(models.Model):
    """One signed-in browser. The cookie holds a token, the table its hash; it changes at every step."""

    class FactorSort(models.TextChoices):
        TOTP = "totp"
        PRINTED = "printed"
        PASSKEY = "passkey"

    # By this its person ends it: the row number would tell how many people sign in.
    name = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    token_hash = models.BinaryField(max_length=32, unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sessions")
    device = models.ForeignKey(Device, on_delete=models.CASCADE, null=True, related_name="sessions")
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    fresh_factor_at = models.DateTimeField(null=True)
    # The last one given here: once it is removed, the session that rests on it ends.
    factor_sort = models.CharField(max_length=8, choices=FactorSort.choices, null=True)  # noqa: DJ001
    factor = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    shared = models.BooleanField(default=False)
    # Begun on the administration's host, and good on no other.
    admin = models.BooleanField(default=False)
    browser = models.CharField(max_length=8)
    platform = models.CharField(max_length=8)
    challenge = models.BinaryField(max_length=32, null=True)
    challenge_at = models.DateTimeField(null=True)
    passkey_challenge = models.BinaryField(max_length=64, null=True)
    passkey_challenge_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            has_length("token_hash", 32, name="session_token_32"),
            has_length("challenge", 32, name="session_challenge_32"),
            has_length("passkey_challenge", 64, name="session_passkey_challenge_64"),
            is_one_of("browser", BROWSERS, name="session_browser_listed"),
            is_one_of("platform", PLATFORMS, name="session_platform_listed"),
            is_one_of("factor_sort", ("totp", "printed", "passkey"), name="session_factor_listed"),
        ]

    def __str__(self) -> str:
        return f"session {self.pk}"
