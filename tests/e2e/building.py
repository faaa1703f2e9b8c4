"""Brings the built client up to date, once, even when tests run in several processes."""

import fcntl
from collections.abc import Callable

from project.bootstrap.place import VAR


def alone(build: Callable[[], None]) -> None:
    VAR.mkdir(exist_ok=True)
    with (VAR / "building.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        build()
