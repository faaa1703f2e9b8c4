"""Every frame of the socket and every JSON body of the conversation routes (PROTOCOL.md H10 to H13, H18, F).

Frozen and strict; a field too many is refused. Bytes travel as base64url without padding. No Django here.
`manage.py export_protocol` writes the same for the client.
"""

from typing import Annotated, Final, Literal, get_args

from msgspec import Meta, Struct

from accounts.protocol import PROTOCOL, Answer, Body, Bytes16, KeyHead, b64, octets

__all__ = ["PROTOCOL", "b64", "octets"]

SUBPROTOCOL: Final = "colloque.1"
FRAME_BYTES: Final = 64 * 1024
EPOCH_BODY_BYTES: Final = 1024 * 1024
PAGE_BYTES: Final = 1024 * 1024
PAGE_ENTRIES: Final = 500
HELLO_HEADS: Final = 1000  # what fits into one frame; a conversation not named is read from its start
BEAT_SECONDS: Final = 25
CREDIT_FRAMES: Final = 64
CREDIT_BYTES: Final = 256 * 1024
MARKERS_BYTES: Final = 48 * 1024  # of one `markers` frame

CLOSE: Final[dict[str, int]] = {
    "bad_frames": 4400,
    "signed_out": 4401,
    "not_allowed": 4403,
    "stalled": 4408,
    "outdated": 4409,
    "too_many": 4429,
    "restarting": 1012,
}


def _text_of(size: int) -> int:
    """How many characters so many bytes take in base64url."""
    return (size * 4 + 2) // 3


# Ends with "nothing follows" instead of "$", which in Python lets a line break pass.
_SOME: Final = r"^[A-Za-z0-9_-]+(?![\s\S])"
# The last character of 32 bytes has two bits to spare: they are zero, so each hash is written in one way.
_HASH: Final = r"^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\s\S])"

Hash = Annotated[str, Meta(min_length=43, max_length=43, pattern=_HASH)]
Id32 = Annotated[str, Meta(min_length=32, max_length=32, pattern=r"^[0-9a-f]{32}(?![\s\S])")]
Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Seq = Annotated[int, Meta(ge=1, le=2**53 - 1)]
Message = Annotated[str, Meta(min_length=1, max_length=_text_of(40 * 1024), pattern=_SOME)]
EpochStatement = Annotated[str, Meta(min_length=1, max_length=_text_of(256 * 1024), pattern=_SOME)]
AnyEntry = EpochStatement
Marker = Annotated[str, Meta(min_length=1, max_length=_text_of(1024), pattern=_SOME)]
Wrap = Annotated[str, Meta(min_length=1, max_length=2048, pattern=_SOME)]
Kind = Literal["self", "direct", "team"]
Word = Literal["typing", "stopped"]
Cause = Literal["not_for_me", "altered", "malformed", "newer_version", "removed_by_host"]
Figure = Annotated[int, Meta(ge=0, le=1_000_000)]


def kind(text: str) -> Kind:
    match text:
        case "self" | "direct" | "team":
            return text
    raise ValueError(text)


