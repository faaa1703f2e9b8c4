"""Group commit: what waits while a transaction runs goes together into the next (one fsync for all)."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from accounts.caller import Caller
from accounts.errors import Refused, Unavailable
from messaging.exchange.worker import Worker
from messaging.services.log import Appended, AppendWish, append_messages, keep_awake
from messaging.services.markers import MarkerWish, put_markers

_AT_ONCE = 200
W = TypeVar("W")
A = TypeVar("A")


class Queue(Generic[W, A]):
    def __init__(self, work: Callable[[Sequence[W]], Sequence[A | Refused]], wake: asyncio.Event) -> None:
        self._work = work
        self._wake = wake
        self._waiting: deque[tuple[W, asyncio.Future[A]]] = deque()

    def put(self, wish: W) -> asyncio.Future[A]:
        answer: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.append((wish, answer))
        self._wake.set()
        return answer

    async def work(self, worker: Worker) -> None:
        while self._waiting:
            taken = [self._waiting.popleft() for _ in range(min(_AT_ONCE, len(self._waiting)))]
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
        self._markers: Queue[MarkerWish, None] = Queue(put_markers, self._wake)
        self._awake: Queue[Caller, None] = Queue(keep_awake, self._wake)

    def append(self, wish: AppendWish) -> asyncio.Future[Appended]:
        """Done when it is committed and durable. Raises Refused or Unavailable."""
        return self._appends.put(wish)

    def mark(self, wish: MarkerWish) -> asyncio.Future[None]:
        return self._markers.put(wish)

    def keep_awake(self, caller: Caller) -> asyncio.Future[None]:
        return self._awake.put(caller)

    async def run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self._appends.work(self._worker)
            await self._markers.work(self._worker)
            await self._awake.work(self._worker)

    def refuse_what_waits(self) -> None:
        self._appends.refuse()
        self._markers.refuse()
        self._awake.refuse()


def _settle(taken: Sequence[tuple[Any, asyncio.Future[Any]]], results: Sequence[Any]) -> None:
    for (_, answer), result in zip(taken, results, strict=True):
        if answer.done():  # nobody waits any more: the socket is gone
            continue
        if isinstance(result, Exception):
            answer.set_exception(result)
        else:
            answer.set_result(result)
