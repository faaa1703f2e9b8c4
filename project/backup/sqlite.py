"""SQLite copies itself page by page while others read and write."""

import fcntl
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings

from project.backup.faults import Unusable

_OURS = {"accounts_person", "messaging_entry"}


def dump(database: Mapping[str, Any], file: Path) -> None:
    _copy(Path(database["NAME"]), file)


def check(file: Path) -> None:
    try:
        with closing(_opened(file)) as base:
            [[whole]] = base.execute("PRAGMA integrity_check(1)").fetchall()
            tables = {name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.DatabaseError as wrong:
        raise Unusable("The file is no backup of SQLite, or not a whole one.") from wrong
    if whole != "ok" or not tables >= _OURS:
        raise Unusable("The file is no backup of Colloque, or not a whole one.")


def check_alone(database: Mapping[str, Any]) -> None:
    """The one process that serves from a folder holds its lock as long as it runs."""
    lock = Path(settings.STATE) / "exchange.lock"
    if not lock.is_file():
        return
    with lock.open("rb") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as busy:
            raise Unusable("The server runs: stop it first.") from busy


def load(database: Mapping[str, Any], file: Path) -> None:
    """Into the same file, page by page: who had it open sees the new pages, not a file that is gone."""
    _copy(file, Path(database["NAME"]))


@contextmanager
def scratch(database: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="colloque-rehearsal-") as folder:
        yield {**database, "NAME": str(Path(folder) / "scratch.sqlite3")}


def _copy(source: Path, target: Path) -> None:
    with closing(_opened(source)) as base, closing(sqlite3.connect(target, timeout=20)) as copy:
        base.backup(copy)


def _opened(file: Path) -> sqlite3.Connection:
    """A name that is wrong must not make an empty database."""
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=20)
