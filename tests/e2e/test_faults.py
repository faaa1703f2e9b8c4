"""Two processes on one PostgreSQL, hints between them through Redis: which may fail, freeze or lie (A5)."""

import itertools
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests import scale as scales
from tests import services
from tests.conftest import StartColloque
from tests.e2e.conftest import Stage, StartStage
from tests.e2e.persona import Persona
from tests.e2e.settings import told
from tests.e2e.thread import Thread
from tests.running import Colloque
from tests.scale import Scale
from tests.services import Postgres, Redis


@dataclass
class Twins:
    """Whoever sits before the second server hears of the first one's writes only by hints and sweeps."""

    stage: Stage
    second: Colloque
    redis: Redis

    def storm(self) -> set[str]:
        """What happened to hints of either server."""
        tallies = [server.folder / "chaos" for server in (self.stage.server, self.second)]
        return {line for tally in tallies if tally.exists() for line in tally.read_text().split()}

    def pair(self) -> tuple[Persona, Persona, Thread, Thread]:
        ines = self.stage.newcomer()
        anne_lise = self.stage.seat(self.stage.account(), origin=self.second.origin).join()
        hers = ines.start_direct(anne_lise.account)
        hers.send("Ouverture")
        theirs = anne_lise.open_direct(ines.account)
        theirs.shows("Ouverture")
        return ines, anne_lise, hers, theirs


StartTwins = Callable[..., Twins]


@pytest.fixture
def start_twins(
    stage_with: StartStage, start_colloque: StartColloque, postgres_server: Postgres
) -> Iterator[StartTwins]:
    with services.redis() as redis:
        seconds: list[Colloque] = []

        def start(**more: str) -> Twins:
            url = postgres_server.create(f"twins_{secrets.token_hex(4)}")
            settings = {"DATABASE_URL": url, "REDIS_URL": redis.url, **more}
            stage = stage_with(**settings)
            seconds.append(start_colloque(told={**told(), **settings}))
            return Twins(stage, seconds[-1], redis)

        yield start
        for second in seconds:
            second.stop()


@pytest.mark.parametrize("how", ["frozen", "stopped"])
def test_a5_without_redis_nothing_is_lost_and_acknowledgements_go_on(
    how: str, start_twins: StartTwins, scale: Scale
) -> None:
    twins = start_twins()
    ines, anne_lise, hers, theirs = twins.pair()
    _fail(twins.redis, how)
    sent = _write_both(hers, theirs, scale.count(8, long=60))
    newcomer = twins.stage.seat(ines.account, origin=twins.second.origin).sign_in().recover()
    newcomer.open_direct(anne_lise.account).shows(sent[-1], within=30)
    _mend(twins.redis, how)
    hers.send("Redis est revenu")
    theirs.shows("Redis est revenu", within=30)
    shown = hers.texts()
    assert sorted(shown) == sorted(["Ouverture", *sent, "Redis est revenu"])
    assert theirs.texts() == shown


@pytest.mark.parametrize("seed", range(1, 1 + scales.chosen().count(1, long=3)))
def test_a5_hints_dropped_doubled_and_late_lose_and_reorder_nothing(
    seed: int, start_twins: StartTwins, scale: Scale
) -> None:
    chaos = {"DJANGO_SETTINGS_MODULE": "tests.e2e.chaos_settings", "COLLOQUE_TEST_CHAOS": str(seed)}
    twins = start_twins(**chaos)
    _ines, _anne_lise, hers, theirs = twins.pair()
    sent = []
    for number in range(scale.count(12, long=100)):
        writer, text = (hers, f"I {number}") if number % 2 else (theirs, f"A {number}")
        writer.send(text)
        sent.append(text)
    for thread in (hers, theirs):
        thread.shows(sent[-1], within=40)
        thread.shows(sent[-2], within=40)
    shown = hers.texts()
    assert sorted(shown) == sorted(["Ouverture", *sent])
    assert theirs.texts() == shown
    assert twins.storm() == {"dropped", "doubled", "delayed"}


def _write_both(hers: Thread, theirs: Thread, seconds: int) -> list[str]:
    """For so long, each message acknowledged before the next one is written."""
    sent: list[str] = []
    until = time.monotonic() + seconds
    for number in itertools.count():
        for thread, name in ((hers, "I"), (theirs, "A")):
            sent.append(f"{name} {number}")
            thread.send(sent[-1])
            thread.acknowledged(within=5)
        if time.monotonic() > until:
            break
        hers.shows(sent[-1], within=15)
    return sent


def _fail(redis: Redis, how: str) -> None:
    redis.freeze() if how == "frozen" else redis.stop()


def _mend(redis: Redis, how: str) -> None:
    redis.thaw() if how == "frozen" else redis.start()
