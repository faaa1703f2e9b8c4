"""What the log sees of a message: header, commitment and size, never the content (PROTOCOL.md M1, L)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from accounts import shapes
from accounts.codec import Malformed, Value, decode, encode
from accounts.objects import LIMITS, SIGNATURE, SUITE, SignedObject, object_hash, outline
from accounts.shapes import Position
from messaging.epochs import Epoch, read_epoch
from messaging.errors import LogRefused

ENVELOPE: Final = frozenset({"header", "commit", "body"})
LEAVE: Final = frozenset({"header"})
HEADER: Final = frozenset(
    ("conversation", "epoch", "epoch_hash", "person", "device", "device_seq", "prev_own", "seen", "head")
) | {"client_id", "class"}
SUSPENDED: Final = frozenset({"conversation", "chain", "at"})
CLIENT_ID: Final = 16
SUSPENDED_BYTES: Final = 1024


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Sent:
    """What a person's device says in the log: the header that every such entry bears (M1)."""

    signed: SignedObject
    header: bytes
    conversation: bytes
    epoch: int
    epoch_hash: bytes
    person: bytes
    device: bytes
    device_seq: int
    prev_own: bytes | None
    seen: Position
    head: Position
    client_id: bytes

    @property
    def hash(self) -> bytes:
        return self.signed.hash

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.hash.hex()[:12]})"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Message(Sent):
    commit: bytes
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Leave(Sent):
    """The person of the header goes (L11)."""


@dataclass(frozen=True, slots=True)
class Suspended:
    hash: bytes
    conversation: bytes
    chain: bytes
    at: int


Entry = Epoch | Message | Leave | Suspended


def read_entry(data: bytes) -> Entry:
    """Raises Refused: `malformed` or `newer_version`."""
    label, body, signer, signature = outline(decode(data, LIMITS["epoch"]))
    if label == "suspended":
        return _read_suspended(data, body, (signer, signature))
    if label not in _READERS:
        raise LogRefused("newer_version")
    if len(data) > LIMITS[label]:
        raise Malformed
    signed = SignedObject(
        label,
        shapes.octets(body),
        shapes.digest(signer),
        shapes.octets(signature, SIGNATURE),
        object_hash(data),
    )
    return _READERS[label](signed)


def read_message(signed: SignedObject) -> Message:
    envelope = shapes.fields(decode(signed.body, LIMITS["message"]), ENVELOPE)
    return Message(
        commit=shapes.digest(envelope["commit"]),
        body=shapes.octets(envelope["body"]),
        **_header(signed, envelope["header"]),  # type: ignore[arg-type]
    )


def read_leave(signed: SignedObject) -> Leave:
    envelope = shapes.fields(decode(signed.body, LIMITS["leave"]), LEAVE)
    return Leave(**_header(signed, envelope["header"]))  # type: ignore[arg-type]


def _header(signed: SignedObject, value: Value) -> dict[str, object]:
    header = shapes.octets(value)
    row = shapes.fields(decode(header, LIMITS["message"]), HEADER)
    shapes.nothing(row["class"])
    if row["device"] != signed.signer or row["device_seq"] == 0:
        raise Malformed
    return {
        "signed": signed,
        "header": header,
        "conversation": shapes.digest(row["conversation"]),
        "epoch": shapes.integer(row["epoch"]),
        "epoch_hash": shapes.digest(row["epoch_hash"]),
        "person": shapes.digest(row["person"]),
        "device": shapes.digest(row["device"]),
        "device_seq": shapes.integer(row["device_seq"]),
        "prev_own": shapes.perhaps(shapes.digest, row["prev_own"]),
        "seen": shapes.position(row["seen"]),
        "head": shapes.position(row["head"]),
        "client_id": shapes.octets(row["client_id"], CLIENT_ID),
    }


def make_suspended(conversation: bytes, chain: bytes, at: int) -> bytes:
    """The only kind of entry that the server makes; it bears no signature and can only pause."""
    body = encode({"conversation": conversation, "chain": chain, "at": at})
    return encode([SUITE, "suspended", body, None, None])


def _read_suspended(data: bytes, body: object, unsigned: Sequence[object]) -> Suspended:
    if len(data) > SUSPENDED_BYTES or tuple(unsigned) != (None, None) or not isinstance(body, bytes):
        raise Malformed
    row = shapes.fields(decode(body, SUSPENDED_BYTES), SUSPENDED)
    return Suspended(
        object_hash(data),
        shapes.digest(row["conversation"]),
        shapes.digest(row["chain"]),
        shapes.time(row["at"]),
    )


_READERS: Final[Mapping[str, Callable[[SignedObject], Epoch | Message | Leave]]] = {
    "epoch": read_epoch,
    "message": read_message,
    "leave": read_leave,
}
