"""What is measured in each hall, one after the other, each time from a fresh start."""

import asyncio
import gc
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tests.load.halls import Hall
from tests.load.numbers import percentile
from tests.load.processes import cpu_seconds, pss_kib
from tests.load.volley import Outcome, volley

Figures = dict[str, float]
TOO_LATE: Final = 1.0  # p99 of a delivery
_WIDER: Final = 1.25
_LOW, _MANY_RATE = 10.0, 4.0  # messages a second


@dataclass(frozen=True)
class Scale:
    seconds: float = 4.0  # of each step
    low: int = 50  # messages at low load
    many: int = 24  # messages to the room of two hundred
    sockets: int = 500
    reconnects: int = 500
    searches: bool = True  # for the most that passes; else one slow step


QUICK: Final = Scale(1.0, 5, 2, 10, 10, searches=False)


async def measure(hall: Hall, beside: Sequence[int], scale: Scale, *, all: bool = True) -> Figures:
    """`beside`: the database and Redis. Not `all`: how much passes at most, and nothing else."""
    await hall.open()
    found = await _idle(hall, scale) if all else {}
    await hall.fill(many=False)
    await played(hall, 20, _LOW)  # what is fetched once is fetched
    if all:
        found |= _low(await played(hall, scale.low, _LOW))
    found |= await most(hall, beside, scale)
    await hall.clear()
    if all:
        found |= await _last_of_many(hall, scale)
        found["reconnects s"] = await _reconnects(hall, scale.reconnects)
    found["faults"] = len(hall.faults())
    hall.close()
    return found


async def _idle(hall: Hall, scale: Scale) -> Figures:
    (await hall.connect(20))()
    await asyncio.sleep(1)
    before = sum(map(_pss, hall.pids))
    end = await hall.connect(scale.sockets)
    await asyncio.sleep(2)
    taken = sum(map(_pss, hall.pids)) - before
    end()
    await asyncio.sleep(1)
    return {"PSS KiB a socket": taken / scale.sockets}


def _pss(pid: int) -> int:
    return pss_kib([pid])


def _low(outcome: Outcome) -> Figures:
    return {
        **_three("ack ms", outcome.acks),
        **_three("delivery ms", outcome.deliveries),
        **_three("last of 10 ms", outcome.last),
    }


async def _last_of_many(hall: Hall, scale: Scale) -> Figures:
    await hall.fill(many=True)
    await played(hall, 2, _MANY_RATE)
    outcome = await played(hall, scale.many, _MANY_RATE)
    await hall.clear()
    return {**_three("last of 200 ms", outcome.last), "missing": outcome.missing}


async def most(hall: Hall, beside: Sequence[int], scale: Scale) -> Figures:
    """Wider and wider steps until one is too much, then one between."""
    if not scale.searches:
        return await _step(hall, _LOW, beside, scale) or {}
    rate, best, step = hall.guess, Figures(), _WIDER
    while True:
        # Twice before it counts as too much: the machine may have been at something else.
        found = await _step(hall, rate, beside, scale) or await _step(hall, rate, beside, scale)
        if found is not None:
            best = max(best, found, key=_passed)
            rate *= step
        elif not best:
            rate /= 2
        elif step < _WIDER:
            return best
        else:
            rate, step = rate / _WIDER * _WIDER**0.5, _WIDER**0.5


def _passed(figures: Figures) -> float:
    return figures.get("deliveries/s", 0.0)


async def _step(hall: Hall, rate: float, beside: Sequence[int], scale: Scale) -> Figures | None:
    """None when it was too much."""
    served, around = cpu_seconds(hall.pids), cpu_seconds(beside)
    outcome = await played(hall, max(20, int(rate * scale.seconds)), rate)
    served, around = cpu_seconds(hall.pids) - served, cpu_seconds(beside) - around
    if outcome.missing or outcome.unanswered or percentile(outcome.deliveries, 0.99) > TOO_LATE:
        await asyncio.sleep(1)
        return None
    count = len(outcome.deliveries)
    return {
        "accepted/s": outcome.rate,
        "deliveries/s": count / outcome.seconds,
        "us a delivery, server": served / count * 1e6,
        "us a delivery, beside": around / count * 1e6,
        "us a delivery": (served + around) / count * 1e6,
        "cores, server": served / outcome.seconds,
    }


async def played(hall: Hall, count: int, rate: float, *, patience: float = 4.0) -> Outcome:
    shots = hall.shots(count)
    gc.collect()
    gc.disable()  # the pauses of what measures are not those of what is measured
    try:
        outcome = await volley(shots, rate, patience=patience)
    finally:
        gc.enable()
    for room in hall.rooms:
        room.forget()
    return outcome


async def _reconnects(hall: Hall, count: int) -> float:
    (await hall.connect(count))()
    await asyncio.sleep(1)
    started = time.monotonic()
    end = await hall.connect(count)
    seconds = time.monotonic() - started
    end()
    await asyncio.sleep(0.5)
    return seconds


def _three(name: str, seconds: Sequence[float]) -> Figures:
    return {f"{name}, p{int(share * 100)}": percentile(seconds, share) * 1000 for share in (0.5, 0.95, 0.99)}
