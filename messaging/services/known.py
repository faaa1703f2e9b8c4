"""What never changes once it is known: key logs as far as they go, epochs by their hash. Kept in memory, so
that judging a message asks the database nothing about them."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from accounts.errors import Refused
from accounts.keylog import KeyLog, fold
from accounts.models import KeyLogEntry
from accounts.shapes import Position
from messaging.envelopes import read_entry
from messaging.epochs import Epoch
from messaging.facts import LastEpoch
from messaging.models import Conversation, Entry

_MOST = 4000
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Shelf(Generic[K, V]):
    """The last few thousand, by use. Threads may race: the loser does the same work twice."""

    def __init__(self) -> None:
        self._held: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        return self._held.get(key)

    def put(self, key: K, value: V) -> V:
        self._held[key] = value
        while len(self._held) > _MOST:
            self._held.popitem(last=False)
        return value

    def get_or(self, key: K, make: Callable[[], V]) -> V:
        found = self.get(key)
        return self.put(key, make()) if found is None else found


_logs: Shelf[bytes, KeyLog] = Shelf()
_epochs: Shelf[bytes, Epoch] = Shelf()


def key_log(chain: bytes, upto: Position) -> KeyLog | None:
    """A log that holds this position if there is one; longer than asked does no harm."""
    held = _logs.get(chain)
    if held is not None and held.holds(upto):
        return held
    # From the start: what is held may come from a transaction that was rolled back.
    read = _read_log(chain)
    return None if read is None else _logs.put(chain, read)


def last_epoch(row: Conversation) -> LastEpoch:
    epoch = _epochs.get_or(bytes(row.epoch_hash), lambda: _read_epoch(row))
    return LastEpoch(epoch, row.epoch_seq)


def epoch_hash(conversation: bytes, number: int) -> bytes | None:
    """Every epoch in the table was accepted, so the numbers are those of their order."""
    epochs = Entry.objects.filter(conversation=conversation, kind=Entry.Kind.EPOCH).order_by("seq")
    found = epochs.values_list("hash", flat=True)[number : number + 1]
    return next((bytes(hash) for hash in found), None)


def _read_log(chain: bytes) -> KeyLog | None:
    rows = KeyLogEntry.objects.filter(chain=chain).order_by("n")
    statements = [bytes(statement) for statement in rows.values_list("statement", flat=True)]
    try:
        return fold(statements) if statements else None
    except Refused:
        return None  # somebody wrote into the table: nothing under such a log is accepted


def _read_epoch(row: Conversation) -> Epoch:
    found = Entry.objects.values_list("object", flat=True).get(conversation=row.pk, seq=row.epoch_seq)
    epoch = read_entry(bytes(found))
    assert isinstance(epoch, Epoch)
    return epoch
