"""Work that an answer must not wait for, because its duration would tell whether an account exists."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import structlog
from django.db import connection

_log = structlog.get_logger("accounts")
_NAME = "accounts-later"
_worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix=_NAME)


def later(work: Callable[[], None]) -> None:
    """Runs once, soon, in this process; lost if that dies first. For what the person can ask for again."""
    if threading.current_thread().name.startswith(_NAME):
        work()  # handed in by such work itself: part of it
    else:
        _worker.submit(_run, work)


def settle() -> None:
    """Returns when all that was handed in before has been done."""
    _worker.submit(lambda: None).result()


def _run(work: Callable[[], None]) -> None:
    try:
        work()
    except Exception as wrong:  # a thread of its own: nobody else would ever hear of it
        _log.error("background.failed", error=type(wrong).__name__)
    finally:
        connection.close()
