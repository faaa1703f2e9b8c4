"""Hints that wait, joined: ten for one conversation are one, at the highest head."""

import asyncio
from collections.abc import Iterable

from messaging.hints import Hint, Sort


class Moved:
    def __init__(self) -> None:
        self._heads: dict[Sort, dict[bytes, int]] = {"log": {}, "person": {}, "markers": {}, "revoked": {}}
        self._marks = asyncio.Event()
        self._rest = asyncio.Event()

    def add(self, hint: Hint) -> None:
        heads = self._heads[hint.sort]
        heads[hint.key] = max(hint.head, heads.get(hint.key, 0))
        (self._marks if hint.sort == "markers" else self._rest).set()

    def add_all(self, hints: Iterable[Hint]) -> None:
        for hint in hints:
            self.add(hint)

    async def wait(self) -> None:
        """For anything but markers, which can wait a second."""
        await self._rest.wait()
        self._rest.clear()

    async def wait_for_marks(self) -> None:
        await self._marks.wait()
        self._marks.clear()

    async def wait_for_any(self) -> None:
        waits = [asyncio.ensure_future(event.wait()) for event in (self._rest, self._marks)]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        self._rest.clear()
        self._marks.clear()

    def take(self, sort: Sort) -> dict[bytes, int]:
        taken, self._heads[sort] = self._heads[sort], {}
        return taken

    def take_all(self) -> list[Hint]:
        sorts: tuple[Sort, ...] = ("log", "person", "markers", "revoked")
        return [Hint(sort, key, head) for sort in sorts for key, head in self.take(sort).items()]
