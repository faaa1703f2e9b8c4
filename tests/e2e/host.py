"""Everything that whoever runs the server can look into, each place with a decoy that must be found there."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg
import redis

from tests.e2e.sweep import Found, Sweep, dump_of_postgres, dump_of_sqlite, memory_of, read, snapshot_of
from tests.running import Colloque

_ORGANISATION = (
    "INSERT INTO accounts_organisation (id, name, created_at) VALUES ({id}, '{name}', '2026-01-01T00:00:00Z')"
)


class Services(NamedTuple):
    database_url: str
    redis_url: str

    @property
    def folder(self) -> Path:
        """Where PostgreSQL keeps everything; its log lies beside."""
        with psycopg.connect(self.database_url) as base:
            row = base.execute("SHOW data_directory").fetchone()
        assert row is not None
        return Path(row[0])

    @property
    def redis_pid(self) -> int:
        with redis.Redis.from_url(self.redis_url) as store:
            return int(store.info("server")["process_id"])


class Host:
    def __init__(self, server: Colloque, services: Services | None) -> None:
        self.server = server
        self.services = services

    def plant(self, decoy: str) -> None:
        """Puts it into each place as a careless line of code would; the server was started with it too."""
        (self.server.folder / "mail").mkdir(exist_ok=True)
        (self.server.folder / "mail" / "decoy.log").write_text(f"Subject: {decoy}\n")
        with self.server.log.open("a") as log:
            log.write(f'{{"event": "{decoy}"}}\n')
        if self.services is None:
            self._plant_in_sqlite(decoy)
        else:
            self._plant_in_services(decoy, self.services)

    def places(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        yield "server memory", memory_of(self.server.pid)
        yield "server log", read(self.server.log)
        yield "mail", self._files(self.server.folder / "mail")
        yield "state folder", self._files(self.server.folder)
        if self.services is None:
            yield "dump", iter([dump_of_sqlite(self._sqlite)])
            yield "database file", read(self._sqlite)
            yield "write-ahead log", read(self._sqlite.with_name(self._sqlite.name + "-wal"))
        else:
            yield from self._places_of_services(self.services)

    def sweep(self, sweep: Sweep) -> set[Found]:
        return {found for place, pieces in self.places() for found in sweep.in_pieces(place, pieces)}

    @property
    def _sqlite(self) -> Path:
        return self.server.folder / "colloque.sqlite3"

    def _files(self, folder: Path) -> Iterator[bytes]:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            yield b"\0" + path.name.encode()
            yield from read(path)

    def _places_of_services(self, services: Services) -> Iterator[tuple[str, Iterator[bytes]]]:
        yield "dump", iter([dump_of_postgres(services.database_url)])
        yield "database folder", self._files(services.folder / "base")
        yield "write-ahead log", self._files(services.folder / "pg_wal")
        yield "database log", read(services.folder.parent / "log")
        yield "Redis snapshot", iter([snapshot_of(services.redis_url)])
        yield "Redis memory", memory_of(services.redis_pid)

    def _plant_in_sqlite(self, decoy: str) -> None:
        """Twice, so that one is moved into the file and the other stays in the log of changes."""
        for number, checkpoint in enumerate(("PRAGMA wal_checkpoint(PASSIVE)", "SELECT 1")):
            base = sqlite3.connect(self._sqlite, timeout=20)
            with base:
                base.execute(_ORGANISATION.format(id=f"'{number:032x}'", name=f"{decoy} {number}"))
            base.execute(checkpoint).fetchall()
            base.close()

    def _plant_in_services(self, decoy: str, services: Services) -> None:
        with psycopg.connect(services.database_url, autocommit=True) as base:
            base.execute(_ORGANISATION.format(id=f"'{0:032x}'", name=decoy).encode())
            base.execute(b"CHECKPOINT")
            base.execute(f"DO $$ BEGIN RAISE LOG '{decoy}'; END $$".encode())
        with redis.Redis.from_url(services.redis_url) as store:
            store.set("decoy", decoy)
