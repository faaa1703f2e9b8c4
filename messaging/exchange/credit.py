"""How much a socket may still be sent (F4). The server's send never waits, so a queue would bound nothing:
what is under way is counted until the reader's cursor says that it arrived."""

import time
from collections import deque

from accounts.limits import limit
from messaging.measures import STALLED


class Credit:
    def __init__(self) -> None:
        self._frames = limit("credit_frames")
        self._bytes = limit("credit_bytes")
        self._under_way: dict[bytes, deque[tuple[int, int]]] = {}
        self._since: float | None = None  # when it ran out, unless something came back since

    def allows(self, size: int) -> bool:
        enough = self._frames > 0 and self._bytes >= size
        if not enough and self._since is None and self._under_way:
            self._since = time.monotonic()
            STALLED.add()
        return enough

    def take(self, conversation: bytes, seq: int, size: int) -> None:
        self._frames -= 1
        self._bytes -= size
        self._under_way.setdefault(conversation, deque()).append((seq, size))

    def give_back(self, conversation: bytes, seq: int) -> None:
        """Everything of this conversation up to `seq` has arrived."""
        waiting = self._under_way.get(conversation)
        while waiting and waiting[0][0] <= seq:
            _, size = waiting.popleft()
            self._frames += 1
            self._bytes += size
            self._since = None
        if waiting is not None and not waiting:
            del self._under_way[conversation]

    def is_stalled(self, now: float) -> bool:
        """Or would be before anybody looks again."""
        patience = limit("stall_seconds") - limit("sweep_seconds")
        return self._since is not None and now - self._since >= patience
