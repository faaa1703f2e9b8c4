"""Several processes of the server behind one port, with their own PostgreSQL and Redis: all may fail."""

import os
import secrets
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self

import psycopg

from accounts.protocol import octets
from tests.e2e.settings import told
from tests.faults.door import Door
from tests.faults.frames import FrameProxy
from tests.faults.mischief import calm
from tests.faults.proxy import Proxy
from tests.running import Colloque
from tests.services import Postgres, Redis

# A run writes more in a minute than a person in a year; no check is off.
ROOMY = {
    "COLLOQUE_LIMIT_APPEND_DEVICE": "1000000,0.0001",
    "COLLOQUE_LIMIT_FRAMES_SOCKET": "1000000,0.0001",
    "COLLOQUE_LIMIT_SOCKETS_DEVICE": "5000",  # a crowd is one device's
}


class Cluster:
    """`origin` and `port` are those of the door: clients know no other."""

    def __init__(self, folder: Path, processes: int = 2, **settings: str) -> None:
        self.folder = folder
        self.postgres, self.redis = Postgres(), Redis()
        self._count = processes
        self._settings = settings
        self.processes: list[Colloque] = []
        self.redis_doors: list[Door] = []  # one a process, so that one alone can lose Redis
        self._running = ExitStack()

    def start(self) -> Self:
        self._running.callback(lambda: self.postgres.remove())  # whichever it is by then
        self._running.callback(self.redis.remove)
        self.redis.start()
        self._name = f"faults_{secrets.token_hex(4)}"
        self.postgres.start().create(self._name)
        self.postgres_door = self._open(Door([self.postgres.port]))
        self.redis_doors = [self._open(Door([self.redis.port])) for _ in range(self._count)]
        ports = [Colloque(self._folder(number), {}).port for number in range(self._count)]
        self.door = self._open(Door(ports))
        self.network = self._running.enter_context(FrameProxy(self.door.port, calm))
        self.byway = self._running.enter_context(Proxy(self.door.port))
        self.origin, self.port = self.network.origin, self.network.port
        self.processes = [self._process(number, port) for number, port in enumerate(ports)]
        self._running.callback(self._stop_processes)
        self.processes[0].manage("migrate", "--no-input", "--verbosity", "0")
        self.revive()
        return self

    def stop(self) -> None:
        self._running.close()

    # --- processes ----------------------------------------------------------------------------------

    def kill(self, *numbers: int) -> None:
        for number in numbers:
            self.processes[number].kill()

    def revive(self, *numbers: int) -> None:
        """Starts these (all, unless said) at once; returns when they listen."""
        chosen = [self.processes[number] for number in numbers or range(len(self.processes))]
        with ThreadPoolExecutor() as at_once:
            list(at_once.map(Colloque.restart, chosen))

    def end(self, number: int) -> None:
        """As a supervisor ends it before an update: SIGTERM, and time to say goodbye."""
        self.processes[number].terminate()

    def freeze(self, number: int) -> None:
        os.kill(self.processes[number].pid, signal.SIGSTOP)

    def thaw(self, number: int) -> None:
        if self.processes[number].is_running:
            os.kill(self.processes[number].pid, signal.SIGCONT)

    # --- services -----------------------------------------------------------------------------------

    def lose_redis(self, number: int) -> None:
        """One process's connection alone."""
        self.redis_doors[number].shut()

    def find_redis(self, number: int) -> None:
        self.redis_doors[number].open()

    def fail_over(self, standby: Postgres) -> None:
        """The primary dies as by a power cut, for good; the standby is promoted and takes its place."""
        self.postgres.stop(signal.SIGQUIT)
        standby.run("SELECT pg_promote()")
        self.postgres_door.lead_to(standby.port)
        self.postgres_door.cut()
        self.postgres.remove()
        self.postgres = standby

    @property
    def database_url(self) -> str:
        """Past every door."""
        return self.postgres.url(self._name)

    def places(self, conversation: str) -> dict[int, bytes]:
        """What the log holds: the hash of each entry by its place. Asked of the database itself."""
        with psycopg.connect(self.database_url) as base:
            rows = base.execute(
                b"SELECT seq, hash FROM messaging_entry WHERE conversation_id = %s", [octets(conversation)]
            )
            return {int(seq): bytes(hash) for seq, hash in rows}

    def _open(self, door: Door) -> Door:
        self._running.callback(door.stop)
        return door.start()

    def _stop_processes(self) -> None:
        for number in range(len(self.processes)):
            self.thaw(number)
        with ThreadPoolExecutor() as at_once:
            list(at_once.map(Colloque.stop, self.processes))

    def _folder(self, number: int) -> Path:
        folder = self.folder / f"process{number}"
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def _process(self, number: int, port: int) -> Colloque:
        here = {
            "COLLOQUE_ORIGINS": f"{self.origin},{self.byway.origin}",
            "DATABASE_URL": f"postgres://postgres@127.0.0.1:{self.postgres_door.port}/{self._name}",
            "REDIS_URL": f"redis://127.0.0.1:{self.redis_doors[number].port}/0",
        }
        return Colloque(self._folder(number), {**told(), **ROOMY, **here, **self._settings}, port)


@contextmanager
def cluster(folder: Path, processes: int = 2, **settings: str) -> Iterator[Cluster]:
    running = Cluster(folder, processes, **settings)
    try:
        yield running.start()
    finally:
        running.stop()
