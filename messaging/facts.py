"""What judging asks about the log before an entry: a caller answers from a database or from memory.

Most readers see a log from epoch 0 on: `joining` is None and `last` is None only before that epoch. Who was
added later, or sees a stub (L12), has no last epoch until one adds them; `joining` then says what they know.
"""

from collections.abc import Set
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from accounts.keylog import KeyLog
from accounts.shapes import Position
from messaging.epochs import Epoch


@dataclass(frozen=True, slots=True)
class LastEpoch:
    """The last accepted epoch and where it stands in the log."""

    epoch: Epoch
    place: int

    @property
    def kind(self) -> str:
        return self.epoch.kind


class Noted(NamedTuple):
    """The last epoch up to a place that another device of the reader checked, as own state names it (S)."""

    number: int
    seq: int


@dataclass(frozen=True, slots=True)
class Joining:
    """A reader whom the next epoch must add (L13, L14)."""

    chain: bytes  # the reader's own
    anchor: Position | None  # while no epoch of this log was accepted; afterwards it has been borne out
    known: LastEpoch | None  # the last one accepted, before the stubs
    noted: Noted | None


class Facts(Protocol):
    @property
    def conversation(self) -> bytes: ...

    @property
    def last(self) -> LastEpoch | None:
        """None before epoch 0 and after a stub."""

    @property
    def joining(self) -> Joining | None:
        """Looked at only where there is no last epoch; always None for who sees the whole log."""

    @property
    def suspended(self) -> Set[bytes]:
        """Chains named by a `suspended` that was accepted since the last epoch."""

    @property
    def left(self) -> Set[bytes]:
        """Chains of whom a `leave` was accepted since the last epoch."""

    def hash_at(self, n: int) -> bytes | None:
        """h(n) of the log before the entry; None before the anchor of this reader."""

    def epoch_hash(self, number: int) -> bytes | None:
        """Of the accepted epoch with this number."""

    def has_entry(self, hash: bytes) -> bool:
        """Whether an earlier place holds this very entry, whatever its verdict, or is its stub."""

    def has_client_id(self, device: bytes, client_id: bytes) -> bool:
        """Whether an accepted message of this device has this client id."""

    def key_log(self, chain: bytes) -> KeyLog | None: ...
