"""Logs as JSON lines that can only hold listed fields: what nobody listed is dropped, so no text slips in."""

import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from types import TracebackType
from typing import Any

import structlog

# Ids, codes, counts and durations. Never a text, an address, a code that opens something, or a body.
_NAMES = (
    "event level logger at error trace person organisation invitation session device conversation seq head",
    "code status method route count size milliseconds letter task source purpose factor close queue port",
    "process version n revoked",
)
FIELDS = frozenset(" ".join(_NAMES).split())
_FROM_LIBRARIES = logging.WARNING


def configure(level: str) -> None:
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(_FROM_LIBRARIES)
    for ours in ("accounts", "messaging", "project"):
        logging.getLogger(ours).setLevel(level)


def _formatter() -> structlog.stdlib.ProcessorFormatter:
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True, key="at")
    return structlog.stdlib.ProcessorFormatter(
        # A library's line keeps its template only: its arguments may be anything that a person typed.
        foreign_pre_chain=[structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name, _template_only],
        processors=[stamp, _error_without_values, _listed_only, structlog.processors.JSONRenderer()],
    )


def _template_only(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    record: logging.LogRecord = event["_record"]
    event["event"] = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
    if record.exc_info:
        event["exc_info"] = record.exc_info
    return event


def _error_without_values(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    info = event.pop("exc_info", None) or event["_record"].exc_info
    if info is True:
        info = sys.exc_info()
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if info and info[0] is not None:
        event["error"] = info[0].__name__
        event["trace"] = _places(info[2])
    return event


def _places(trace: TracebackType | None) -> list[str]:
    return [f"{place.filename}:{place.lineno} {place.name}" for place in traceback.extract_tb(trace)]


def _listed_only(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in event.items() if name in FIELDS}
