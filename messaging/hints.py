"""What moved, told without content. Whoever commits tells the exchanges of its own process; they tell the
others. A hint may be lost, doubled or late: it only says where to look. No Django here."""

from collections.abc import Callable
from typing import Literal, NamedTuple

Sort = Literal["log", "person", "markers", "revoked"]


class Hint(NamedTuple):
    """`key` is a conversation's or a person's id; `head` only grows."""

    sort: Sort
    key: bytes
    head: int


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
