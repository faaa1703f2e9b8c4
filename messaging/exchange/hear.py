"""The channel layer carries hints, and whispers beside them, and may lose both. Nobody waits for it but these
tasks."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, get_args

import structlog

from accounts.limits import limit
from messaging.exchange.moved import Moved
from messaging.exchange.passing import KIND as PASSING
from messaging.exchange.passing import Passing
from messaging.hints import Hint, Sort
from messaging.measures import HINTS_LOST, HINTS_SENT

GROUP = "exchanges"
_MOST = 500  # hints in one message of the layer
_log = structlog.get_logger("messaging")


async def hear(layer: Any, moved: Moved, passed: Callable[[Mapping[str, Any]], None]) -> None:
    async with asyncio.timeout(limit("hint_seconds")):
        channel = await layer.new_channel("exchange")
        await layer.group_add(GROUP, channel)
    staying = asyncio.create_task(_stay(layer, channel))
    try:
        while True:
            message = await layer.receive(channel)
            if message["type"] == PASSING:
                passed(message)
            else:
                moved.add_all(_read(message))
    finally:
        staying.cancel()


async def _stay(layer: Any, channel: str) -> None:
    """A layer in memory forgets who joined a group, after a day as it comes; that over Redis does not."""
    expiry = getattr(layer, "group_expiry", None)
    while expiry is not None:
        await asyncio.sleep(expiry / 2)
        await layer.group_add(GROUP, channel)


async def publish(layer: Any, waiting: Moved) -> None:
    while True:
        await waiting.wait_for_any()
        hints = waiting.take_all()
        for start in range(0, len(hints), _MOST):
            told = [list(hint) for hint in hints[start : start + _MOST]]
            await _send(layer, {"type": "hints", "hints": told})


async def pass_on(layer: Any, passing: Passing) -> None:
    while True:
        await _send(layer, await passing.message())


async def _send(layer: Any, message: dict[str, Any]) -> None:
    try:
        async with asyncio.timeout(limit("hint_seconds")):
            await layer.group_send(GROUP, message)
        HINTS_SENT.add(message["type"])
    except Exception as wrong:  # whatever ails the layer: the others find out by their sweep
        HINTS_LOST.add(message["type"])
        _log.warning("hints.lost", source=message["type"], error=type(wrong).__name__)


async def reaches(layer: Any) -> bool:
    """Whether the layer takes what it is given. Nobody listens there."""
    try:
        async with asyncio.timeout(limit("hint_seconds")):
            await layer.group_send("health", {"type": "health"})
    except Exception:  # whatever ails the layer
        return False
    return True


def _read(message: Mapping[str, Any]) -> list[Hint]:
    return [
        Hint(sort, bytes(key), int(head)) for sort, key, head in message["hints"] if sort in get_args(Sort)
    ]
