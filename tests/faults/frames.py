"""The same network, but it knows the frames of a socket and treats each as badly as it likes."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Protocol

from tests.faults.connection import Connection, Cut, Direction, Way, Weather
from tests.faults.proxy import Proxy, both, pass_on
from tests.malice.frames import TEXT, Frame
from tests.malice.http import hear

_QUIET = 0.3  # seconds; after so long without another frame none is held back
# Bytes are what is left of a frame: the connection is cut behind them.
Sent = list[Frame | bytes]
Done = Callable[[str], None]  # called for each misdeed


class Mischief(Protocol):
    """One for each socket and direction."""

    def take(self, frame: Frame) -> Sent:
        """What goes on instead. Raises Cut to end the connection before it."""

    def rest(self) -> Sent:
        """What was held back."""


Mischiefs = Callable[[Direction, Done], Mischief]


class FrameProxy(Proxy):
    """Text frames pass through mischief; pings, pongs and goodbyes as they are, and HTTP too."""

    def __init__(
        self, upstream: int, mischiefs: Mischiefs, weather: Weather | None = None, *, port: int | None = None
    ) -> None:
        super().__init__(upstream, weather, port=port)
        self.mischiefs = mischiefs  # may change while sockets are open
        self.faulty_answers = 0  # by which a server refused a socket and blamed itself

    async def _cross(self, connection: Connection) -> None:
        request = await hear(connection.up.reader)
        if request is None:
            return None
        is_socket = request.header("upgrade").lower() == "websocket"
        if is_socket:  # compressed frames could not be read
            request.headers = request.without("sec-websocket-extensions")
        await connection.up.write(request.encode())
        if not is_socket:
            return await super()._cross(connection)
        handshake = await hear(connection.down.reader)
        if handshake is None:
            return None
        await connection.down.write(handshake.encode())
        if handshake.status != 101:
            self.faulty_answers += handshake.status >= 500
            return await both(pass_on(connection.up), pass_on(connection.down))
        return await both(self._frames(connection.up), self._frames(connection.down))

    async def _frames(self, way: Way) -> None:
        made, mischief = self.mischiefs, self.mischiefs(way.direction, self._done)
        reading = asyncio.ensure_future(way.read_frame())
        try:
            while True:
                await asyncio.wait({reading}, timeout=_QUIET)
                if not reading.done():
                    await _send(way, mischief.rest())
                    await asyncio.wait({reading})
                frame = reading.result()
                if frame is None:
                    return await _send(way, mischief.rest())
                if made is not self.mischiefs:
                    await _send(way, mischief.rest())
                    made, mischief = self.mischiefs, self.mischiefs(way.direction, self._done)
                await _send(way, mischief.take(frame) if frame.opcode == TEXT else [*mischief.rest(), frame])
                reading = asyncio.ensure_future(way.read_frame())
        finally:
            reading.cancel()

    def _done(self, word: str) -> None:
        self.injected[word] += 1


async def _send(way: Way, frames: Iterable[Frame | bytes]) -> None:
    for frame in frames:
        if isinstance(frame, bytes):
            await way.write(frame)
            raise Cut
        await way.write(frame.encode())
