"""Group commit: what waits while a transaction runs goes together into the next (one fsync for all)."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from accounts.caller import Caller
from accounts.errors import Refused, Unavailable
from accounts.limits import limit
from messaging.exchange.worker import Worker
from messaging.services.log import Appended, AppendWish, append_messages, keep_awake
from messaging.services.markers import MarkerWish, put_markers

_AT_ONCE = 200
_SOON = 1  # second: then it may be tried again
# Markers come one by one from all who read, and are dealt once a second: they can wait for each other.
_MARKERS_SECONDS = 0.2
W = TypeVar("W")
A = TypeVar("A")


class Queue(Generic[W, A]):
    def __init__(
        self, work: Callable[[Sequence[W]], Sequence[A | Refused]], wake: asyncio.Event, gathers: float = 0.0
    ) -> None:
        self._work = work
        self._wake = wake
        self._gathers = gathers  # seconds from the first that comes
        self._since = 0.0
        self._waiting: deque[tuple[W, asyncio.Future[A]]] = deque()

    def put(self, wish: W) -> asyncio.Future[A]:
        if len(self._waiting) >= limit("writes_waiting"):
            raise Refused("throttled", retry_after=_SOON)
        if not self._waiting:
            self._since = time.monotonic()
        answer: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.append((wish, answer))
        self._wake.set()
        return answer

    def due_in(self) -> float | None:
        """In how many seconds it is this queue's turn; None while nothing waits."""
        return max(0.0, self._since + self._gathers - time.monotonic()) if self._waiting else None

    async def work(self, worker: Worker) -> None:
        """One batch; what is left waits until it is this queue's turn again."""
        taken = [self._waiting.popleft() for _ in range(min(_AT_ONCE, len(self._waiting)))]
        if not taken:
            return
        try:
            results = await worker.run(self._work, [wish for wish, _ in taken])
        except BaseException:
            _settle(taken, [Unavailable()] * len(taken))
            raise
        _settle(taken, results)

    def refuse(self) -> None:
        _settle(self._waiting, [Unavailable()] * len(self._waiting))
        self._waiting.clear()


class Writing:
    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._wake = asyncio.Event()
        self._appends: Queue[AppendWish, Appended] = Queue(append_messages, self._wake)
        self._markers: Queue[MarkerWish, None] = Queue(put_markers, self._wake, _MARKERS_SECONDS)
        self._awake: Queue[Caller, None] = Queue(keep_awake, self._wake)

    def append(self, wish: AppendWish) -> asyncio.Future[Appended]:
        """Done when it is committed and durable. Raises Refused (at once if too much waits), Unavailable."""
        return self._appends.put(wish)

    def mark(self, wish: MarkerWish) -> asyncio.Future[None]:
        return self._markers.put(wish)

    def keep_awake(self, caller: Caller) -> asyncio.Future[None]:
        return self._awake.put(caller)

    async def run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                # In turn: too much of one sort holds no other up.
                for queue in self._queues():
                    if queue.due_in() == 0:
                        await queue.work(self._worker)
            finally:
                self._wake_when_due()

    def _wake_when_due(self) -> None:
        waits = [wait for queue in self._queues() if (wait := queue.due_in()) is not None]
        if waits:
            asyncio.get_running_loop().call_later(min(waits), self._wake.set)

    def refuse_what_waits(self) -> None:
        for queue in self._queues():
            queue.refuse()

    def _queues(self) -> "tuple[Queue[Any, Any], ...]":
        return self._appends, self._markers, self._awake


def _settle(taken: Sequence[tuple[Any, asyncio.Future[Any]]], results: Sequence[Any]) -> None:
    for (_, answer), result in zip(taken, results, strict=True):
        if answer.done():  # nobody waits any more: the socket is gone
            continue
        if isinstance(result, Exception):
            answer.set_exception(result)
        else:
            answer.set_result(result)
