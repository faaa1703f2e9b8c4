"""What moved, told without content. Whoever commits tells the exchanges of its own process; they tell the
others. A hint may be lost, doubled or late: it only says where to look. No Django here."""

from collections.abc import Callable
from typing import Literal, NamedTuple

Sort = Literal["log", "person", "markers", "revoked"]

_ID = 32


class Hint(NamedTuple):
    """`key` is a conversation's or a person's id, of a marker the conversation's and the device's; `head`
    only grows."""

    sort: Sort
    key: bytes
    head: int


def of_marker(conversation: bytes, device: bytes, counter: int) -> Hint:
    return Hint("markers", conversation + device, counter)


def marked_by(key: bytes) -> tuple[bytes, bytes]:
    """The conversation and the device of a marker's hint."""
    return key[:_ID], key[_ID:]


Listener = Callable[[Hint], None]
_listeners: set[Listener] = set()


def listen(listener: Listener) -> None:
    _listeners.add(listener)


def stop_listening(listener: Listener) -> None:
    _listeners.discard(listener)


def tell(hint: Hint) -> None:
    """From any thread, after the commit. Never waits."""
    for listener in tuple(_listeners):
        listener(hint)