class Frame(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type"):
    def __repr__(self) -> str:
        return type(self).__name__


# --- from the client --------------------------------------------------------------------------------


class Hello(Frame, frozen=True, tag="hello"):
    protocol: Count
    heads: Annotated[tuple[tuple[Hash, Count], ...], Meta(max_length=HELLO_HEADS)]


class Append(Frame, frozen=True, tag="append"):
    ref: Count
    conversation: Hash
    entry: Message


class Cursor(Frame, frozen=True, tag="cursor"):
    conversation: Hash
    seq: Count


class Beat(Frame, frozen=True, tag="beat"):
    ref: Count


class PutMarker(Frame, frozen=True, tag="marker"):
    ref: Count
    marker: Marker


class Look(Frame, frozen=True, tag="look"):
    conversation: Hash | None


class Whisper(Frame, frozen=True, tag="whisper"):
    conversation: Hash
    word: Word


class Present(Frame, frozen=True, tag="present"):
    on: bool


# --- from the server --------------------------------------------------------------------------------


class History(Answer, frozen=True):
    """T1; the moments are those of a restoration, null in the first history."""

    id: Bytes16
    restored: Count | None
    until: Count | None


class Welcome(Frame, frozen=True, tag="welcome"):
    now: Count
    history: History
    heads: tuple[tuple[Hash, Count, Hash], ...]


class Appended(Frame, frozen=True, tag="appended"):
    ref: Count
    conversation: Hash
    seq: Seq
    at: Count


class RefusedFrame(Frame, frozen=True, tag="refused"):
    ref: Count | None
    code: str
    retry_after: Count | None


class EntryFrame(Frame, frozen=True, tag="entry"):
    conversation: Hash
    seq: Seq
    at: Count
    entry: Message


class Behind(Frame, frozen=True, tag="behind"):
    conversation: Hash
    head: Count
    hash: Hash


class Gone(Frame, frozen=True, tag="gone"):
    conversation: Hash


class Heads(Frame, frozen=True, tag="heads"):
    ref: Count
    now: Count
    heads: tuple[tuple[Hash, Count, Hash], ...]


class Marked(Frame, frozen=True, tag="marked"):
    ref: Count


class MarkersFrame(Frame, frozen=True, tag="markers"):
    conversation: Hash
    markers: tuple[Marker, ...]


class WhisperFrame(Frame, frozen=True, tag="whisper"):
    conversation: Hash
    person: Id32
    word: Word


class Presence(Frame, frozen=True, tag="presence"):
    conversation: Hash
    persons: tuple[Id32, ...]


class PersonFrame(Frame, frozen=True, tag="person"):
    person: Id32
    chain: Hash
    head: KeyHead


FromClient = Hello | Append | Cursor | Beat | PutMarker | Look | Whisper | Present
FromServer = (
    Welcome
    | Appended
    | RefusedFrame
    | EntryFrame
    | Behind
    | Gone
    | Heads
    | Marked
    | MarkersFrame
    | WhisperFrame
    | Presence
    | PersonFrame
)


# --- HTTP -------------------------------------------------------------------------------------------


class PostEpoch(Body, frozen=True):
    conversation: Hash | None
    statement: EpochStatement
    wraps: Annotated[tuple[tuple[Hash, Wrap], ...], Meta(max_length=200)]


class GivenBack(Body, frozen=True):
    at: Count
    entry: AnyEntry
    wraps: Annotated[tuple[tuple[Hash, Wrap], ...], Meta(max_length=200)]


class GiveBackEntries(Body, frozen=True):
    history: Bytes16
    conversation: Hash
    after: Count
    entries: Annotated[tuple[GivenBack, ...], Meta(min_length=1, max_length=PAGE_ENTRIES)]


class ReadConversations(Body, frozen=True):
    pass


class ReadEntries(Body, frozen=True):
    conversation: Hash
    after: Count = 0
    limit: Annotated[int, Meta(ge=1, le=PAGE_ENTRIES)] = PAGE_ENTRIES


class ReadMarkers(Body, frozen=True):
    conversation: Hash


class PutFigures(Body, frozen=True):
    shown: Figure
    unreadable: Annotated[tuple[tuple[Cause, Figure], ...], Meta(max_length=len(get_args(Cause)))]


class EpochPosted(Answer, frozen=True):
    conversation: Hash
    seq: Seq
    at: Count


class EntriesTaken(Answer, frozen=True):
    """Where the log ends then."""

    head: Count
    hash: Hash


class Exists(Answer, frozen=True):
    """The refusal 409 `exists`: it says which conversation."""

    code: Literal["exists"]
    retry_after: None
    conversation: Hash


class Member(Answer, frozen=True):
    id: Id32
    chain: Hash


class Conversation(Answer, frozen=True):
    id: Hash
    kind: Kind
    head: Count
    hash: Hash
    start: tuple[Count, Hash]
    until: Seq | None
    persons: tuple[Member, ...]


class Conversations(Answer, frozen=True):
    now: Count
    conversations: tuple[Conversation, ...]


class EntryRow(Answer, frozen=True):
    seq: Seq
    at: Count
    entry: AnyEntry | None
    stub: Hash | None
    wrap: Wrap | None


class Entries(Answer, frozen=True):
    entries: tuple[EntryRow, ...]
    head: Count
    hash: Hash


class Markers(Answer, frozen=True):
    markers: tuple[Marker, ...]
