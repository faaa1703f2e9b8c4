from django.db import models
from django.db.models import Q
from django_otp.models import Device as OtpDevice
from django_otp.models import ThrottlingMixin
from django_otp.oath import hotp

from accounts.limits import limit
from accounts.models.people import Person

STEP_SECONDS = 30
DIGITS = 6
TOLERANCE = 1  # steps before and after, so that a slow clock or a slow hand still works


class TotpFactor(ThrottlingMixin, OtpDevice):  # type: ignore[misc]  # django-otp has no types
    """A generator of one-time codes. The seed lies sealed; the last step taken makes each code good once."""

    objects = models.Manager["TotpFactor"]()
    key_sealed = models.BinaryField(max_length=128)
    last_step = models.BigIntegerField(default=-1)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(confirmed=True), name="totp_one_confirmed"),
            models.UniqueConstraint(fields=["user"], condition=Q(confirmed=False), name="totp_one_begun"),
        ]

    def __str__(self) -> str:
        return f"totp factor {self.pk}"

    def get_throttle_factor(self) -> int:
        return limit("factor_backoff_seconds")


class PrintedCode(models.Model):
    """One of the printed one-time codes: the selector finds it, the hash proves the other 80 bits."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="printed_codes")
    selector = models.CharField(max_length=2)
    code_hash = models.CharField(max_length=160)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "selector"], name="printed_selector_once"),
        ]

    def __str__(self) -> str:
        return f"printed code {self.pk}"


def code_at(key: bytes, step: int) -> str:
    return f"{hotp(key, step, DIGITS):0{DIGITS}d}"
