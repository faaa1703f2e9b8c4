"""What was said, and what each reader was shown: all that the checker knows."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

_NUMBERED = re.compile(r"(\S+) (\d+)\b")
ALWAYS = 2**53


@dataclass
class Said:
    """One numbered message. `taken` by the writer's client; None: it died before it could answer."""

    writer: str
    conversation: str
    number: int
    at: float
    taken: bool | None = True
    acknowledged: float | None = None  # when the writer saw "sent", or `appended` came
    seq: int | None = None
    late: float | None = None  # when the screen said that it is not sent yet
    is_watched: bool = True  # whether there was a screen all the time that could say so

    @property
    def name(self) -> str:
        return f"{self.writer} {self.number}"


class Line(NamedTuple):
    """`gap`: a visible mark in the place of something that is not shown; `queued`: not sent yet."""

    seq: int | None
    text: str | None
    kind: Literal["text", "gap", "queued"] = "text"

    @property
    def name(self) -> str | None:
        """Of a numbered message: its writer and its number."""
        found = _NUMBERED.match(self.text or "")
        return found.group(0) if found else None


@dataclass(frozen=True)
class Transcript:
    """What one reader was shown of one conversation; they may read `first` to `last`, an outsider nothing."""

    reader: str
    conversation: str
    lines: tuple[Line, ...]
    first: int = 1
    last: int = ALWAYS

    @property
    def names(self) -> list[str]:
        """The numbered messages that are in the log, as shown."""
        return [line.name for line in self.lines if line.kind == "text" and line.name is not None]


@dataclass
class Record:
    """One run, as it was seen from outside."""

    said: list[Said] = field(default_factory=list)
    shown: list[Transcript] = field(default_factory=list)  # at the end, one a reader and conversation
    glimpses: list[Transcript] = field(default_factory=list)  # under way: may be shorter, never wrong
    outsiders: list[Transcript] = field(default_factory=list)
    log: dict[str, set[int]] = field(default_factory=dict)  # the places that the database has
    ended: float = 0.0  # when the fault was over
    settled: float | None = None  # when all readers agreed; None: never
    within: float = 15.0

    @property
    def acknowledged(self) -> int:
        return sum(one.acknowledged is not None for one in self.said)


def outsider(reader: str, conversation: str, lines: Iterable[Line] = ()) -> Transcript:
    return Transcript(reader, conversation, tuple(lines), first=1, last=0)


def by_conversation(transcripts: Iterable[Transcript]) -> Iterator[tuple[str, list[Transcript]]]:
    found: dict[str, list[Transcript]] = {}
    for one in transcripts:
        found.setdefault(one.conversation, []).append(one)
    yield from found.items()
