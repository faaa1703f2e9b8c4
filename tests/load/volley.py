"""Messages sent at a rate, and when each was acknowledged and reached everybody."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.load.wire import Line


class Room:
    """Where messages arrive: when, at whom, by their number there."""

    def __init__(self, size: int) -> None:
        self.size = size  # how many hear each message, its sender among them
        self.arrived: dict[int, list[float]] = {}

    def note(self, seq: int) -> None:
        self.arrived.setdefault(seq, []).append(time.monotonic())

    def forget(self) -> None:
        self.arrived.clear()


@dataclass(slots=True)
class Shot:
    """A message made before the clock starts."""

    room: Room
    line: Line
    frame: bytes
    due: float = 0.0
    acked: float = 0.0
    seq: int = 0
    refused: bool = False

    @property
    def is_done(self) -> bool:
        return self.refused or (self.acked > 0 and len(self.room.arrived.get(self.seq, ())) >= self.room.size)


@dataclass(slots=True)
class Outcome:
    seconds: float = 0.0
    acks: list[float] = field(default_factory=list)
    deliveries: list[float] = field(default_factory=list)
    last: list[float] = field(default_factory=list)  # of each message, when the last had it
    missing: int = 0  # deliveries of what was acknowledged
    unanswered: int = 0

    @property
    def rate(self) -> float:
        return len(self.acks) / self.seconds


async def volley(shots: Sequence[Shot], rate: float, *, patience: float = 10.0) -> Outcome:
    """Open loop: a message is due by the clock, whatever became of those before it."""
    started = time.monotonic() + 0.02
    for number, shot in enumerate(shots):
        shot.due = started + number / rate
        await _until(shot.due)
        shot.line.send(shot.frame)
    await _all_done(shots, patience)
    return _outcome(shots)


async def _until(due: float) -> None:
    ahead = due - time.monotonic()
    if ahead > 0:
        await asyncio.sleep(ahead)


async def _all_done(shots: Sequence[Shot], patience: float) -> None:
    until, first = time.monotonic() + patience, 0
    while time.monotonic() < until:
        while first < len(shots) and shots[first].is_done:
            first += 1
        if first == len(shots):
            return
        await asyncio.sleep(0.02)


def _outcome(shots: Sequence[Shot]) -> Outcome:
    found = Outcome()
    for shot in shots:
        if not shot.acked:
            found.unanswered += not shot.refused
            continue
        found.acks.append(shot.acked - shot.due)
        times = shot.room.arrived.get(shot.seq, [])
        found.deliveries += [at - shot.due for at in times]
        found.missing += shot.room.size - len(times)
        if times:
            found.last.append(max(times) - shot.due)
    ends = [at for shot in shots if shot.acked for at in shot.room.arrived.get(shot.seq, ())]
    found.seconds = max([shots[-1].due, *ends]) - shots[0].due
    return found
