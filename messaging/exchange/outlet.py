"""An open socket as the exchange sees it: whose it is, how far it is, what it may still be sent."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from accounts.caller import Caller
from accounts.limits import rate
from messaging import protocol
from messaging.exchange.credit import Credit
from messaging.exchange.rates import Bucket
from messaging.protocol import b64


@dataclass(frozen=True, slots=True)
class Frame:
    """An entry encoded once for every socket; an epoch has no text, it is always pulled."""

    seq: int
    text: str | None


@dataclass(frozen=True, slots=True)
class News:
    """What one conversation has that was not dealt yet, and for whom."""

    conversation: bytes
    head: int
    hash: bytes
    frames: tuple[Frame, ...]
    moved: datetime  # when the head got its place
    persons: Mapping[bytes, int]  # each with the place from which on they are in


class Outlet:
    def __init__(self, caller: Caller, write: Callable[[str], None], close: Callable[[int], None]) -> None:
        self.caller = caller
        self.session: int = caller.session.pk
        self.person: bytes = caller.person.pk.bytes
        self.device: bytes = caller.with_device()
        self.is_open = False  # from the welcome on
        self.looking_at: bytes | None = None
        self.credit = Credit()
        self.frames = Bucket(rate("frames_socket"))
        self._whispers = Bucket(rate("whispers_socket"))
        self._presence: protocol.Presence | None = None  # as it was last told
        self.close = close
        self._write = write
        self._at: dict[bytes, int] = {}
        self._told: dict[bytes, int] = {}

    def send(self, frame: msgspec.Struct) -> None:
        self._write(msgspec.json.encode(frame).decode())

    def write(self, text: str) -> None:
        """What was encoded once for several."""
        self._write(text)

    def look(self, conversation: bytes | None) -> None:
        """By `Outlets`, which finds it again by that."""
        self.looking_at = conversation
        self._presence = None

    def whisper(self, text: str) -> None:
        if not self._whispers.take():
            self._write(text)

    def show_presence(self, frame: protocol.Presence) -> None:
        if frame != self._presence:
            self._presence = frame
            self.send(frame)

    def open(self, positions: Iterable[tuple[bytes, int]], heads: Iterable[tuple[bytes, int, bytes]]) -> None:
        """What the welcome shows as ahead counts as told."""
        self._at.update(positions)
        self._told.update((conversation, head) for conversation, head, _ in heads)
        self.is_open = True

    def is_in(self, conversation: bytes) -> bool:
        """As far as this process heard."""
        return conversation in self._at or conversation in self._told

    def part(self, conversation: bytes) -> None:
        """Nothing of it follows; what was under way is owed no more (F12)."""
        if self.is_in(conversation):
            self.credit.give_back(conversation, self._at.pop(conversation, 0))
            self._told.pop(conversation, None)
            if self.is_open:
                self.send(protocol.Gone(b64(conversation)))

    def position(self, conversation: bytes) -> int:
        return self._at.get(conversation, 0)

    def offer(self, news: News) -> None:
        """Deals what comes exactly next, as far as the credit goes; for the rest says `behind`, once."""
        if not self.is_open:
            return
        joined = news.persons[self.person]
        for frame in news.frames:
            if frame.seq <= self.position(news.conversation):
                continue
            if frame.seq < joined or not self._deal(news.conversation, frame):
                break
        self.remind(news.conversation, news.head, news.hash)

    def remind(self, conversation: bytes, head: int, log_hash: bytes) -> None:
        """Told once until the cursor gets there: then what came meanwhile is told."""
        at = self.position(conversation)
        if at >= head or self._told.get(conversation, 0) > at:
            return
        self._told[conversation] = head
        self.send(protocol.Behind(b64(conversation), head, b64(log_hash)))

    def move(self, conversation: bytes, seq: int) -> bool:
        """False for a conversation that is none of theirs: nothing is kept for it and nothing told of it."""
        if not self.is_in(conversation):
            return False
        self.credit.give_back(conversation, seq)
        if seq > self.position(conversation):
            self._at[conversation] = seq
        return True

    def _deal(self, conversation: bytes, frame: Frame) -> bool:
        at = self.position(conversation)
        if frame.text is None or frame.seq != at + 1 or self._told.get(conversation, 0) > at:
            return False  # told that it is behind, it is pulling: nothing comes twice
        if not self.credit.allows(len(frame.text)):
            return False
        self.credit.take(conversation, frame.seq, len(frame.text))
        self._at[conversation] = frame.seq
        self._write(frame.text)
        return True
