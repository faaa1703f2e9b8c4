"""Markers: how far a device has received, opened and read (PROTOCOL.md R)."""

from dataclasses import dataclass
from typing import Final, Literal, Protocol

from accounts import shapes
from accounts.codec import Malformed, decode
from accounts.errors import Refused
from accounts.keylog import KeyLog
from accounts.objects import LIMITS, SignedObject, read_object
from accounts.shapes import Position
from messaging.errors import LogRefused
from messaging.facts import LastEpoch
from messaging.signers import need

FIELDS: Final = frozenset(
    ("conversation", "chain", "device", "counter", "arrived", "readable", "read", "at"),
)


@dataclass(frozen=True, slots=True)
class Marker:
    signed: SignedObject
    conversation: bytes
    chain: bytes
    device: bytes
    counter: int
    arrived: Position | None
    readable: Position | None
    read: Position | None
    at: int  # shown, never judged

    @property
    def positions(self) -> tuple[Position | None, Position | None, Position | None]:
        return self.arrived, self.readable, self.read


class MarkerFacts(Protocol):
    @property
    def conversation(self) -> bytes: ...

    @property
    def last(self) -> LastEpoch | None: ...

    @property
    def start(self) -> int:
        """The place of this reader's anchor (L13), 0 for who sees the whole log."""

    @property
    def head(self) -> int:
        """The last place of the log, 0 for an empty one."""

    def hash_at(self, n: int) -> bytes | None: ...

    def key_log(self, chain: bytes) -> KeyLog | None: ...

    def marker_of(self, device: bytes) -> Marker | None:
        """The marker kept for that device in this conversation."""


@dataclass(frozen=True, slots=True)
class MarkerVerdict:
    """`waiting`: a position or a key log is beyond what is known here. The server takes that as a refusal."""

    outcome: Literal["accepted", "refused", "waiting"]
    code: str | None = None
    marker: Marker | None = None


def read_marker(data: bytes) -> Marker:
    """Raises Refused: `malformed` or `newer_version`."""
    signed = read_object(data, "marker")
    row = shapes.fields(decode(signed.body, LIMITS["marker"]), FIELDS)
    marker = Marker(
        signed=signed,
        conversation=shapes.digest(row["conversation"]),
        chain=shapes.digest(row["chain"]),
        device=shapes.digest(row["device"]),
        counter=shapes.integer(row["counter"]),
        arrived=shapes.perhaps(shapes.position, row["arrived"]),
        readable=shapes.perhaps(shapes.position, row["readable"]),
        read=shapes.perhaps(shapes.position, row["read"]),
        at=shapes.time(row["at"]),
    )
    if marker.device != signed.signer:
        raise Malformed
    return marker


def judge_marker(data: bytes, facts: MarkerFacts) -> MarkerVerdict:
    try:
        marker = read_marker(data)
    except Refused as refused:
        return MarkerVerdict("refused", refused.code)
    return judge_read(marker, facts)


def judge_read(marker: Marker, facts: MarkerFacts) -> MarkerVerdict:
    """The same of one that was read already."""
    try:
        known = _check(marker, facts)
    except Refused as refused:
        return MarkerVerdict("refused", refused.code)
    return MarkerVerdict("accepted" if known else "waiting", None, marker)


def _check(marker: Marker, facts: MarkerFacts) -> bool:
    """Whether all it speaks of is known here; raises Refused when it is wrong."""
    last = facts.last
    need(marker.conversation == facts.conversation, "wrong_conversation")
    if last is None:
        return False
    need(last.kind != "self", "not_allowed")
    row = last.epoch.row_of(marker.chain)
    if row is None or row.paused:
        raise LogRefused("not_a_member")
    log = facts.key_log(marker.chain)
    if log is None or not log.holds(row.head):
        return False
    device = log.device_at(row.head.n, marker.device)
    if device is None or device.sort != "browser":
        raise LogRefused("unknown_device")
    need(marker.signed.is_signed_by(device.sign), "bad_signature")
    _check_order(marker, facts.marker_of(marker.device))
    return _check_positions(marker, facts)


def _check_order(marker: Marker, kept: Marker | None) -> None:
    reached = [position.n if position else 0 for position in marker.positions]
    need(reached == sorted(reached, reverse=True), "bad_marker")
    if kept is not None:
        before = [position.n if position else 0 for position in kept.positions]
        back = any(now < earlier for now, earlier in zip(reached, before, strict=True))
        need(marker.counter > kept.counter and not back, "bad_marker")


def _check_positions(marker: Marker, facts: MarkerFacts) -> bool:
    known = True
    for position in marker.positions:
        if position is None:
            continue
        need(position.n >= 1, "bad_marker")
        if position.n > facts.head:
            known = False
        elif position.n >= facts.start:  # what lies before one's own view cannot be compared
            need(facts.hash_at(position.n) == position.hash, "bad_marker")
    return known
