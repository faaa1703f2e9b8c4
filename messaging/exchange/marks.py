"""Markers are dealt at most once a second a conversation, and only to sockets that have it on screen."""

import asyncio
from collections.abc import Collection

from accounts.caller import sessions_still
from accounts.limits import limit
from messaging import protocol
from messaging.exchange.moved import Moved
from messaging.exchange.outlets import Outlets
from messaging.exchange.worker import Worker
from messaging.protocol import b64
from messaging.queries import markers_in, persons_in

Found = dict[bytes, tuple[Collection[bytes], list[bytes]]]


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
        looking = [outlet for outlet in self._outlets.every() if outlet.looking_at in moved]
        if not looking:
            return
        looked_at = {outlet.looking_at for outlet in looking if outlet.looking_at is not None}
        found, still = await self._reader.run(_read, looked_at, {outlet.session for outlet in looking})
        for conversation, (persons, markers) in found.items():
            frame = protocol.MarkersFrame(b64(conversation), tuple(b64(marker) for marker in markers))
            for outlet in self._outlets.of(persons):
                if outlet.is_open and outlet.looking_at == conversation and outlet.session in still:
                    outlet.send(frame)


def _read(conversations: set[bytes], sessions: set[int]) -> tuple[Found, frozenset[int]]:
    """Who is in and who is still signed in last: nothing that was read is dealt past it (F11)."""
    markers, persons = markers_in(conversations), persons_in(conversations)
    found: Found = {id: (persons.get(id, ()), markers.get(id, [])) for id in conversations}
    return found, sessions_still(sessions)
