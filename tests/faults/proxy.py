"""A network that goes wrong: stands before a server and cuts, swallows, slows or delays what crosses it.

It lives in a thread of its own, so that a client may be driven from a loop or from none. Whatever it does to
somebody is counted: a fault that touched nothing has shown nothing."""

import asyncio
import contextlib
import socket
import threading
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any, Self, TypeVar

from tests.faults.connection import Connection, Cut, Way, Weather
from tests.services import free_port

T = TypeVar("T")
_BACKLOG = 4096
_SMALL = 4096  # of a slow connection the system keeps little: the other end must feel it
_LARGE = 2**16


class Proxy:
    """`with Proxy(server.port) as proxy:` — then clients go to `proxy.origin`."""

    def __init__(self, upstream: int, weather: Weather | None = None, *, port: int | None = None) -> None:
        self.upstream = upstream
        self.port = port or free_port()
        self.origin = f"http://localhost:{self.port}"
        self.weather = weather or Weather()
        self.injected: Counter[str] = Counter()
        self.connections: set[Connection] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self._doors: list[asyncio.Server] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._wait_for(self._open())
        return self

    def __exit__(self, *_: object) -> None:
        self._wait_for(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()

    def cut(self) -> int:
        """Every open connection, at once and without a goodbye; gives how many there were."""
        return self._wait_for(self._each("cut", Connection.cut))

    def swallow(self) -> int:
        """Every open connection goes silent, and neither end is told. New ones are as the weather is."""
        return self._wait_for(self._each("silenced", Connection.swallow))

    def _wait_for(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=30)

    async def _each(self, word: str, act: Callable[[Connection], None]) -> int:
        connections = list(self.connections)
        for connection in connections:
            act(connection)
        self.injected[word] += len(connections)
        return len(connections)

    async def _open(self) -> None:
        for host in ("127.0.0.1", "::1"):
            with contextlib.suppress(OSError):  # a machine without IPv6
                self._doors.append(await asyncio.start_server(self._serve, host, self.port, backlog=_BACKLOG))

    async def _close(self) -> None:
        for door in self._doors:
            door.close()
        serving = list(self._serving)
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        try:
            with contextlib.suppress(asyncio.CancelledError, OSError):
                await self._relay(reader, writer)
        finally:
            self._serving.discard(task)
            writer.close()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        is_slow = self.weather.bytes_a_second is not None
        dialled = await _dial(self.upstream, is_slow)
        theirs, ours = await asyncio.open_connection(sock=dialled, limit=_SMALL if is_slow else _LARGE)
        connection = Connection(
            Way("up", reader, ours, self.weather, self.injected),
            Way("down", theirs, writer, self.weather, self.injected),
        )
        self.connections.add(connection)
        try:
            await self._cross(connection)
        except Cut:
            self.injected["cut"] += 1
            connection.cut()
        finally:
            self.connections.discard(connection)
            ours.close()

    async def _cross(self, connection: Connection) -> None:
        await both(pass_on(connection.up), pass_on(connection.down))


async def both(up: Coroutine[Any, Any, None], down: Coroutine[Any, Any, None]) -> None:
    """Until either end says no more."""
    ways = [asyncio.create_task(way) for way in (up, down)]
    try:
        done, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in done:
            way.result()
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)


async def pass_on(way: Way) -> None:
    while piece := await way.read():
        await way.write(piece)


async def _dial(port: int, is_slow: bool) -> socket.socket:
    dialled = socket.socket()
    dialled.setblocking(False)
    if is_slow:
        dialled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL)
    await asyncio.get_running_loop().sock_connect(dialled, ("127.0.0.1", port))
    return dialled
