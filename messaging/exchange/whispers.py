"""Who is typing (PROTOCOL.md F13): passed on at once or never, stored nowhere, awaited by nothing."""

from typing import Final, get_args
from uuid import UUID

from messaging import protocol
from messaging.exchange.outlet import Outlet
from messaging.exchange.outlets import Outlets
from messaging.exchange.passing import Passing
from messaging.protocol import Word, b64

KIND: Final = "typing"


class Whispers:
    def __init__(self, outlets: Outlets, passing: Passing) -> None:
        self._outlets = outlets
        self._passing = passing

    def say(self, outlet: Outlet, conversation: bytes, word: Word) -> None:
        """Too many, or where the speaker is not: as if nothing had been said."""
        if outlet.is_in(conversation) and not self._outlets.whispers.wait(outlet.device):
            self.hear(outlet.person, conversation, word)
            self._passing.put((KIND, outlet.person, conversation, word))

    def hear(self, person: bytes, conversation: bytes, word: str) -> None:
        for known in get_args(Word):
            if known == word:
                frame = protocol.WhisperFrame(b64(conversation), UUID(bytes=person).hex, known)
                self._deal(frame, person, conversation)

    def _deal(self, frame: protocol.WhisperFrame, person: bytes, conversation: bytes) -> None:
        for outlet in self._outlets.looking_at(conversation):
            if outlet.person != person:
                outlet.whisper(frame)
