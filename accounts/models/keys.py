from django.db import models

from accounts.models.constraints import has_length, is_one_of
from accounts.models.people import Person


class Device(models.Model):
    """A device as the person's key log names it; public keys only."""

    class Sort(models.TextChoices):
        BROWSER = "browser"
        PAPER = "paper"

    id = models.BinaryField(primary_key=True, max_length=32)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="devices")
    chain = models.BinaryField(max_length=32, db_index=True)
    sort = models.CharField(max_length=8, choices=Sort.choices)
    sign_key = models.BinaryField(max_length=32)
    unseal_key = models.BinaryField(max_length=1216)
    added_n = models.PositiveIntegerField()
    revoked_n = models.PositiveIntegerField(null=True)
    added_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    # By an administrator: served nothing from then on. The key log stays its person's.
    cut_off_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            has_length("id", 32, name="device_id_32"),
            has_length("chain", 32, name="device_chain_32"),
            has_length("sign_key", 32, name="device_sign_32"),
            has_length("unseal_key", 1216, name="device_unseal_1216"),
            is_one_of("sort", ("browser", "paper"), name="device_sort_listed"),
        ]

    def __str__(self) -> str:
        return f"device {bytes(self.id).hex()[:16]}"


class KeyLogEntry(models.Model):
    """A statement of a person's key log, kept as it was made and never re-encoded."""

    # A person has one log at a time; one that is over stays readable under its chain id (K20).
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="key_log")
    chain = models.BinaryField(max_length=32)
    n = models.PositiveIntegerField()
    statement = models.BinaryField(max_length=16384)
    hash = models.BinaryField(max_length=32)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain", "n"], name="key_log_numbered_once"),
            has_length("chain", 32, name="key_log_chain_32"),
            has_length("hash", 32, name="key_log_hash_32"),
        ]

    def __str__(self) -> str:
        return f"key log entry {self.pk}"


class SealedSeed(models.Model):
    """A generation's seed, sealed by a device to a device: the server cannot open it."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="seeds")
    generation = models.PositiveIntegerField()
    sealed = models.BinaryField(max_length=2048)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device", "generation"], name="seed_once_a_generation"),
        ]

    def __str__(self) -> str:
        return f"sealed seed {self.pk}"


class VaultHalf(models.Model):
    """The server's half of a browser's vault key. Useless alone; erased when the device is revoked."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="vaults")
    vault = models.BinaryField(max_length=16, unique=True)
    # Claimed before the device is in the key log, hence no foreign key.
    device = models.BinaryField(max_length=32, db_index=True)
    half_sealed = models.BinaryField(max_length=128)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            has_length("vault", 16, name="vault_id_16"),
            has_length("device", 32, name="vault_device_32"),
        ]

    def __str__(self) -> str:
        return f"vault half {self.pk}"
