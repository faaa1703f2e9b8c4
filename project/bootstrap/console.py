"""What the person at the terminal sees: one line a step, with its seconds, and one line for a fault."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import Iterator


class Fault(Exception):
    """Something the person can mend. Its text is one line that says how."""


def say(line: str) -> None:
    print(line, flush=True)


def complain(fault: Fault) -> int:
    print("error: " + str(fault), file=sys.stderr, flush=True)
    return 1


@contextmanager
def step(title: str) -> Iterator[None]:
    started = time.monotonic()
    print(f"  {title:<44}", end="", flush=True)
    try:
        yield
    except BaseException:
        print(f"failed after {time.monotonic() - started:.1f} s", flush=True)
        raise
    print(f"{time.monotonic() - started:6.1f} s", flush=True)
