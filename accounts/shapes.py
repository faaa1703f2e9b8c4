"""Readers of decoded values: each gives the thing with its exact type or refuses as malformed (C7, C8)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple, TypeVar

from accounts.codec import Malformed, Value

T = TypeVar("T")

LAST_TIME: Final = 253_402_300_799  # the last second of the year 9999
HASH: Final = 32


class Position(NamedTuple):
    """A place in a log or a key log, with the hash there."""

    n: int
    hash: bytes


def fields(value: Value, names: frozenset[str]) -> Mapping[str, Value]:
    if not isinstance(value, Mapping) or value.keys() != names:
        raise Malformed
    return value


def integer(value: Value) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Malformed
    return value


def octets(value: Value, size: int | None = None) -> bytes:
    if not isinstance(value, bytes) or (size is not None and len(value) != size):
        raise Malformed
    return value


def digest(value: Value) -> bytes:
    return octets(value, HASH)


def text(value: Value) -> str:
    if not isinstance(value, str):
        raise Malformed
    return value


def boolean(value: Value) -> bool:
    if not isinstance(value, bool):
        raise Malformed
    return value


def time(value: Value) -> int:
    seconds = integer(value)
    if seconds > LAST_TIME:
        raise Malformed
    return seconds


def array(value: Value, size: int | None = None) -> Sequence[Value]:
    if not isinstance(value, list) or (size is not None and len(value) != size):
        raise Malformed
    return value


def position(value: Value) -> Position:
    n, hash = array(value, 2)
    return Position(integer(n), digest(hash))


def nothing(value: Value) -> None:
    if value is not None:
        raise Malformed


def perhaps(read: Callable[[Value], T], value: Value) -> T | None:
    return None if value is None else read(value)
