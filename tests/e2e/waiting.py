"""Waiting for a condition, never for a time."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
PATIENCE = 20.0


def until(condition: Callable[[], T], what: str, *, within: float = PATIENCE, every: float = 0.05) -> T:
    """The first true answer; fails with the last one when there is none in time."""
    deadline = time.monotonic() + within
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within:.0f} s: {what}; last seen: {answer!r}")
        time.sleep(every)
