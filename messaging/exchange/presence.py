"""Who is here (PROTOCOL.md F14): leases in memory, told to whoever looks at a conversation of both."""

import asyncio
import time
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from accounts.caller import sessions_still
from accounts.limits import limit
from messaging import protocol
from messaging.exchange.outlet import Outlet
from messaging.exchange.outlets import Outlets
from messaging.exchange.passing import Passing
from messaging.exchange.worker import Worker
from messaging.protocol import b64
from messaging.queries import persons_in, where_together

KIND: Final = "present"
_WORDS: Final = {True: "on", False: "off"}


class Leases:
    """Each device speaks for its person; whoever says nothing for a while has gone."""

    def __init__(self) -> None:
        self._until: dict[bytes, dict[bytes, float]] = {}

    def put(self, person: bytes, device: bytes, on: bool) -> bool:
        """Whether the person came or went by this."""
        before = person in self._until
        if not on:
            self._drop(person, {device})
        elif before or len(self._until) < limit("present_persons"):
            until = time.monotonic() + limit("present_seconds")
            self._until.setdefault(person, {})[device] = until
        return before != (person in self._until)

    def expire(self) -> set[bytes]:
        """Who went."""
        now, before = time.monotonic(), set(self._until)
        for person in before:
            self._drop(person, {id for id, until in self._until[person].items() if until <= now})
        return before - self._until.keys()

    def here(self, persons: Iterable[bytes]) -> list[bytes]:
        return sorted(person for person in persons if person in self._until)

    def _drop(self, person: bytes, devices: set[bytes]) -> None:
        left = {id: until for id, until in self._until.get(person, {}).items() if id not in devices}
        if left:
            self._until[person] = left
        else:
            self._until.pop(person, None)


class Presence:
    def __init__(self, outlets: Outlets, reader: Worker, passing: Passing) -> None:
        self._outlets = outlets
        self._reader = reader
        self._passing = passing
        self._leases = Leases()
        self._changed: set[bytes] = set()
        self._asked: set[bytes] = set()
        self._wake = asyncio.Event()

    def say(self, outlet: Outlet, on: bool) -> None:
        """Too often: as if nothing had been said."""
        if not self._outlets.presences.wait(outlet.device):
            self.hear(outlet.person, outlet.device, _WORDS[on])
            self._passing.put((KIND, outlet.person, outlet.device, _WORDS[on]))

    def hear(self, person: bytes, device: bytes, word: str) -> None:
        if word in _WORDS.values() and self._leases.put(person, device, word == _WORDS[True]):
            self._changed.add(person)
            self._wake.set()

    def look(self, conversation: bytes) -> None:
        """Somebody begins to look there."""
        self._asked.add(conversation)
        self._wake.set()

    async def run(self) -> None:
        while True:
            try:
                async with asyncio.timeout(limit("sweep_seconds")):
                    await self._wake.wait()
            except TimeoutError:
                pass  # nobody spoke: somebody may have gone by that
            self._wake.clear()
            self._changed |= self._leases.expire()
            await self._deal()
            await asyncio.sleep(limit("presence_seconds"))

    async def _deal(self) -> None:
        changed, asked = self._changed, self._asked
        self._changed, self._asked = set(), set()
        looking = [outlet for outlet in self._outlets.every() if outlet.looking_at is not None]
        looked_at = {outlet.looking_at for outlet in looking if outlet.looking_at is not None}
        if not looked_at or not (changed or asked):
            return
        sessions = {outlet.session for outlet in looking}
        found, still = await self._reader.run(_read, looked_at, changed, asked & looked_at, sessions)
        for conversation, persons in found.items():
            here = tuple(UUID(bytes=person).hex for person in self._leases.here(persons))
            frame = protocol.Presence(b64(conversation), here)
            for outlet in self._outlets.looking_at(conversation):
                if outlet.person in persons and outlet.session in still:
                    outlet.show_presence(frame)


def _read(
    looked_at: set[bytes], changed: set[bytes], asked: set[bytes], sessions: set[int]
) -> tuple[dict[bytes, dict[bytes, int]], frozenset[int]]:
    """Who is in and who is still signed in last: nothing that was read is dealt past it (F11)."""
    touched = where_together(looked_at, changed) if changed else frozenset()
    return persons_in(touched | asked), sessions_still(sessions)
