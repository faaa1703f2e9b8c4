"""What a reader sees of a log: texts with edits and reactions, and the title (PROTOCOL.md M11 to M14)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from messaging.client.contents import Content, Edit, React, Retract, Text, Title
from messaging.envelopes import Message
from messaging.epochs import Epoch


@dataclass(slots=True, repr=False)
class Shown:
    """One text as it stands."""

    chain: bytes
    text: str | None  # None once it was retracted
    quote: bytes | None
    mentions: tuple[bytes, ...]
    is_edited: bool = False
    reactions: dict[bytes, str] = field(default_factory=dict)  # by chain

    def __repr__(self) -> str:
        return "Shown(..)"


@dataclass(slots=True)
class Conversation:
    texts: dict[bytes, Shown] = field(default_factory=dict, repr=False)
    title: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Said:
    """An accepted message that opened, under the epoch it names."""

    message: Message
    epoch: Epoch
    content: Content


def show(said: Iterable[Said]) -> Conversation:
    """In the order of the log."""
    conversation = Conversation()
    for one in said:
        _APPLY[type(one.content)](conversation, one)
    return conversation


def _text(shown: Conversation, said: Said) -> None:
    content = said.content
    assert isinstance(content, Text)
    mentions = _present(content.mentions, said.epoch)
    shown.texts[said.message.hash] = Shown(said.message.person, content.text, content.quote, mentions)


def _edit(shown: Conversation, said: Said) -> None:
    content = said.content
    assert isinstance(content, Edit)
    target = _own_target(shown, said, content.target)
    if target is not None:
        target.text, target.is_edited = content.text, True
        target.mentions = _present(content.mentions, said.epoch)


def _retract(shown: Conversation, said: Said) -> None:
    content = said.content
    assert isinstance(content, Retract)
    target = _own_target(shown, said, content.target)
    if target is not None:
        target.text, target.mentions = None, ()
        target.reactions.clear()


def _react(shown: Conversation, said: Said) -> None:
    content = said.content
    assert isinstance(content, React)
    target = shown.texts.get(content.target)
    if target is None or target.text is None:
        return
    target.reactions.pop(said.message.person, None)
    if content.sign is not None:
        target.reactions[said.message.person] = content.sign


def _title(shown: Conversation, said: Said) -> None:
    content, row = said.content, said.epoch.row_of(said.message.person)
    assert isinstance(content, Title)
    if row is not None and row.role == "coordinator":
        shown.title = content.title


def _own_target(shown: Conversation, said: Said, target: bytes) -> Shown | None:
    """Of the same chain id, and not retracted."""
    found = shown.texts.get(target)
    mine = found is not None and found.chain == said.message.person and found.text is not None
    return found if mine else None


def _present(mentions: Iterable[bytes], epoch: Epoch) -> tuple[bytes, ...]:
    return tuple(chain for chain in mentions if epoch.row_of(chain) is not None)


_APPLY: Final[dict[type, Callable[[Conversation, Said], None]]] = {
    Text: _text,
    Edit: _edit,
    Retract: _retract,
    React: _react,
    Title: _title,
}
