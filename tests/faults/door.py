"""One port before several: each line goes to the next upstream that takes it. Bytes pass unread."""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine, Sequence
from typing import Any, Self

from tests.services import free_port

_PIECE = 65536
_PATIENCE = 10.0


class Door:
    """As a reverse proxy in front of several processes: in turn, and past one that refuses."""

    def __init__(self, upstreams: Sequence[int]) -> None:
        self.port = free_port()
        self.origin = f"http://localhost:{self.port}"
        self._upstreams = list(upstreams)
        self._turn = 0
        self._is_shut = False
        self._lines: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def start(self) -> Self:
        self._thread.start()
        self._soon(self._listen())
        return self

    def stop(self) -> None:
        self._soon(self._hang_up())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()

    def cut(self) -> None:
        """Every line, without a goodbye; new ones are taken."""
        self._soon(self._cut())

    def shut(self) -> None:
        """As `cut`, and nobody comes in before `open`."""
        self._is_shut = True
        self.cut()

    def open(self) -> None:
        self._is_shut = False

    def lead_to(self, *upstreams: int) -> None:
        """From now on, and for new lines."""
        self._upstreams = list(upstreams)

    @property
    def lines(self) -> int:
        return len(self._lines)

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=_PATIENCE)

    async def _listen(self) -> None:
        hosts = ("127.0.0.1", "::1")
        self._doors = [
            await asyncio.start_server(self._serve, host, self.port, backlog=4096) for host in hosts
        ]

    async def _hang_up(self) -> None:
        for door in self._doors:
            door.close()
        await self._cut()

    async def _cut(self) -> None:
        lines = list(self._lines)
        for line in lines:
            line.cancel()
        await asyncio.gather(*lines, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = asyncio.create_task(self._line(reader, writer))
        self._lines.add(line)
        line.add_done_callback(self._lines.discard)
        with contextlib.suppress(asyncio.CancelledError, OSError):
            await line

    async def _line(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs: asyncio.StreamWriter | None = None
        try:
            upstream = None if self._is_shut else await self._reach()
            if upstream is None:
                return
            answers, theirs = upstream
            ways = {
                asyncio.create_task(_carry(reader, theirs)),
                asyncio.create_task(_carry(answers, writer)),
            }
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
        finally:
            for end in (writer, theirs):
                if end is not None:
                    end.transport.abort() if self._is_shut else end.close()

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        for _ in self._upstreams:
            port = self._upstreams[self._turn % len(self._upstreams)]
            self._turn += 1
            with contextlib.suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", port)
        return None


async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await source.read(_PIECE):
            target.write(piece)
            await target.drain()
