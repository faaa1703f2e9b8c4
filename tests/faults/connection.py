"""One connection through a proxy: two ways, each with what the weather does to whoever goes along it."""

import asyncio
import contextlib
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from tests.malice.frames import Frame, read_frame

Direction = Literal["up", "down"]
_PIECE = 2**16
_TICKS = 10  # of a slow line, each second


class Cut(Exception):
    """The line ends here, for both ends, without a goodbye."""


@dataclass
class Weather:
    """What happens on every line, open or to come. May change at any moment."""

    bytes_a_second: int | None = None  # towards the client
    delay: float = 0.0  # of each piece, either way
    most_up: int | None = None  # a line is cut behind so many bytes
    most_down: int | None = None
    swallows: bool = False  # nothing crosses, and nothing is closed


class Way:
    """What one end says on its way to the other."""

    def __init__(
        self,
        direction: Direction,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        weather: Weather,
        injected: Counter[str],
    ) -> None:
        self.direction = direction
        self.reader, self.writer = reader, writer
        self.is_swallowed = False
        self._weather, self._injected = weather, injected
        self._crossed = 0

    async def read(self) -> bytes:
        piece = await self.reader.read(_PIECE)
        await self._swallowed()
        return piece

    async def read_frame(self) -> Frame | None:
        frame = await read_frame(self.reader)
        await self._swallowed()
        return frame

    async def write(self, piece: bytes) -> None:
        await self._swallowed()
        if self._weather.delay:
            self._injected["delayed"] += 1
            await asyncio.sleep(self._weather.delay)
        most = self._weather.most_up if self.direction == "up" else self._weather.most_down
        if most is not None and self._crossed + len(piece) > most:
            await self._put(piece[: most - self._crossed])
            raise Cut
        await self._put(piece)

    async def _put(self, piece: bytes) -> None:
        self._crossed += len(piece)
        rate = self._weather.bytes_a_second if self.direction == "down" else None
        step = len(piece) if rate is None else max(1, rate // _TICKS)
        for at in range(0, len(piece), step or 1):
            self.writer.write(piece[at : at + step])
            await self.writer.drain()
            if rate is not None:
                self._injected["slowed"] += step
                await asyncio.sleep(1 / _TICKS)

    async def _swallowed(self) -> None:
        """As if the packets were lost, goodbyes too: the other end is told nothing until a cut."""
        if not (self.is_swallowed or self._weather.swallows):
            return
        self.is_swallowed = True
        self._injected["swallowed"] += 1
        with contextlib.suppress(ConnectionError):
            while await self.reader.read(_PIECE):
                pass
        self._injected[f"given up {self.direction}"] += 1
        await asyncio.Event().wait()


@dataclass(eq=False)
class Connection:
    up: Way
    down: Way

    def cut(self) -> None:
        for way in (self.up, self.down):
            way.writer.transport.abort()

    def swallow(self) -> None:
        for way in (self.up, self.down):
            way.is_swallowed = True
