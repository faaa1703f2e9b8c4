"""Markers are dealt at most once a second a conversation, and only to sockets that have it on screen."""

import asyncio

from accounts.limits import limit
from messaging import protocol
from messaging.exchange.moved import Moved
from messaging.exchange.outlets import Outlets
from messaging.exchange.worker import Worker
from messaging.protocol import b64
from messaging.queries import markers_in, persons_in

Found = dict[bytes, tuple[frozenset[bytes], list[bytes]]]


class Marks:
    def __init__(self, outlets: Outlets, reader: Worker, moved: Moved) -> None:
        self._outlets = outlets
        self._reader = reader
        self._moved = moved

    async def run(self) -> None:
        while True:
            await self._moved.wait_for_marks()
            await self._deal()
            await asyncio.sleep(limit("markers_seconds"))

    async def _deal(self) -> None:
        moved = self._moved.take("markers")
        looked_at = {id for outlet in self._outlets.every() if (id := outlet.looking_at) in moved}
        if not looked_at:
            return
        for conversation, (persons, markers) in (await self._reader.run(_read, looked_at)).items():
            frame = protocol.MarkersFrame(b64(conversation), tuple(b64(marker) for marker in markers))
            for outlet in self._outlets.of(persons):
                if outlet.is_open and outlet.looking_at == conversation:
                    outlet.send(frame)


def _read(conversations: set[bytes]) -> Found:
    persons, markers = persons_in(conversations), markers_in(conversations)
    return {id: (persons.get(id, frozenset()), markers.get(id, [])) for id in conversations}
