"""Who is typing (PROTOCOL.md F13): passed on at once or never, stored nowhere, awaited by nothing."""

import asyncio
from collections import deque
from collections.abc import Collection, Mapping
from typing import Final, NamedTuple, get_args
from uuid import UUID

import msgspec

from accounts.caller import sessions_still
from accounts.limits import limit
from messaging import protocol
from messaging.exchange.outlet import Outlet
from messaging.exchange.outlets import Outlets
from messaging.exchange.passing import Passing
from messaging.exchange.worker import Worker
from messaging.protocol import Word, b64
from messaging.queries import persons_in

KIND: Final = "typing"


class Said(NamedTuple):
    person: bytes
    conversation: bytes
    word: Word


class Whispers:
    def __init__(self, outlets: Outlets, reader: Worker, passing: Passing) -> None:
        self._outlets = outlets
        self._reader = reader
        self._passing = passing
        self._said: deque[Said] = deque(maxlen=limit("whispers_waiting"))
        self._wake = asyncio.Event()

    def say(self, outlet: Outlet, conversation: bytes, word: Word) -> None:
        """Too many, or where the speaker is not: as if nothing had been said."""
        if outlet.is_in(conversation) and not self._outlets.whispers.wait(outlet.device):
            self.hear(outlet.person, conversation, word)
            self._passing.put((KIND, outlet.person, conversation, word))

    def hear(self, person: bytes, conversation: bytes, word: str) -> None:
        for known in get_args(Word):
            if known == word:
                self._said.append(Said(person, conversation, known))
                self._wake.set()

    async def run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self._deal()
            await asyncio.sleep(1 / limit("whispers_asked"))

    async def _deal(self) -> None:
        """Together what came meanwhile: the database is asked twice, however many speak."""
        looked_at = self._outlets.looked_at()
        said = [one for one in self._said if one.conversation in looked_at]
        self._said.clear()
        if not said:
            return
        conversations = {one.conversation for one in said}
        sessions = {outlet.session for id in conversations for outlet in self._outlets.looking_at(id)}
        persons, still = await self._reader.run(_read, conversations, sessions)
        for one in said:
            members = persons.get(one.conversation, ())
            if one.person in members:
                self._show(one, members, still)

    def _show(self, said: Said, members: Collection[bytes], still: Collection[int]) -> None:
        frame = protocol.WhisperFrame(b64(said.conversation), UUID(bytes=said.person).hex, said.word)
        text = msgspec.json.encode(frame).decode()
        for outlet in self._outlets.looking_at(said.conversation):
            is_other = outlet.person != said.person
            if is_other and outlet.person in members and outlet.session in still:
                outlet.whisper(text)


def _read(
    conversations: set[bytes], sessions: set[int]
) -> tuple[Mapping[bytes, Collection[bytes]], frozenset[int]]:
    """Who is in and who is still signed in last: nothing is dealt past it (F11)."""
    return persons_in(conversations), sessions_still(sessions)
