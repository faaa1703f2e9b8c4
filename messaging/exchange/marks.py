"""Markers are dealt at most once a second a conversation, only what moved, and only to sockets that have it
on screen. Whoever begins to look has asked for the others (H13)."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from accounts.caller import sessions_still
from accounts.limits import limit
from messaging import hints, protocol
from messaging.exchange.moved import Moved
from messaging.exchange.outlets import Outlets
from messaging.exchange.worker import Worker
from messaging.protocol import MARKERS_BYTES, b64
from messaging.queries import Marked, markers_at, persons_in

_AROUND = 128  # the other fields of the frame


@dataclass(frozen=True, slots=True)
class Found:
    markers: Mapping[bytes, Sequence[Marked]]  # by conversation, as they moved
    persons: Mapping[bytes, Collection[bytes]]
    still: frozenset[int]


class Marks:
    def __init__(self, outlets: Outlets, reader: Worker, moved: Moved) -> None:
        self._outlets = outlets
        self._reader = reader
        self._moved = moved
        self._dealt: dict[bytes, int] = {}  # the counter of each marker dealt to those who look now

    async def run(self) -> None:
        while True:
            await self._moved.wait_for_marks()
            await self.deal()
            await asyncio.sleep(limit("markers_seconds"))

    async def deal(self) -> None:
        looked_at = self._outlets.looked_at()
        self._dealt = {key: seen for key, seen in self._dealt.items() if hints.marked_by(key)[0] in looked_at}
        moved = self._what_is_new(looked_at)
        if not moved:
            return
        looking = {outlet.session for id in moved for outlet in self._outlets.looking_at(id)}
        found = await self._reader.run(_read, moved, looking)
        for conversation, markers in found.markers.items():
            if markers:
                fitting = _fitting(markers)
                self._settle(conversation, moved[conversation], markers, fitting)
                self._show(conversation, markers[:fitting], found)

    def _what_is_new(self, looked_at: Collection[bytes]) -> dict[bytes, dict[bytes, int]]:
        moved: defaultdict[bytes, dict[bytes, int]] = defaultdict(dict)
        for key, counter in self._moved.take("markers").items():
            conversation, device = hints.marked_by(key)
            if conversation in looked_at and counter > self._dealt.get(key, -1):
                moved[conversation][device] = counter
        return moved

    def _settle(
        self, conversation: bytes, counters: Mapping[bytes, int], markers: Sequence[Marked], fitting: int
    ) -> None:
        """What does not fit waits for the next frame, the newest of each device."""
        told = [hints.of_marker(conversation, device, counters[device]) for device, _ in markers]
        self._dealt.update((hint.key, hint.head) for hint in told[:fitting])
        self._moved.add_all(told[fitting:])

    def _show(self, conversation: bytes, markers: Sequence[Marked], found: Found) -> None:
        """Encoded once for all."""
        frame = protocol.MarkersFrame(b64(conversation), tuple(b64(marker) for _, marker in markers))
        text = msgspec.json.encode(frame).decode()
        for outlet in self._outlets.looking_at(conversation):
            if outlet.person in found.persons.get(conversation, ()) and outlet.session in found.still:
                outlet.write(text)


def _fitting(markers: Sequence[Marked]) -> int:
    """How many of them one frame holds."""
    size = _AROUND
    for fitting, (_, marker) in enumerate(markers):
        size += len(b64(marker)) + len('"",')
        if size > MARKERS_BYTES:
            return fitting
    return len(markers)


def _read(moved: Mapping[bytes, Collection[bytes]], sessions: set[int]) -> Found:
    """Who is in and who is still signed in last: nothing that was read is dealt past it (F11)."""
    return Found(markers_at(moved), persons_in(moved), sessions_still(sessions))
