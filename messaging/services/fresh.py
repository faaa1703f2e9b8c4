"""What this process committed a moment ago, kept so that nobody has to read it again. Nothing here is truth:
who uses it compares the running hash at the head with the table's, and reads there what is not at hand."""

import threading
from collections import OrderedDict
from collections.abc import Iterable

from messaging.models import Conversation, Entry

_MOST_BYTES = 16 * 1024 * 1024
_AROUND = 600  # what an entry takes besides its object


class Fresh:
    """The last of all logs by the order in which they came, up to so many bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._held: OrderedDict[tuple[bytes, int], Entry] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, entries: Iterable[Entry]) -> None:
        """Once they are committed."""
        with self._lock:
            for entry in entries:
                self._put((bytes(entry.conversation_id), entry.seq), entry)

    def between(self, conversation: bytes, after: int, head: int, hash: bytes) -> list[Entry] | None:
        """All of them or none, of the log that has this hash at its head."""
        with self._lock:
            found = [self._held.get((conversation, seq)) for seq in range(after + 1, head + 1)]
        whole = [entry for entry in found if entry is not None]
        fits = len(whole) == len(found) and bool(whole) and bytes(whole[-1].h) == hash
        return whole if fits else None

    def hash_at(self, row: Conversation, n: int) -> bytes | None:
        """The running hash at this place, of the log as its row has it."""
        id = bytes(row.pk)
        with self._lock:
            head, asked = self._held.get((id, row.head)), self._held.get((id, n))
        is_same = head is not None and bytes(head.h) == bytes(row.hash)
        return bytes(asked.h) if is_same and asked is not None else None

    def _put(self, key: tuple[bytes, int], entry: Entry) -> None:
        if key in self._held:  # another log than before: the table was put back to an earlier state
            self._held.clear()
            self._size = 0
        self._held[key] = entry
        self._size += _size(entry)
        while self._size > self._most:
            self._size -= _size(self._held.popitem(last=False)[1])


def _size(entry: Entry) -> int:
    return len(entry.object) + _AROUND


_fresh = Fresh(_MOST_BYTES)
keep, between, hash_at = _fresh.keep, _fresh.between, _fresh.hash_at
