import uuid

from django.db import models

from accounts.models.constraints import has_length, is_one_of
from accounts.models.keys import Device
from accounts.models.people import Person
from accounts.models.sessions import Session

STATES = ("open", "taken", "answered", "countersigned", "over")


class Pairing(models.Model):
    """A browser that asks to become a device, and what passes between it and the device that takes it up
    (PROTOCOL.md D). One a person; the host carries it and believes none of it."""

    class State(models.TextChoices):
        OPEN = "open"
        TAKEN = "taken"
        ANSWERED = "answered"
        COUNTERSIGNED = "countersigned"
        OVER = "over"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="pairing")
    state = models.CharField(max_length=13, choices=State.choices, default=State.OPEN)
    offered_by = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="+")
    taken_by = models.ForeignKey(Session, on_delete=models.CASCADE, null=True, related_name="+")
    device = models.BinaryField(max_length=32)
    sign_key = models.BinaryField(max_length=32)
    unseal_key = models.BinaryField(max_length=1216)
    mac = models.BinaryField(max_length=32)
    answered_by = models.BinaryField(max_length=32, null=True)
    addition = models.BinaryField(max_length=16384, null=True)
    sealed = models.BinaryField(max_length=2048, null=True)
    answer_mac = models.BinaryField(max_length=32, null=True)
    countersign = models.BinaryField(max_length=64, null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            is_one_of("state", STATES, name="pairing_state_listed"),
            has_length("device", 32, name="pairing_device_32"),
            has_length("sign_key", 32, name="pairing_sign_32"),
            has_length("unseal_key", 1216, name="pairing_unseal_1216"),
            has_length("mac", 32, name="pairing_mac_32"),
        ]

    def __str__(self) -> str:
        return f"pairing {self.pk}"


class PaperRemoval(models.Model):
    """Somebody asked to remove a code de secours without having it: due after days, cancelled by deleting."""

    device = models.OneToOneField(Device, on_delete=models.CASCADE, related_name="removal")
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"paper removal {self.pk}"
