"""Where the same things are measured: our server, the plain chat, the bare fan-out. Sockets in rooms."""

import asyncio
import json
import re
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from itertools import count
from typing import Final, Protocol, TypeVar

from messaging.client.session import ClientSession
from tests.load.crowd import TEXT, Team
from tests.load.seats import Seat
from tests.load.stands import Program
from tests.load.volley import Room, Shot
from tests.load.wire import Line, connect, framed
from tests.running import Colloque

PEOPLE: Final = 10  # in a room
_AT_ONCE: Final = 50
T = TypeVar("T")
_SAID: Final = re.compile(rb'\{"seq": (\d+)')
_ACK: Final = re.compile(rb'\{"ref": (\d+), "seq": (\d+)')
_PASSED: Final = re.compile(rb'\{"ref": (\d+)')


class Hall(Protocol):
    name: str
    guess: float  # messages a second that it bears for certain

    @property
    def pids(self) -> list[int]: ...

    @property
    def rooms(self) -> Sequence[Room]: ...

    async def open(self) -> None:
        """Starts afresh, nobody connected."""

    async def fill(self, *, many: bool) -> None:
        """Everybody sits in a room of ten, or all in one."""

    async def clear(self) -> None:
        """Everybody leaves."""

    async def connect(self, count: int) -> Callable[[], None]:
        """So many sockets that say nothing; what is given back ends them."""

    def shots(self, count: int) -> list[Shot]:
        """In turn in every room, by everybody in turn."""

    def faults(self) -> list[str]: ...

    def close(self) -> None: ...


class OurHall:
    def __init__(
        self, name: str, servers: Sequence[Colloque], clients: Sequence[ClientSession], teams: Sequence[Team],
        all: Team, guess: float,
    ) -> None:  # fmt: skip
        self.name, self.guess = name, guess
        self._servers, self._clients, self._teams, self._all = servers, clients, teams, all
        self._seats: list[Seat] = []
        self._many = False

    @property
    def pids(self) -> list[int]:
        return [server.pid for server in self._servers]

    @property
    def rooms(self) -> Sequence[Team]:
        return [self._all] if self._many else self._teams

    async def open(self) -> None:
        for server in self._servers:
            await asyncio.to_thread(server.restart)

    async def fill(self, *, many: bool) -> None:
        self._many = many
        rooms = self.rooms
        self._seats = [
            await Seat(client, [rooms[number % len(rooms)]]).sit(self._port(number // len(rooms)))
            for number, client in enumerate(self._clients)
        ]
        for number, seat in enumerate(self._seats):
            seat.look(rooms[number % len(rooms)])

    async def clear(self) -> None:
        for seat in self._seats:
            seat.leave()
        await asyncio.sleep(0.5)

    async def connect(self, count: int) -> Callable[[], None]:
        seats = [Seat(self._clients[number % len(self._clients)], ()) for number in range(count)]
        await _some_at_once(seat.sit(self._port(number)) for number, seat in enumerate(seats))

        def leave() -> None:
            for seat in seats:
                seat.leave()

        return leave

    def shots(self, count: int) -> list[Shot]:
        return [_shot(self._seats, self.rooms, number) for number in range(count)]

    def faults(self) -> list[str]:
        return [fault for seat in self._seats for fault in seat.faults]

    def ended(self) -> int:
        """How many sockets are no longer there."""
        return sum(seat.line.closed.is_set() for seat in self._seats)

    def close(self) -> None:
        for server in self._servers:
            server.stop()

    def _port(self, number: int) -> int:
        return self._servers[number % len(self._servers)].port


def _shot(seats: Sequence[Seat], rooms: Sequence[Team], number: int) -> Shot:
    room, turn = number % len(rooms), number // len(rooms)
    return seats[room + len(rooms) * (turn % (len(seats) // len(rooms)))].shot(rooms[room])


class OtherHall:
    """The plain chat; with `passes` the bare fan-out, which sends what it hears, and nothing else."""

    def __init__(
        self, name: str, program: Program, people: int, guess: float, *, passes: bool = False
    ) -> None:
        self.name, self.guess = name, guess
        self._people = people
        self._program, self._passes = program, passes
        self.rooms: list[Room] = []
        self._lines: list[Line] = []
        self._asked: dict[int, Shot] = {}
        self._ref = count(1)

    @property
    def pids(self) -> list[int]:
        return [self._program.pid]

    async def open(self) -> None:
        self._program.stop()
        await asyncio.to_thread(self._program.start)

    async def fill(self, *, many: bool) -> None:
        size = self._people if many else PEOPLE
        self.rooms = [Room(size) for _ in range(self._people // size)]
        self._lines = [await self._sit(number % len(self.rooms)) for number in range(self._people)]
        await asyncio.sleep(0.5)  # it is told of nobody's joining

    async def clear(self) -> None:
        for line in self._lines:
            line.close()
        await asyncio.sleep(0.5)

    async def connect(self, count: int) -> Callable[[], None]:
        lines = await _some_at_once(self._line(f"/idle{number % 100}", _ignore) for number in range(count))

        def leave() -> None:
            for line in lines:
                line.close()

        return leave

    def shots(self, count: int) -> list[Shot]:
        return [self._shot(number) for number in range(count)]

    def faults(self) -> list[str]:
        return []

    def close(self) -> None:
        self._program.stop()

    async def _sit(self, room: int) -> Line:
        return await self._line(f"/room{room}", lambda payload: self._hear(self.rooms[room], payload))

    async def _line(self, path: str, hear: Callable[[bytes], None]) -> Line:
        return await connect(self._program.port, path, {}, hear)

    def _shot(self, number: int) -> Shot:
        room, turn = number % len(self.rooms), number // len(self.rooms)
        line = self._lines[room + len(self.rooms) * (turn % (len(self._lines) // len(self.rooms)))]
        ref = next(self._ref)
        shot = Shot(self.rooms[room], line, framed(json.dumps({"ref": ref, "text": TEXT}).encode()))
        self._asked[ref] = shot
        return shot

    def _hear(self, room: Room, payload: bytes) -> None:
        if self._passes and (found := _PASSED.match(payload)):
            self._acked(int(found[1]), int(found[1]))
            room.note(int(found[1]))
        elif found := _SAID.match(payload):
            room.note(int(found[1]))
        elif found := _ACK.match(payload):
            self._acked(int(found[1]), int(found[2]))

    def _acked(self, ref: int, seq: int) -> None:
        shot = self._asked.pop(ref, None)
        if shot is not None:
            shot.acked, shot.seq = time.monotonic(), seq


def _ignore(payload: bytes) -> None:
    """Whoever is idle hears nothing."""


async def _some_at_once(work: Iterable[Coroutine[object, object, T]]) -> list[T]:
    """The plain chat refuses sockets when more than a hundred come together: its Redis pool ends there."""
    free = asyncio.Semaphore(_AT_ONCE)

    async def one(coroutine: Coroutine[object, object, T]) -> T:
        async with free:
            return await coroutine

    return await asyncio.gather(*map(one, work))
