"""`python -m tests.load.messages`: how much passes, how soon, at what cost; a plain chat beside it."""

import argparse
import asyncio
import time
from collections.abc import Sequence
from contextlib import ExitStack

from tests.load import stands
from tests.load.crowd import Team, crowd, team
from tests.load.figures import QUICK, Figures, Scale, measure
from tests.load.halls import PEOPLE, Hall, OtherHall, OurHall
from tests.load.numbers import machine, middle, table
from tests.load.pages import bare_query, catch_up
from tests.load.stands import Ground
from tests.running import Colloque

_CAUGHT_UP = 5000
_SIZE = 1700  # of an entry with a text of 1 KB
Measured = dict[str, list[Figures]]


class Run:
    def __init__(self, ground: Ground, server: Colloque, given: argparse.Namespace) -> None:
        self._ground, self._server, self._given = ground, server, given
        self._scale = QUICK if given.quick else Scale(seconds=given.seconds)
        self.measured: Measured = {}

    async def prepare(self) -> None:
        started = time.monotonic()
        rooms = self._given.people // PEOPLE
        self._clients = await crowd(self._server, rooms * PEOPLE)
        founders = self._clients[:rooms]
        self._teams = [await team(one, self._clients[place::rooms]) for place, one in enumerate(founders)]
        self._all = await team(self._clients[0], self._clients)
        self._long = await team(self._clients[0], self._clients[:2])
        self._grow([self._long], _CAUGHT_UP, _SIZE)
        seconds = time.monotonic() - started
        print(f"{len(self._clients)} people in {rooms} rooms after {seconds:.0f} s", flush=True)

    def halls(self, running: ExitStack) -> list[Hall]:
        found: list[Hall] = []
        if "bare" in self._given.halls:
            program = running.enter_context(stands.bare())
            found.append(OtherHall("bare", program, self._given.people, 1000.0, passes=True))
        if "plain" in self._given.halls:
            program = running.enter_context(stands.plain(self._ground))
            found.append(OtherHall("plain", program, self._given.people, 100.0))
        if "ours" in self._given.halls:
            found.append(self._ours("ours", [self._server]))
        if "two" in self._given.halls and self._ground.redis is not None:
            second = running.enter_context(stands.another(self._ground, self._server))
            found.append(self._ours("ours, two processes", [self._server, second]))
        return found

    async def measure(self, halls: Sequence[Hall], suffix: str = "") -> None:
        for hall in halls:
            found = await measure(hall, self._ground.beside, self._scale, all=hall.name != "bare")
            if hall.name == "ours":
                found |= await self._catching_up()
            self.measured.setdefault(hall.name + suffix, []).append(found)
            told = ", ".join(f"{name} {value:.1f}" for name, value in found.items())
            print(f"  {hall.name + suffix}: {told}", flush=True)

    async def grow(self, count: int) -> None:
        started = time.monotonic()
        await asyncio.to_thread(self._grow, [*self._teams, self._all], count, _SIZE // 3)
        print(f"{count} entries in each conversation after {time.monotonic() - started:.0f} s", flush=True)

    def _ours(self, name: str, servers: Sequence[Colloque]) -> Hall:
        return OurHall(name, servers, self._clients, self._teams, self._all, 300.0)

    async def _catching_up(self) -> Figures:
        self._server.restart()
        log, client = self._long.id, self._clients[0]
        ours, bare = [], []
        for _ in range(4):
            ours.append(await asyncio.to_thread(catch_up, self._server, client, log, _CAUGHT_UP))
            bare.append(await asyncio.to_thread(bare_query, self._ground, log, _CAUGHT_UP))
        self._server.stop()
        return {"catch-up of 5,000 s": middle(ours[1:]), "the bare query s": middle(bare[1:])}

    def _grow(self, teams: Sequence[Team], count: int, size: int) -> None:
        ids = [one.id.hex() for one in teams]
        words = f"from tests.load.history import grow; print(grow({ids}, {count}, {size}))"
        self._server.manage("shell", "-c", words)
        for one in teams:
            head, hash = self._server.manage("shell", "-c", _HEAD.format(one.id.hex())).split()[-2:]
            one.stand_at(int(head), bytes.fromhex(hash))


_HEAD = (
    "from messaging.models import Conversation; row = Conversation.objects.get(pk=bytes.fromhex('{}'));"
    "print(row.head, bytes(row.hash).hex())"
)


def _goals(measured: Measured) -> list[tuple[str, str, str]]:
    ours, plain = _middles(measured["ours"]), _middles(measured.get("plain", []))
    two = _middles(measured.get("ours, two processes", []))
    rows = [
        ("deliveries/s, of the plain chat's", ours["deliveries/s"] / plain["deliveries/s"], "≥ 4, goal 6"),
        ("last of 200 p99, of the plain chat's", _share(ours, plain, "last of 200 ms, p99"), "≤ 0.5"),
        ("last of 10 p50, of the plain chat's", _share(ours, plain, "last of 10 ms, p50"), "≤ 0.8"),
        ("processor time a delivery, of the plain chat's", _share(ours, plain, "us a delivery"), "≤ 0.25"),
        ("PSS of an idle socket, KiB", ours["PSS KiB a socket"], "≤ 60, goal 40"),
        (
            "catch-up of 5,000, of the bare query",
            ours["catch-up of 5,000 s"] / ours["the bare query s"],
            "≤ 2",
        ),
        ("two processes, of one", two["deliveries/s"] / ours["deliveries/s"], "≥ 1.2"),
    ]
    return [(name, f"{value:.2f}", goal) for name, value, goal in rows]


def _share(ours: Figures, plain: Figures, name: str) -> float:
    return ours[name] / plain[name]


class _Absent(Figures):
    def __missing__(self, name: str) -> float:
        return float("nan")


def _middles(runs: Sequence[Figures]) -> Figures:
    names = {name: None for run in runs for name in run}
    return _Absent({name: middle(run[name] for run in runs if name in run) for name in names})


def _show(measured: Measured) -> None:
    found = {name: _middles(runs) for name, runs in measured.items()}
    names = {name: None for figures in found.values() for name in figures}
    rows = [["", *found]]
    for name in names:
        rows.append([name, *(_short(figures[name]) for figures in found.values())])
    table("Medians", rows)


def _short(value: float) -> str:
    return f"{value:,.1f}" if value >= 10 else f"{value:.3g}"


async def run(given: argparse.Namespace) -> Measured:
    with ExitStack() as running:
        ground = running.enter_context(stands.ground(given.database))
        server = running.enter_context(stands.colloque(ground))
        measuring = Run(ground, server, given)
        await measuring.prepare()
        halls = measuring.halls(running)
        for hall in halls:
            hall.close()
        for _ in range(given.times):
            await measuring.measure(halls)
        if given.history:
            await measuring.grow(given.history)
            for _ in range(given.times):
                await measuring.measure(
                    [hall for hall in halls if hall.name.startswith("ours")], ", long logs"
                )
        return measuring.measured


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tests.load.messages")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="postgres")
    parser.add_argument("--halls", nargs="+", default=["bare", "plain", "ours", "two"])
    parser.add_argument("--people", type=int, default=200, help="in rooms of ten, and all in one")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4.0, help="of each step")
    parser.add_argument("--history", type=int, default=0, help="then again with so many entries in each log")
    parser.add_argument("--quick", action="store_true", help="only whether it works")
    return parser


def main() -> None:
    given = arguments().parse_args()
    print(f"{machine()}; {given.database}; median of {given.times}")
    measured = asyncio.run(run(given))
    _show(measured)
    if "ours" in measured and "plain" in measured:
        table("Against the goals", _goals(measured))
    print(f"\n{machine()}")


if __name__ == "__main__":
    main()
