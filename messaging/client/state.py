"""What a person notes for their own devices in the `self` conversation (PROTOCOL.md S)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from accounts import shapes
from accounts.codec import Malformed, Value, encode
from accounts.errors import Refused
from messaging.client.messages import Unreadable, read_fields

ROWS: Final = 200
PERSON: Final = 16
_FIELDS: Final = frozenset({"kind", "pins", "verified", "checked", "secrets", "muted"})


class Pin(NamedTuple):
    person: bytes
    chain: bytes
    n: int
    hash: bytes


class Verified(NamedTuple):
    chain: bytes
    is_verified: bool


class Checked(NamedTuple):
    conversation: bytes
    epoch: int
    epoch_hash: bytes
    seq: int
    hash: bytes


class Secret(NamedTuple):
    conversation: bytes
    epoch: int
    secret: bytes


class Muted(NamedTuple):
    conversation: bytes
    is_muted: bool


@dataclass(frozen=True, slots=True)
class State:
    pins: tuple[Pin, ...] = ()
    verified: tuple[Verified, ...] = ()
    checked: tuple[Checked, ...] = ()
    secrets: tuple[Secret, ...] = field(default=(), repr=False)
    muted: tuple[Muted, ...] = ()


def write_state(state: State) -> bytes:
    return encode(
        {
            "kind": "state",
            "pins": state.pins,
            "verified": state.verified,
            "checked": state.checked,
            "secrets": state.secrets,
            "muted": state.muted,
        }
    )


def read_state(content: bytes) -> State:
    """Raises Unreadable."""
    kind, value = read_fields(content)
    if kind != "state":
        raise Unreadable("newer_version")
    try:
        row = shapes.fields(value, _FIELDS)
        return State(
            tuple(_pin(held) for held in _rows(row["pins"])),
            tuple(_verified(held) for held in _rows(row["verified"])),
            tuple(_checked(held) for held in _rows(row["checked"])),
            tuple(_secret(held) for held in _rows(row["secrets"])),
            tuple(_muted(held) for held in _rows(row["muted"])),
        )
    except Refused as refused:
        raise Unreadable("malformed") from refused


def _rows(value: Value) -> Sequence[Value]:
    rows = shapes.array(value)
    if len(rows) > ROWS:
        raise Malformed
    return rows


def _pin(value: Value) -> Pin:
    person, chain, n, hash = shapes.array(value, 4)
    return Pin(shapes.octets(person, PERSON), shapes.digest(chain), shapes.integer(n), shapes.digest(hash))


def _verified(value: Value) -> Verified:
    chain, mark = shapes.array(value, 2)
    return Verified(shapes.digest(chain), shapes.boolean(mark))


def _checked(value: Value) -> Checked:
    conversation, epoch, epoch_hash, seq, hash = shapes.array(value, 5)
    return Checked(
        shapes.digest(conversation),
        shapes.integer(epoch),
        shapes.digest(epoch_hash),
        shapes.integer(seq),
        shapes.digest(hash),
    )


def _secret(value: Value) -> Secret:
    conversation, epoch, secret = shapes.array(value, 3)
    return Secret(shapes.digest(conversation), shapes.integer(epoch), shapes.octets(secret, 32))


def _muted(value: Value) -> Muted:
    conversation, mark = shapes.array(value, 2)
    return Muted(shapes.digest(conversation), shapes.boolean(mark))
