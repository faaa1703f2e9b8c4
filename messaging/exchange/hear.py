"""The channel layer carries hints only, and may lose them. Nobody waits for it but these two tasks."""

import asyncio
from collections.abc import Mapping
from typing import Any, get_args

import structlog

from accounts.limits import limit
from messaging.exchange.moved import Moved
from messaging.hints import Hint, Sort

GROUP = "exchanges"
_MOST = 500  # hints in one message of the layer
_log = structlog.get_logger("messaging")


async def hear(layer: Any, moved: Moved) -> None:
    async with asyncio.timeout(limit("hint_seconds")):
        channel = await layer.new_channel("exchange")
        await layer.group_add(GROUP, channel)
    while True:
        moved.add_all(_read(await layer.receive(channel)))


async def publish(layer: Any, waiting: Moved) -> None:
    while True:
        await waiting.wait_for_any()
        hints = waiting.take_all()
        for start in range(0, len(hints), _MOST):
            await _send(layer, hints[start : start + _MOST])


async def _send(layer: Any, hints: list[Hint]) -> None:
    message = {"type": "hints", "hints": [list(hint) for hint in hints]}
    try:
        async with asyncio.timeout(limit("hint_seconds")):
            await layer.group_send(GROUP, message)
    except Exception as wrong:  # whatever ails the layer: the others find out by their sweep
        _log.warning("hints.lost", count=len(hints), error=type(wrong).__name__)


def _read(message: Mapping[str, Any]) -> list[Hint]:
    return [
        Hint(sort, bytes(key), int(head)) for sort, key, head in message["hints"] if sort in get_args(Sort)
    ]
