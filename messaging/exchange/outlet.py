"""An open socket as the exchange sees it: whose it is, how far it is, what it may still be sent."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

import msgspec

from accounts.caller import Caller
from accounts.limits import rate
from messaging import protocol
from messaging.exchange.credit import Credit
from messaging.exchange.rates import Bucket
from messaging.protocol import b64


class Close(Protocol):
    def __call__(self, code: int, last: str | None = None) -> None: ...


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
    persons: frozenset[bytes]


class Outlet:
    def __init__(self, caller: Caller, write: Callable[[str], None], close: Close) -> None:
        self.caller = caller
        self.session: int = caller.session.pk
        self.person: bytes = caller.person.pk.bytes
        self.device: bytes = caller.with_device()
        self.is_open = False  # from the welcome on
        self.looking_at: bytes | None = None
        self.credit = Credit()
        self.frames = Bucket(rate("frames_socket"))
        self._close = close
        self._write = write
        self._at: dict[bytes, int] = {}
        self._told: dict[bytes, int] = {}

    def send(self, frame: msgspec.Struct) -> None:
        self._write(_text(frame))

    def end(self, code: int, last: msgspec.Struct | None = None) -> None:
        """Says nothing more but this."""
        self.is_open = False
        self._close(code, _text(last) if last is not None else None)

    def open(self, positions: Iterable[tuple[bytes, int]], heads: Iterable[tuple[bytes, int, bytes]]) -> None:
        """What the welcome shows as ahead counts as told."""
        self._at.update(positions)
        self._told.update((conversation, head) for conversation, head, _ in heads)
        self.is_open = True

    def position(self, conversation: bytes) -> int:
        return self._at.get(conversation, 0)

    def offer(self, news: News) -> None:
        """Deals what comes exactly next, as far as the credit goes; for the rest says `behind`, once."""
        if not self.is_open:
            return
        for frame in news.frames:
            if frame.seq > self.position(news.conversation) and not self._deal(news.conversation, frame):
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
        if conversation not in self._at and conversation not in self._told:
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


def _text(frame: msgspec.Struct) -> str:
    return msgspec.json.encode(frame).decode()
