"""What a message says once it is open, as typed values (PROTOCOL.md M6, M11 to M14)."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from accounts import shapes
from accounts.codec import Malformed, Value, encode
from accounts.errors import Refused
from messaging.client.messages import TooLong, Unreadable, read_fields

TEXT: Final = 8000
MENTIONS: Final = 50
TITLE: Final = 80
SIGNS: Final = ("agree", "thanks", "seen", "heart", "smile", "question")

Fields = Mapping[str, Value]


class _Silent:
    """What people write never prints."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(..)"


@dataclass(frozen=True, slots=True, repr=False)
class Text(_Silent):
    text: str
    quote: bytes | None
    mentions: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Edit(_Silent):
    target: bytes
    text: str
    mentions: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Retract(_Silent):
    target: bytes


@dataclass(frozen=True, slots=True, repr=False)
class React(_Silent):
    target: bytes
    sign: str | None


@dataclass(frozen=True, slots=True, repr=False)
class Title(_Silent):
    title: str


Content = Text | Edit | Retract | React | Title


def read_content(content: bytes, conversation: str) -> Content:
    """Of a conversation of this kind, other than `self`; raises Unreadable."""
    kind, fields = read_fields(content)
    if kind not in _READERS or (kind == "title" and conversation != "team") or conversation == "self":
        raise Unreadable("newer_version")
    try:
        return _READERS[kind](fields)
    except Refused as refused:
        raise Unreadable("malformed") from refused


def read_text(content: bytes) -> Text:
    """Raises Unreadable, for another kind too."""
    read = read_content(content, "direct")
    if not isinstance(read, Text):
        raise Unreadable("newer_version")
    return read


def write_text(text: str, quote: bytes | None = None, mentions: Sequence[bytes] = ()) -> bytes:
    _check_size(text, TEXT)
    return encode({"kind": "text", "text": text, "quote": quote, "mentions": sorted(mentions)})


def write_edit(target: bytes, text: str, mentions: Sequence[bytes] = ()) -> bytes:
    _check_size(text, TEXT)
    return encode({"kind": "edit", "target": target, "text": text, "mentions": sorted(mentions)})


def write_retract(target: bytes) -> bytes:
    return encode({"kind": "retract", "target": target})


def write_react(target: bytes, sign: str | None) -> bytes:
    return encode({"kind": "react", "target": target, "sign": sign})


def write_title(title: str) -> bytes:
    _check_size(title, TITLE)
    return encode({"kind": "title", "title": title})


def _text(fields: Fields) -> Text:
    row = shapes.fields(fields, frozenset({"kind", "text", "quote", "mentions"}))
    quote = shapes.perhaps(shapes.digest, row["quote"])
    return Text(_words(row["text"], TEXT), quote, _mentions(row["mentions"]))


def _edit(fields: Fields) -> Edit:
    row = shapes.fields(fields, frozenset({"kind", "target", "text", "mentions"}))
    target = shapes.digest(row["target"])
    return Edit(target, _words(row["text"], TEXT), _mentions(row["mentions"]))


def _retract(fields: Fields) -> Retract:
    return Retract(shapes.digest(shapes.fields(fields, frozenset({"kind", "target"}))["target"]))


def _react(fields: Fields) -> React:
    row = shapes.fields(fields, frozenset({"kind", "target", "sign"}))
    sign = shapes.perhaps(shapes.text, row["sign"])
    if sign is not None and sign not in SIGNS:
        raise Malformed
    return React(shapes.digest(row["target"]), sign)


def _title(fields: Fields) -> Title:
    title = _words(shapes.fields(fields, frozenset({"kind", "title"}))["title"], TITLE)
    if any(unicodedata.category(letter) == "Cc" for letter in title):
        raise Malformed
    return Title(title)


def _words(value: Value, most: int) -> str:
    words = shapes.text(value)
    if not 1 <= len(words) <= most:
        raise Malformed
    return words


def _mentions(value: Value) -> tuple[bytes, ...]:
    chains = tuple(shapes.digest(chain) for chain in shapes.array(value))
    if len(chains) > MENTIONS or any(low >= high for low, high in pairwise(chains)):
        raise Malformed
    return chains


def _check_size(words: str, most: int) -> None:
    if not 1 <= len(words) <= most:
        raise TooLong


_READERS: Final[Mapping[str, Callable[[Fields], Content]]] = {
    "text": _text,
    "edit": _edit,
    "retract": _retract,
    "react": _react,
    "title": _title,
}
