"""Real browsers before the real server. Run apart from the other tests: a browser's loop confuses Django."""

import os
import shutil
from collections.abc import Callable, Iterator
from itertools import chain, count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from project.bootstrap.client import build
from project.bootstrap.place import DIST
from tests.conftest import StartColloque
from tests.e2e.building import alone
from tests.e2e.people import Account, invite
from tests.e2e.persona import Persona
from tests.e2e.settings import told
from tests.e2e.watching import Watch
from tests.e2e.words import LOCALES, spoken
from tests.running import Colloque

POOL = 20  # people invited at once: more are when they are needed


class Stage:
    """One server, its people, and every browser that a test opens before it."""

    def __init__(self, server: Colloque, browser: Browser, pool: int = POOL) -> None:
        self.server = server
        self.origin = server.origin
        self._browser = browser
        self._people = chain.from_iterable(invite(server, pool, after) for after in count(0, pool))
        self._open: list[Persona] = []
        self.watch = Watch()

    def account(self) -> Account:
        return next(self._people)

    def seat(self, account: Account, *, origin: str | None = None, **context: Any) -> Persona:
        """A browser of its own, with nothing in it."""
        told = {"locale": LOCALES[spoken()], "viewport": {"width": 1280, "height": 800}, **context}
        fresh = self._browser.new_context(**told)
        fresh.set_default_timeout(20_000)
        self.watch.attach(fresh)
        persona = Persona(account, fresh, origin or self.origin)
        self._open.append(persona)
        return persona

    def newcomer(self, **context: Any) -> Persona:
        return self.seat(self.account(), **context).join()

    def pair(self, **context: Any) -> tuple[Persona, Persona]:
        return self.newcomer(**context), self.newcomer(**context)

    def clear(self) -> None:
        for persona in self._open:
            persona.close()
        self._open.clear()
        faults, self.watch = self.watch.faults, Watch()
        assert faults == [], "\n".join(faults)


StartStage = Callable[..., Stage]


@pytest.fixture(scope="session")
def built_client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client as it is built now: what this run tests stays the same, whatever is built meanwhile."""
    copy = tmp_path_factory.mktemp("client") / "dist"

    def build_and_copy() -> None:
        build()
        shutil.copytree(DIST, copy)

    alone(build_and_copy)
    return copy


@pytest.fixture(scope="session")
def start_stage(start_colloque: StartColloque, browser: Browser, built_client: Path) -> StartStage:
    def start(*, backend: str = "sqlite", **settings: str) -> Stage:
        said = {**told(), "COLLOQUE_CLIENT": str(built_client), **settings}
        return Stage(start_colloque(backend=backend, told=said), browser)

    return start


@pytest.fixture(scope="session")
def shared_stage(start_stage: StartStage) -> Stage:
    return start_stage(backend=os.environ.get("COLLOQUE_TEST_BACKEND", "sqlite"))


@pytest.fixture
def stage(shared_stage: Stage) -> Iterator[Stage]:
    """The server that most tests share; its people are new in every test."""
    yield shared_stage
    shared_stage.clear()


@pytest.fixture
def stage_with(start_stage: StartStage) -> Iterator[StartStage]:
    """A server with settings of its own: `stage_with(COLLOQUE_LIMIT_IDLE_SECONDS="5")`."""
    made: list[Stage] = []

    def start(**settings: str) -> Stage:
        made.append(start_stage(**settings))
        return made[-1]

    yield start
    for one in made:
        one.server.stop()
        one.clear()
