"""Backup and restoration of a running server, as whoever runs it does it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.running import Colloque

# People would wait ten minutes; a test waits for those whom it has.
SOON = {"COLLOQUE_LIMIT_RESTORED_GRACE_SECONDS": "4", "COLLOQUE_LIMIT_RESTORED_CLAIM_SECONDS": "20"}


def back_up(server: Colloque, file: Path) -> str:
    """While it serves. What the command said."""
    return server.manage("backup", str(file))


def restore(server: Colloque, file: Path) -> str:
    """The server dies without a goodbye, comes back with what the file knows, and ends all sessions."""
    server.kill()
    said = server.manage("restore", str(file), "--yes")
    server.restart()
    return said


def put_back_in_silence(server: Colloque, file: Path) -> None:
    """As a host that lies, or an administrator who copies files by hand: the old database under the same
    history, sessions and all. SQLite only."""
    server.stop()
    with closing(sqlite3.connect(file)) as kept, closing(sqlite3.connect(_database(server))) as base:
        kept.backup(base)
    server.restart()


def _database(server: Colloque) -> Path:
    return server.folder / "colloque.sqlite3"
