"""Inputs near to good ones, and far from any: the same in every run of one seed."""

import json
import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from accounts.codec import Value, decode, encode
from accounts.errors import Refused

_MOST = 300_000  # what is larger is refused by its size, before anything reads it
_HOSTILE: tuple[Any, ...] = (
    None, True, False, -1, 0, 1, 1.5, -0.0, 1e308, float("nan"), 2**53 - 1, 2**53, 2**64, -(2**63), 10**400,
    "", " ", "\0", "\ud800", "\udfff\ud800", "é", "__proto__", "constructor", "A" * 43, "0" * 32, "=" * 43,
    [], [[]], [None] * 300, {}, {"__proto__": {"type": "beat"}}, {"type": "hello"}, {"": ""},
)  # fmt: skip
_HOSTILE_VALUES: tuple[Value, ...] = (
    None, True, False, 0, 1, 23, 24, 2**32, 2**53 - 1, "", "\0", "__proto__", "é" * 40, b"", bytes(32),
    bytes(64), b"\xff" * 32, [], [[]], [0] * 300, {}, {"__proto__": 1}, {"kind": "text"}, [[[[[[[0]]]]]]],
)  # fmt: skip


class Mutations:
    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def octets(self, corpus: Sequence[bytes]) -> bytes:
        """Bytes that somebody signed or sealed: torn, flipped, spliced, or another value in good form."""
        data = self._chance.choice(corpus)
        sort = self._chance.random()
        if sort < 0.05:
            return self._noise()
        if sort < 0.5:
            data = self._rewritten(data)
        for _ in range(self._chance.randrange(0 if sort < 0.4 else 1, 4)):
            data = self._torn(data, corpus)
        return data[:_MOST]

    def json(self, corpus: Sequence[Mapping[str, Any]]) -> bytes:
        """A body or a frame: fields gone, of another type, twice, too many, too deep; then torn."""
        sort = self._chance.random()
        if sort < 0.05:
            return self._noise()
        if sort < 0.08:
            return self._deep()
        good: Any = self._chance.choice(corpus)
        for _ in range(self._chance.randrange(0 if sort > 0.85 else 1, 4)):
            good = self._otherwise(good, _HOSTILE)
        text = json.dumps(good, ensure_ascii=self._chance.random() < 0.5, separators=(",", ":"))
        data = text.encode("utf-8", "surrogatepass")
        if sort < 0.2:
            data = self._twice(data)
        return self._torn(data, [data]) if sort > 0.7 else data

    def text(self, corpus: Sequence[str]) -> str:
        """What a person typed or a machine wrote in letters."""
        text = self._torn(
            self._chance.choice(corpus).encode("utf-8", "surrogatepass"), [b"-", b"\0", b"\xff"]
        )
        return text.decode("utf-8", self._chance.choice(["replace", "surrogateescape", "ignore"]))

    def tree(self, good: Mapping[str, Any]) -> Any:
        return self._otherwise(good, _HOSTILE)

    def _noise(self) -> bytes:
        return self._chance.randbytes(self._chance.randrange(0, 400))

    def _deep(self) -> bytes:
        opened = self._chance.choice([b"[", b'{"a":', b'{"type":"hello","heads":[['])
        return opened * self._chance.choice([40, 2_000, 60_000 // len(opened)])

    def _twice(self, data: bytes) -> bytes:
        """The first field once more, with what an attacker would like it to be."""
        name = data[1 : data.find(b":")] if b":" in data else b'""'
        other = json.dumps(self._chance.choice(_HOSTILE)).encode()
        return b"{" + name + b":" + other + b"," + data[1:]

    def _torn(self, data: bytes, corpus: Sequence[bytes]) -> bytes:
        at = self._chance.randrange(len(data) + 1)
        match self._chance.randrange(6):
            case 0:
                return data[:at]
            case 1:
                return data[:at] + self._chance.randbytes(self._chance.randrange(1, 5)) + data[at:]
            case 2:
                return data[:at] + data[at + self._chance.randrange(1, 9) :]
            case 3:
                other = self._chance.choice(corpus)
                return data[:at] + other[self._chance.randrange(len(other) + 1) :]
            case 4 if at < len(data):
                return data[:at] + bytes([self._chance.randrange(256)]) + data[at + 1 :]
        return (
            data[:at] + bytes([data[at] ^ 1 << self._chance.randrange(8)]) + data[at + 1 :]
            if data[at:]
            else data
        )

    def _rewritten(self, data: bytes) -> bytes:
        """Read, changed somewhere inside, and written again in the one good form."""
        try:
            return encode(self._otherwise(decode(data, _MOST), _HOSTILE_VALUES))
        except (Refused, RecursionError):
            return self._torn(data, [data])

    def _otherwise(self, value: Any, hostile: Sequence[Any]) -> Any:
        if self._chance.random() < 0.25:
            return self._chance.choice(hostile)
        if isinstance(value, bytes):
            return self._rewritten(value) if value and self._chance.random() < 0.8 else bytes(len(value))
        changed = self._in_map if isinstance(value, Mapping) else self._in_list
        is_inside = isinstance(value, Mapping | list | tuple) and value
        return changed(value, hostile) if is_inside else self._chance.choice(hostile)

    def _in_map(self, value: Mapping[str, Any], hostile: Sequence[Any]) -> dict[str, Any]:
        name = self._chance.choice(sorted(value))
        match self._chance.randrange(6):
            case 0:
                return {other: held for other, held in value.items() if other != name}
            case 1:
                return {**value, self._chance.choice(["__proto__", "more", "", name + "\0"]): 1}
        return {**value, name: self._otherwise(value[name], hostile)}

    def _in_list(self, value: Sequence[Any], hostile: Sequence[Any]) -> list[Any]:
        at = self._chance.randrange(len(value))
        held: Callable[[], Any] = lambda: self._otherwise(value[at], hostile)  # noqa: E731
        match self._chance.randrange(5):
            case 0:
                return [*value[:at], *value[at + 1 :]]
            case 1:
                return [*value[:at], value[at], *value[at:]]
            case 2:
                return list(reversed(value))
        return [*value[:at], held(), *value[at + 1 :]]
