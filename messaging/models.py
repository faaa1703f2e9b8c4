"""Ordered logs of sealed entries. No column can hold a text, a title or a name: see columns.py."""

import uuid

from django.db import models

from accounts.models import Organisation, Person
from accounts.models.constraints import has_length, is_one_of


class Patient(models.Model):
    """An opaque number: who it is, only members know, under seal."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    def __str__(self) -> str:
        return f"patient {self.id.hex}"


class Conversation(models.Model):
    class Kind(models.TextChoices):
        SELF = "self"
        DIRECT = "direct"
        TEAM = "team"

    id = models.BinaryField(primary_key=True, max_length=32)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="conversations")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, related_name="conversations")
    head = models.PositiveBigIntegerField()
    hash = models.BinaryField(max_length=32)
    epoch_number = models.PositiveIntegerField()
    epoch_hash = models.BinaryField(max_length=32)
    epoch_seq = models.PositiveBigIntegerField()
    # Of a direct conversation: the hash of both persons. Of a person's own: of that one. So each exists once.
    pair = models.BinaryField(max_length=32, unique=True, null=True)
    # Set by the events that make an epoch stale (E16), so that no message asks about every member.
    stale = models.BooleanField(default=False)
    # After a restoration (T2, T3): nobody appends before this moment, and how far members say the log goes.
    held_until = models.DateTimeField(null=True)
    claimed = models.PositiveBigIntegerField(default=0)
    moved_at = models.DateTimeField(db_index=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            has_length("id", 32, name="conversation_id_32"),
            has_length("hash", 32, name="conversation_hash_32"),
            has_length("epoch_hash", 32, name="conversation_epoch_32"),
            is_one_of("kind", ("self", "direct", "team"), name="conversation_kind_listed"),
            models.CheckConstraint(
                condition=models.Q(epoch_seq__gte=1, head__gte=models.F("epoch_seq")),
                name="conversation_epoch_within",
            ),
        ]

    def __str__(self) -> str:
        return f"conversation {bytes(self.id).hex()[:16]}"


class Member(models.Model):
    """A window: from where to where a chain id of a person is in a conversation. Whoever comes again has
    another one; who is in now, `policy` alone says."""

    class Role(models.TextChoices):
        MEMBER = "member"
        COORDINATOR = "coordinator"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="conversations")
    chain = models.BinaryField(max_length=32)
    role = models.CharField(max_length=12, choices=Role.choices)
    # The places of the epoch that named them, and of the entry by which they left or were removed.
    joined = models.PositiveBigIntegerField()
    left = models.PositiveBigIntegerField(null=True)
    # Where the view of this chain id starts (L13): the same in all its windows.
    anchor = models.PositiveBigIntegerField()
    anchor_hash = models.BinaryField(max_length=32)
    paused = models.BooleanField(default=False)
    # By a `suspended` entry after the last epoch; the next epoch pauses exactly these.
    suspended = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "person"], condition=models.Q(left=None), name="member_once"
            ),
            models.UniqueConstraint(
                fields=["conversation", "chain"], condition=models.Q(left=None), name="member_chain_once"
            ),
            has_length("chain", 32, name="member_chain_32"),
            has_length("anchor_hash", 32, name="member_anchor_32"),
            is_one_of("role", ("member", "coordinator"), name="member_role_listed"),
            models.CheckConstraint(
                condition=models.Q(joined__gt=models.F("anchor"))
                & (models.Q(left=None) | models.Q(left__gt=models.F("joined"))),
                name="member_window_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"member {self.pk}"


class Entry(models.Model):
    """One place of a log. The object is kept as it was made and never re-encoded."""

    class Kind(models.TextChoices):
        EPOCH = "epoch"
        MESSAGE = "message"
        SUSPENDED = "suspended"
        LEAVE = "leave"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="entries")
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    object = models.BinaryField()
    hash = models.BinaryField(max_length=32)
    h = models.BinaryField(max_length=32)
    device = models.BinaryField(max_length=32, null=True)
    client_id = models.BinaryField(max_length=16, null=True)
    at = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="entry_numbered_once"),
            models.UniqueConstraint(fields=["conversation", "hash"], name="entry_once"),
            models.UniqueConstraint(fields=["conversation", "device", "client_id"], name="entry_sent_once"),
            has_length("hash", 32, name="entry_hash_32"),
            has_length("h", 32, name="entry_h_32"),
            has_length("client_id", 16, name="entry_client_id_16"),
            is_one_of("kind", ("epoch", "message", "suspended", "leave"), name="entry_kind_listed"),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="entry_from_one"),
        ]

    def __str__(self) -> str:
        return f"entry {self.pk}"


class Wrap(models.Model):
    """An epoch's secret sealed to one person: nobody else can open it, the server least of all."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="wraps")
    seq = models.PositiveBigIntegerField()
    chain = models.BinaryField(max_length=32)
    sealed = models.BinaryField(max_length=1536)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "seq", "chain"], name="wrap_once"),
            has_length("chain", 32, name="wrap_chain_32"),
        ]

    def __str__(self) -> str:
        return f"wrap {self.pk}"


class FigureCount(models.Model):
    """How many messages browsers showed, and could not open, on a day. Nobody's in particular."""

    class Cause(models.TextChoices):
        SHOWN = "shown"
        NOT_FOR_ME = "not_for_me"
        ALTERED = "altered"
        MALFORMED = "malformed"
        NEWER_VERSION = "newer_version"
        REMOVED_BY_HOST = "removed_by_host"

    day = models.DateField()
    cause = models.CharField(max_length=16, choices=Cause.choices)
    count = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "cause"], name="figure_once_a_day"),
            is_one_of(
                "cause",
                ("shown", "not_for_me", "altered", "malformed", "newer_version", "removed_by_host"),
                name="figure_cause_listed",
            ),
        ]

    def __str__(self) -> str:
        return f"figure {self.pk}"


class Marker(models.Model):
    """How far a device says it has received, can read, has read. One row, the last wins."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="markers")
    device = models.BinaryField(max_length=32)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="markers")
    object = models.BinaryField(max_length=1024)
    counter = models.PositiveBigIntegerField()
    arrived = models.PositiveBigIntegerField(default=0)
    readable = models.PositiveBigIntegerField(default=0)
    read = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "device"], name="marker_once_a_device"),
            has_length("device", 32, name="marker_device_32"),
        ]

    def __str__(self) -> str:
        return f"marker {self.pk}"
