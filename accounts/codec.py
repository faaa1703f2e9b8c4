"""The one encoding of everything that is signed, hashed or sealed: a strict subset of CBOR (PROTOCOL.md C).

General CBOR libraries decode loosely and disagree with each other; here one value has exactly one encoding.
"""

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from accounts.errors import Refused

Value: TypeAlias = "int | bytes | str | bool | Sequence[Value] | Mapping[str, Value] | None"

LARGEST: Final = 2**53 - 1  # what a JavaScript number holds exactly
DEPTH: Final = 8
_INTEGER, _BYTES, _TEXT, _ARRAY, _MAP = 0, 2, 3, 4, 5
_SIMPLE: Final[dict[int, bool | None]] = {0xF4: False, 0xF5: True, 0xF6: None}


class Malformed(Refused):
    def __init__(self) -> None:
        super().__init__("malformed")


def encode(value: Value, depth: int = 0) -> bytes:
    match value:
        case None:
            return b"\xf6"
        case bool():
            return b"\xf5" if value else b"\xf4"
        case int():
            return _head(_INTEGER, value)
        case bytes():
            return _head(_BYTES, len(value)) + value
        case str():
            text = _utf8(value)
            return _head(_TEXT, len(text)) + text
        case Mapping():
            depth = _inside(depth)
            rows = sorted((encode(key), encode(held, depth)) for key, held in value.items())
            return _head(_MAP, len(rows)) + b"".join(key + held for key, held in rows)
        case Sequence():
            depth = _inside(depth)
            return _head(_ARRAY, len(value)) + b"".join(encode(held, depth) for held in value)
    raise Malformed


def decode(data: bytes, limit: int) -> Value:
    """Raises Malformed for anything but the one encoding of a value, and for more than `limit` bytes."""
    if len(data) > limit:
        raise Malformed
    value, end = _read(data, 0, 0)
    if end != len(data):
        raise Malformed
    return value


def _head(major: int, number: int) -> bytes:
    if not 0 <= number <= LARGEST:
        raise Malformed
    if number < 24:
        return bytes((major << 5 | number,))
    power = (number > 0xFF) + (number > 0xFFFF) + (number > 0xFFFF_FFFF)
    return bytes((major << 5 | 24 + power,)) + number.to_bytes(1 << power, "big")


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as surrogate:
        raise Malformed from surrogate


def _inside(depth: int) -> int:
    if depth >= DEPTH:
        raise Malformed
    return depth + 1


def _read(data: bytes, at: int, depth: int) -> tuple[Value, int]:
    if at < len(data) and data[at] in _SIMPLE:
        return _SIMPLE[data[at]], at + 1
    major, number, at = _read_head(data, at)
    match major:
        case 0:
            return number, at
        case 2 | 3:
            taken = _take(data, at, number)
            return (taken if major == _BYTES else _text(taken)), at + number
        case 4:
            return _read_array(data, at, number, _inside(depth))
        case 5:
            return _read_map(data, at, number, _inside(depth))
    raise Malformed


def _read_head(data: bytes, at: int) -> tuple[int, int, int]:
    first = _take(data, at, 1)[0]
    major, number = first >> 5, first & 31
    if number < 24:
        return major, number, at + 1
    if number > 27:
        raise Malformed
    size = 1 << (number - 24)
    number = int.from_bytes(_take(data, at + 1, size), "big")
    shortest = 24 if size == 1 else 1 << (4 * size)
    if not shortest <= number <= LARGEST:
        raise Malformed
    return major, number, at + 1 + size


def _take(data: bytes, at: int, size: int) -> bytes:
    if size > len(data) - at:
        raise Malformed
    return data[at : at + size]


def _text(taken: bytes) -> str:
    try:
        return taken.decode()
    except UnicodeDecodeError as wrong:
        raise Malformed from wrong


def _read_array(data: bytes, at: int, count: int, depth: int) -> tuple[Value, int]:
    # Every element takes a byte at least: a count beyond the input is refused before anything is made.
    if count > len(data) - at:
        raise Malformed
    held: list[Value] = []
    for _ in range(count):
        value, at = _read(data, at, depth)
        held.append(value)
    return held, at


def _read_map(data: bytes, at: int, count: int, depth: int) -> tuple[Value, int]:
    if 2 * count > len(data) - at:
        raise Malformed
    held: dict[str, Value] = {}
    before = b""
    for _ in range(count):
        key, end = _read(data, at, depth)
        if not isinstance(key, str) or data[at:end] <= before:
            raise Malformed
        before = data[at:end]
        held[key], at = _read(data, end, depth)
    return held, at
