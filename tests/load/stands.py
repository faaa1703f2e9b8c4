"""What is measured, as processes: ours in one or two, the plain chat, the bare fan-out, on one database."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal

from tests import services
from tests.load.crowd import ROOMY
from tests.running import ROOT, Colloque

Base = Literal["sqlite", "postgres"]


@dataclass(frozen=True)
class Ground:
    """The services that all of them share."""

    base: Base
    folder: Path
    postgres: services.Postgres | None = None
    redis: services.Redis | None = None

    def told(self, name: str) -> dict[str, str]:
        if self.postgres is None or self.redis is None:
            return {}
        return {"DATABASE_URL": self.postgres.url(name), "REDIS_URL": self.redis.url}

    @property
    def beside(self) -> list[int]:
        return [one.pid for one in (self.postgres, self.redis) if one is not None]


@contextmanager
def ground(base: Base) -> Iterator[Ground]:
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="colloque-load-")))
        if base == "sqlite":
            yield Ground(base, folder)
            return
        postgres, redis = running.enter_context(services.postgres()), running.enter_context(services.redis())
        yield Ground(base, folder, postgres, redis)


@contextmanager
def colloque(ground: Ground, told: Mapping[str, str] | None = None) -> Iterator[Colloque]:
    if ground.postgres is not None:
        ground.postgres.create("colloque")
    server = Colloque(_made(ground.folder / "colloque"), {**ROOMY, **ground.told("colloque"), **(told or {})})
    try:
        yield server.start()
    finally:
        server.stop()


@contextmanager
def another(ground: Ground, first: Colloque, told: Mapping[str, str] | None = None) -> Iterator[Colloque]:
    """A second process on the same database and Redis."""
    second = Colloque(_made(ground.folder / "second"), {**ROOMY, **ground.told("colloque"), **(told or {})})
    try:
        yield second.restart()
    finally:
        second.stop()


@dataclass
class Program:
    """The plain chat or the bare fan-out."""

    words: list[str]
    port: int
    told: Mapping[str, str] = field(default_factory=dict)
    log: IO[bytes] | int = subprocess.DEVNULL
    running: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self.running is not None
        return self.running.pid

    def start(self) -> "Program":
        given = {**os.environ, **self.told}
        self.running = subprocess.Popen(
            [sys.executable, *self.words], env=given, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=self.log
        )
        services.await_port(self.port, self.running)
        return self

    def stop(self) -> None:
        services.end(self.running)


@contextmanager
def plain(ground: Ground) -> Iterator[Program]:
    if ground.postgres is not None:
        ground.postgres.create("plain")
    port = services.free_port()
    told = {
        "DJANGO_SETTINGS_MODULE": "tests.load.plain.settings",
        "PLAIN_STATE": str(ground.folder),
        **ground.told("plain"),
    }
    made = [sys.executable, "-m", "django", "migrate", "--run-syncdb", "--verbosity", "0"]
    subprocess.run(made, env={**os.environ, **told}, cwd=ROOT, check=True)
    words = ["-m", "daphne", "-v", "0", "-b", "127.0.0.1", "-p", str(port)]
    program = Program([*words, "tests.load.plain.asgi:application"], port, told)
    try:
        yield program.start()
    finally:
        program.stop()


@contextmanager
def bare() -> Iterator[Program]:
    port = services.free_port()
    program = Program(["-m", "tests.load.bare", "--port", str(port)], port)
    try:
        yield program.start()
    finally:
        program.stop()


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700)
    return folder
