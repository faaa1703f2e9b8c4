"""`python -m tests.load.overload`: twice of what passes, and a hundred clients that never read."""

import argparse
import asyncio
import time
from collections.abc import Sequence
from contextlib import ExitStack

from tests.load import stands
from tests.load.crowd import Team, crowd, team
from tests.load.figures import Scale, most, played
from tests.load.halls import PEOPLE, OurHall
from tests.load.numbers import machine, percentile, table
from tests.load.processes import rss_kib
from tests.load.seats import Seat
from tests.load.volley import Outcome
from tests.running import Colloque

Row = tuple[str, str, str]
_SILENT = 100
_LONGEST = 75.0  # until every one of them must have been closed


async def run(given: argparse.Namespace) -> list[Row]:
    with ExitStack() as running:
        ground = running.enter_context(stands.ground(given.database))
        server = running.enter_context(stands.colloque(ground))
        clients = await crowd(server, given.people)
        rooms = given.people // PEOPLE
        teams = [await team(clients[place], clients[place::rooms]) for place in range(rooms)]
        hall = OurHall("ours", [server], clients, teams, teams[0], 300.0)
        await hall.fill(many=False)
        rate = given.rate or (await most(hall, ground.beside, Scale()))["accepted/s"]
        rows = await _twice(hall, server, rate, given.seconds)
        return rows + await _silent(hall, server, teams, rate / 4)


async def _twice(hall: OurHall, server: Colloque, rate: float, seconds: float) -> list[Row]:
    """What is not taken is refused; what is acknowledged reaches everybody, late as it may be."""
    before = rss_kib([server.pid])
    outcome = await played(hall, int(2 * rate * seconds), 2 * rate, patience=60)
    taken = (rss_kib([server.pid]) - before) / 1024
    faults = [fault for fault in hall.faults() if fault != "throttled"]
    refused = hall.faults().count("throttled")
    return [
        ("what", "found", "must be"),
        (f"messages acknowledged at {2 * rate:.0f}/s", f"{len(outcome.acks)}, {refused} refused for now", ""),
        ("unanswered", str(outcome.unanswered), "0"),
        ("deliveries lost after catching up", str(outcome.missing), "0"),
        ("memory taken, MiB", f"{taken:.0f}", "bounded"),
        ("sockets ended, other refusals", f"{hall.ended()}, {sorted(set(faults))}", "0"),
    ]


async def _silent(hall: OurHall, server: Colloque, teams: Sequence[Team], rate: float) -> list[Row]:
    """A second socket of a hundred people, which never reads, while the first ones go on."""
    usual = await played(hall, int(rate * 10), rate)
    before = rss_kib([server.pid])
    seats = [_second(teams, number) for number in range(_SILENT)]
    for seat in seats:
        (await seat.sit(server.port)).line.stop_reading()
    watching = asyncio.create_task(_closed(seats))
    among = await played(hall, int(rate * _LONGEST), rate)
    taken = (rss_kib([server.pid]) - before) / 1024
    closed = await watching
    return [
        ("memory for 100 that never read, MiB", f"{taken:.0f}", "≤ 50"),
        ("of these closed, the last after s", f"{len(closed)}, {max(closed, default=0):.0f}", "100, ≤ 60"),
        ("p99 of the others, ms, without and with", f"{_late(usual):.0f}, {_late(among):.0f}", "≤ 2 times"),
        ("deliveries lost", str(among.missing), "0"),
    ]


def _second(teams: Sequence[Team], number: int) -> Seat:
    one = teams[number % len(teams)]
    return Seat(one.people[number // len(teams) % len(one.people)], [one])


def _late(outcome: Outcome) -> float:
    return percentile(outcome.deliveries, 0.99) * 1000


async def _closed(seats: Sequence[Seat]) -> list[float]:
    started, found = time.monotonic(), dict[int, float]()
    while len(found) < len(seats) and time.monotonic() - started < _LONGEST:
        await asyncio.sleep(0.5)
        for number, seat in enumerate(seats):
            if number not in found and not seat.line.is_connected:
                found[number] = time.monotonic() - started
    return list(found.values())


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.load.overload")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="postgres")
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--rate", type=float, default=0, help="what passes; found out unless given")
    parser.add_argument("--seconds", type=float, default=10.0, help="of twice that rate")
    given = parser.parse_args()
    print(machine(), flush=True)
    table(f"Too much, {given.database}, one process", asyncio.run(run(given)))


if __name__ == "__main__":
    main()
