"""Backup and restoration of a running server, as whoever runs it does it."""

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
