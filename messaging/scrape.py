"""All that this process counts, as one page in Prometheus' text format."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Final

from accounts import measures as of_requests
from accounts.measures import told
from messaging import measures
from messaging.exchange.exchange import exchange_if_running
from messaging.health import Ready, readiness, unreadable
from messaging.models import FigureCount

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_SHOWN: Final = FigureCount.Cause.SHOWN.value


async def page() -> str:
    exchange = exchange_if_running()
    sockets = len(exchange.outlets.every()) if exchange is not None else 0
    found, figures = await readiness(), await unreadable()
    parts: Iterable[Iterator[str]] = (
        *(measure.lines() for measure in (*of_requests.MEASURES, *measures.MEASURES)),
        told("colloque_sockets", "gauge", "Sockets that are open.", {"": sockets}),
        _of_state(found),
        _of_figures(figures) if figures is not None else iter(()),
    )
    return "\n".join([*chain.from_iterable(parts), ""])


def _of_state(found: Ready) -> Iterator[str]:
    yield from told("colloque_ready", "gauge", "As /health/ready says.", {"": int(found.ready)})
    answers = {"": int(found.database != "silent")}
    yield from told("colloque_database_answers", "gauge", "Whether the database answers in time.", answers)
    reached = {"": int(found.layer == "reached")}
    yield from told("colloque_layer_reached", "gauge", "Whether other processes can be told.", reached)
    yield from told(
        "colloque_task_restarts_total", "counter", "Times that a task of the exchange died.", found.restarts,
        label="task",
    )  # fmt: skip


def _of_figures(counts: Mapping[str, int]) -> Iterator[str]:
    """The database's, so each process of a server says the same."""
    shown = {"": counts.get(_SHOWN, 0)}
    yield from told("colloque_messages_shown_total", "counter", "Messages that browsers showed.", shown)
    unopened = {cause: counts.get(cause, 0) for cause in FigureCount.Cause.values if cause != _SHOWN}
    yield from told(
        "colloque_messages_unreadable_total", "counter", "Messages that browsers could not open.", unopened,
        label="cause",
    )  # fmt: skip
