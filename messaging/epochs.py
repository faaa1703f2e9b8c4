"""Epoch statements as typed values (PROTOCOL.md E1 to E9): shape only. What they may change: `roster`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from accounts import shapes
from accounts.codec import Malformed, Value, decode
from accounts.objects import LIMITS, H, SignedObject
from accounts.shapes import Position

FIELDS: Final = frozenset(
    (
        "conversation",
        "number",
        "prev",
        "founding",
        "roster",
        "change",
        "secret_commit",
        "seen",
        "retention",
        "at",
    )
)
FOUNDING: Final = frozenset({"kind", "organisation", "patient"})
ROW: Final = frozenset(
    ("chain", "kind", "head", "generation", "wrap", "role", "by", "since", "until", "paused", "inside")
) | {"basis", "sessions"}
ORGANISATION: Final = 16


@dataclass(frozen=True, slots=True)
class Founding:
    kind: str
    organisation: bytes


@dataclass(frozen=True, slots=True)
class Row:
    chain: bytes
    kind: str
    head: Position
    generation: int
    wrap: bytes | None
    role: str
    by: bytes
    since: int
    paused: bool
    later: tuple[Value, ...]  # until, inside, basis, sessions: not offered yet, held to a neutral value


@dataclass(frozen=True, slots=True)
class Epoch:
    signed: SignedObject
    conversation: bytes | None
    number: int
    prev: bytes | None
    founding: Founding
    roster: tuple[Row, ...]
    change: Sequence[Value]
    secret_commit: bytes
    seen: Position | None
    retention: Value
    at: int

    @property
    def hash(self) -> bytes:
        return self.signed.hash

    @property
    def signer(self) -> bytes:
        return self.signed.signer

    @property
    def kind(self) -> str:
        """Of the conversation: every epoch says it again (E1)."""
        return self.founding.kind

    def row_of(self, chain: bytes) -> Row | None:
        return next((row for row in self.roster if row.chain == chain), None)


def read_epoch(signed: SignedObject) -> Epoch:
    row = shapes.fields(decode(signed.body, LIMITS["epoch"]), FIELDS)
    epoch = Epoch(
        signed=signed,
        conversation=shapes.perhaps(shapes.digest, row["conversation"]),
        number=shapes.integer(row["number"]),
        prev=shapes.perhaps(shapes.digest, row["prev"]),
        founding=_founding(row["founding"]),
        roster=tuple(_row(held) for held in shapes.array(row["roster"])),
        change=shapes.array(row["change"]),
        secret_commit=shapes.digest(row["secret_commit"]),
        seen=shapes.perhaps(shapes.position, row["seen"]),
        retention=row["retention"],
        at=shapes.time(row["at"]),
    )
    _check_beginning(epoch)
    return epoch


def wrap_hash(sealed: bytes) -> bytes:
    return H("sealed-wrap", sealed)


def secret_commit(number: int, prev: bytes | None, secret: bytes) -> bytes:
    return H("epoch", number, prev, secret)


def _check_beginning(epoch: Epoch) -> None:
    """Epoch 0 points nowhere, a later one everywhere (E1, E2)."""
    first = epoch.number == 0
    if any((pointer is None) != first for pointer in (epoch.conversation, epoch.prev, epoch.seen)):
        raise Malformed


def _founding(value: Value) -> Founding:
    row = shapes.fields(value, FOUNDING)
    shapes.nothing(row["patient"])
    return Founding(shapes.text(row["kind"]), shapes.octets(row["organisation"], ORGANISATION))


def _row(value: Value) -> Row:
    row: Mapping[str, Value] = shapes.fields(value, ROW)
    return Row(
        chain=shapes.digest(row["chain"]),
        kind=shapes.text(row["kind"]),
        head=shapes.position(row["head"]),
        generation=shapes.integer(row["generation"]),
        wrap=shapes.perhaps(shapes.digest, row["wrap"]),
        role=shapes.text(row["role"]),
        by=shapes.digest(row["by"]),
        since=shapes.time(row["since"]),
        paused=shapes.boolean(row["paused"]),
        later=(row["until"], row["inside"], row["basis"], row["sessions"]),
    )
