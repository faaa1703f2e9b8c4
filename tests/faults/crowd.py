"""Very many sockets that only listen, and come back by themselves when they are lost."""

import asyncio
import contextlib
import json
import random
import threading
from collections import Counter
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from messaging.protocol import SUBPROTOCOL
from tests.e2e.waiting import until
from tests.e2e.wire import Wire

_AT_ONCE = 50
_SHORTEST, _LONGEST = 1.0, 8.0
_WELCOME_WITHIN = 15.0


class Crowd:
    """All of one session. `closed` counts the codes by which the host ended them."""

    def __init__(self, wire: Wire, count: int) -> None:
        self._wire, self._count = wire, count
        self._chance = random.Random(count)
        self._open: set[int] = set()
        self.closed: Counter[int | None] = Counter()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_until_complete, args=(self._all(),), daemon=True
        )
        self._over = threading.Event()

    @property
    def present(self) -> int:
        return len(self._open)

    def start(self, within: float = 60.0) -> Self:
        self._thread.start()
        self.until_all(within)
        return self

    def until_all(self, within: float) -> None:
        until(lambda: self.present == self._count, f"{self._count} sockets open", within=within)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(timeout=30)
        self._loop.close()

    async def _all(self) -> None:
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._task = asyncio.ensure_future(asyncio.gather(*(self._stay(n) for n in range(self._count))))
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        others = asyncio.all_tasks() - {asyncio.current_task()}
        if others:
            await asyncio.wait(others, timeout=5)

    async def _stay(self, number: int) -> None:
        failures = 0
        while True:
            try:
                line = await self._greet()
            except (OSError, WebSocketException, TimeoutError):
                ceiling = min(_LONGEST, _SHORTEST * 2**failures)
                failures += 1
                await asyncio.sleep(self._chance.uniform(_SHORTEST / 2, ceiling))
                continue
            failures = 0
            self._open.add(number)
            try:
                await self._listen(line)
            finally:
                self._open.discard(number)
                line.transport.abort()
            await asyncio.sleep(self._chance.uniform(0, _SHORTEST))

    async def _greet(self) -> ClientConnection:
        async with self._turns:
            headers: Any = {"Origin": self._wire.server.origin, "Cookie": self._wire.cookie}
            line = await connect(
                f"ws://localhost:{self._wire.server.port}/ws",
                subprotocols=[SUBPROTOCOL],  # type: ignore[list-item]
                additional_headers=headers,
                compression=None,
                proxy=None,
                ping_interval=None,
                open_timeout=_WELCOME_WITHIN,
            )
            await line.send(json.dumps({"type": "hello", "protocol": 1, "heads": []}))
            welcome = json.loads(await asyncio.wait_for(line.recv(), _WELCOME_WITHIN))
            if welcome["type"] != "welcome":
                raise OSError("no welcome")
            return line

    async def _listen(self, line: ClientConnection) -> None:
        with contextlib.suppress(WebSocketException):
            async for _frame in line:
                pass
        self.closed[line.close_code] += 1
