"""`python -m tests.load.sockets`: a thousand signed-in sockets for minutes, on two processes."""

import argparse
import asyncio
from collections.abc import Sequence
from contextlib import ExitStack

from tests.load import stands
from tests.load.crowd import Team, crowd, team
from tests.load.numbers import machine, percentile, table
from tests.load.processes import rss_kib
from tests.load.seats import Seat
from tests.load.volley import Outcome, volley

GROUP = 20
_EVERY = 5.0
_SETTLED = 0.2  # of the time: what a process takes in its first minutes is not growth


async def run(given: argparse.Namespace) -> list[tuple[str, str, str]]:
    with ExitStack() as running:
        ground = running.enter_context(stands.ground("postgres"))
        first = running.enter_context(stands.colloque(ground))
        second = running.enter_context(stands.another(ground, first))
        clients = await crowd(first, given.people)
        groups = [clients[at : at + GROUP] for at in range(0, given.people, GROUP)]
        teams = [await team(people[0], people) for people in groups]
        seats = await _seated(teams, (first.port, second.port))
        count = int(given.minutes * 60 * given.rate)
        shots = [_seat(seats, number).shot(teams[number % len(teams)]) for number in range(count)]
        samples: list[int] = []
        sampling = asyncio.create_task(_memory((first.pid, second.pid), samples))
        outcome = await volley(shots, given.rate, patience=30)
        sampling.cancel()
        faults = [fault for seats_there in seats for seat in seats_there for fault in seat.faults]
        return _told(outcome, len(shots), samples, faults)


async def _seated(teams: Sequence[Team], ports: Sequence[int]) -> list[list[Seat]]:
    """Of each group one after the other on either process, all looking at it."""
    found = []
    for one in teams:
        seats = [Seat(client, [one]) for client in one.people]
        for number, seat in enumerate(seats):
            (await seat.sit(ports[number % len(ports)])).look(one)
        found.append(seats)
    return found


def _seat(seats: Sequence[Sequence[Seat]], number: int) -> Seat:
    group = seats[number % len(seats)]
    return group[number // len(seats) % len(group)]


async def _memory(pids: Sequence[int], samples: list[int]) -> None:
    while True:
        samples.append(rss_kib(pids))
        await asyncio.sleep(_EVERY)


def _told(
    outcome: Outcome, sent: int, samples: Sequence[int], faults: Sequence[str]
) -> list[tuple[str, str, str]]:
    settled = samples[int(len(samples) * _SETTLED)]
    growth = (samples[-1] - settled) / settled * 100
    late = percentile(outcome.deliveries, 0.99) * 1000
    return [
        ("what", "found", "must be"),
        ("messages acknowledged, of those sent", f"{len(outcome.acks)} of {sent}", "all"),
        ("deliveries lost", f"{outcome.missing} of {outcome.missing + len(outcome.deliveries)}", "0"),
        ("delivery p99, ms", f"{late:.1f}", "≤ 500"),
        ("memory of both processes, MiB", f"{samples[-1] / 1024:.0f}", ""),
        ("its growth after the first fifth, %", f"{growth:.1f}", "≤ 20"),
        ("refusals, entries out of order", f"{len(faults)} {sorted(set(faults))}", "0"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.load.sockets")
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--rate", type=float, default=20.0, help="messages a second in all")
    parser.add_argument("--minutes", type=float, default=10.0)
    given = parser.parse_args()
    print(machine(), flush=True)
    rows = asyncio.run(run(given))
    table(f"{given.people} sockets in groups of {GROUP}, {given.minutes:g} minutes, two processes", rows)


if __name__ == "__main__":
    main()
