"""Whether this process runs, and whether it can store and deliver: for balancers and whoever watches it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import cache
from math import inf
from typing import Final, Generic, Literal, TypeVar

import msgspec
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse

from accounts.edge import json_response
from accounts.limits import limit
from messaging.exchange.exchange import exchange_if_running, layer_takes
from messaging.exchange.supervise import State
from messaging.queries import figures_in_all

Database = Literal["answers", "not_migrated", "silent"]
T = TypeVar("T")
RETRY_AFTER: Final = "2"
_HOLDS_SECONDS = 1.0
# Without the layer the others hear of everything by their sweep: slower, never wrong.
_OF_THE_LAYER: Final = frozenset({"hear", "publish", "pass"})


class Live(msgspec.Struct, frozen=True):
    live: bool = True


class Ready(msgspec.Struct, frozen=True):
    ready: bool
    database: Database
    layer: Literal["reached", "degraded"]
    tasks: dict[str, State]
    restarts: dict[str, int]


class Probe(Generic[T]):
    """What was answered a second ago holds now, and nothing is asked twice at once: whoever asks without end
    opens no connections. `silent` is for no answer in time."""

    def __init__(self, ask: Callable[[], Awaitable[T]], *, silent: T) -> None:
        self._ask = ask
        self._silent = silent
        self._asked = -inf
        self._answer: asyncio.Future[T] | None = None

    async def answer(self) -> T:
        if self._answer is None or self._is_over(self._answer):
            self._asked = time.monotonic()
            self._answer = asyncio.ensure_future(self._ask())
        try:
            async with asyncio.timeout(limit("health_seconds")):
                return await asyncio.shield(self._answer)
        except TimeoutError:
            return self._silent

    def _is_over(self, answer: "asyncio.Future[T]") -> bool:
        is_of_another_loop = answer.get_loop() is not asyncio.get_running_loop()
        return is_of_another_loop or (answer.done() and time.monotonic() - self._asked > _HOLDS_SECONDS)


async def readiness() -> Ready:
    exchange = exchange_if_running()
    states = dict(exchange.tasks.states) if exchange is not None else {}
    restarts = dict(exchange.tasks.restarts) if exchange is not None else {}
    database, layer = await asyncio.gather(_database.answer(), _layer.answer())
    down = {name for name, state in states.items() if state != "running"}
    return Ready(
        ready=database == "answers" and not down - _OF_THE_LAYER,
        database=database,
        layer="reached" if layer and not down & _OF_THE_LAYER else "degraded",
        tasks=states,
        restarts=restarts,
    )


async def unreadable() -> dict[str, int] | None:
    """How many messages browsers showed and could not open, by cause (H18); None when nobody answers."""
    return await _figures.answer()


async def live(request: HttpRequest) -> HttpResponse:
    return json_response(Live())


async def ready(request: HttpRequest) -> HttpResponse:
    found = await readiness()
    answer = json_response(found, status=200 if found.ready else 503)
    if not found.ready:
        answer.headers["Retry-After"] = RETRY_AFTER
    return answer


def _look_at_database() -> Database:
    """A table is read: SQLite would answer `SELECT 1` without its file."""
    try:
        missing = _migrations() - set(MigrationRecorder(connection).applied_migrations())
    except DatabaseError:
        return "silent"
    finally:
        connection.close()
    return "not_migrated" if missing else "answers"


@cache
def _migrations() -> frozenset[tuple[str, str]]:
    """Those of this version: from the disk, once."""
    return frozenset(MigrationLoader(None).disk_migrations)


def _read_figures() -> dict[str, int] | None:
    try:
        return figures_in_all()
    except DatabaseError:
        return None
    finally:
        connection.close()


_database: Probe[Database] = Probe(lambda: asyncio.to_thread(_look_at_database), silent="silent")
_layer = Probe(layer_takes, silent=False)
_figures = Probe(lambda: asyncio.to_thread(_read_figures), silent=None)
