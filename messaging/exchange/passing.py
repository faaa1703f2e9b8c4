"""What passes from process to process and may be lost: bounded, the oldest gives way, nobody waits for it."""

import asyncio
import os
from collections import deque
from collections.abc import Mapping
from typing import Any, Final

from accounts.limits import limit

Row = tuple[str, bytes, bytes, str]  # what, of whom, where or by which device, and the word
KIND: Final = "passing"


class Passing:
    def __init__(self) -> None:
        self._origin = os.urandom(8)
        self._waiting: deque[Row] = deque(maxlen=limit("whispers_waiting"))
        self._wake = asyncio.Event()

    def put(self, row: Row) -> None:
        self._waiting.append(row)
        self._wake.set()

    async def message(self) -> dict[str, Any]:
        """For the layer, when there is something to say."""
        await self._wake.wait()
        self._wake.clear()
        rows = [list(row) for row in self._waiting]
        self._waiting.clear()
        return {"type": KIND, "origin": self._origin, "rows": rows}

    def read(self, message: Mapping[str, Any]) -> list[Row]:
        """A layer gives back what this process said itself, which has been dealt already."""
        if bytes(message["origin"]) == self._origin:
            return []
        return [
            (str(what), bytes(whose), bytes(place), str(word)) for what, whose, place, word in message["rows"]
        ]
