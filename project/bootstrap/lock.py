"""One set-up and one demo at a time in a checkout. The system lets go of a lock whose holder died."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

from project.bootstrap.console import Fault


@contextmanager
def alone(path: Path, otherwise: str) -> Iterator[int]:
    """Holds the lock and gives its file, whose text says to others who holds it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(str(path), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Fault(
                "{} ({})".format(otherwise, os.read(handle, 200).decode().strip() or "starting")
            ) from None
        tell(handle, f"process {os.getpid()}")
        yield handle
    finally:
        os.close(handle)


def tell(handle: int, text: str) -> None:
    os.ftruncate(handle, 0)
    os.pwrite(handle, text.encode(), 0)
