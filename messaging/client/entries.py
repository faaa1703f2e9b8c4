"""Making the entries of a conversation (PROTOCOL.md E, M): bytes and wraps, no network and no state."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from accounts.codec import Value, encode
from accounts.keylog import KeyLog
from accounts.objects import SUITE
from accounts.shapes import Position
from messaging.client.chance import Chance
from messaging.client.device import Device
from messaging.client.messages import seal_content
from messaging.client.sealing import CannotOpen, open_sealed, seal
from messaging.epochs import Epoch, Row, secret_commit, wrap_hash


@dataclass(frozen=True, slots=True)
class Draft:
    """An epoch before it has a secret."""

    rows: tuple[Row, ...]
    number: int = 0
    conversation: bytes | None = None
    prev: bytes | None = None
    founding: Value = None
    change: Sequence[Value] = ()
    seen: Position | None = None
    at: int = 0


@dataclass(frozen=True, slots=True)
class MadeEpoch:
    statement: bytes
    wraps: Mapping[bytes, bytes]
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class MessagePlace:
    """Where a message stands: what its header says besides its content."""

    conversation: bytes
    epoch: int
    epoch_hash: bytes
    person: bytes
    device_seq: int
    prev_own: bytes | None
    seen: Position
    head: Position
    client_id: bytes


def founding(kind: str, organisation: bytes) -> Value:
    return {"kind": kind, "organisation": organisation, "patient": None}


def founding_of(epoch: Epoch) -> Value:
    """The same in every later epoch (E2)."""
    return founding(epoch.founding.kind, epoch.founding.organisation)


def row_of(log: KeyLog, by: bytes, since: int, kind: str = "professional", role: str = "coordinator") -> Row:
    return Row(
        log.chain,
        kind,
        log.head,
        log.generation,
        None,
        role,
        by,
        since,
        False,
        (None, True, None, []),
    )


def brought_up(row: Row, log: KeyLog) -> Row:
    """The same row at the head that is known now."""
    return replace(row, head=log.head, generation=log.generation)


def found(kind: str, logs: Sequence[KeyLog], maker: KeyLog, organisation: bytes, at: int) -> Draft:
    """Of a team the maker alone is coordinator."""
    rest = "member" if kind == "team" else "coordinator"
    rows = [
        row_of(log, maker.chain, at, role="coordinator" if log.chain == maker.chain else rest) for log in logs
    ]
    return Draft(in_order(rows), founding=founding(kind, organisation), at=at)


def in_order(rows: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: row.chain))


def following(
    last: Epoch, conversation: bytes, logs: Mapping[bytes, KeyLog], seen: Position, at: int
) -> Draft:
    rows = tuple(brought_up(row, logs[row.chain]) if row.chain in logs else row for row in last.roster)
    return Draft(rows, last.number + 1, conversation, last.hash, founding_of(last), seen=seen, at=at)


def make_epoch(draft: Draft, maker: Device, publics: Mapping[bytes, bytes], chance: Chance) -> MadeEpoch:
    """`publics`: the person key of every row that is not paused."""
    secret = chance.draw(32)
    commit = secret_commit(draft.number, draft.prev, secret)
    wraps = {
        row.chain: seal(publics[row.chain], _context(maker.id, row, draft, commit), secret, chance)
        for row in draft.rows
        if not row.paused
    }
    rows = [
        replace(row, wrap=wrap_hash(wraps[row.chain]) if row.chain in wraps else None) for row in draft.rows
    ]
    body = encode(epoch_fields(replace(draft, rows=tuple(rows)), commit))
    return MadeEpoch(maker.signed_object("epoch", body), wraps, secret)


def epoch_fields(draft: Draft, commit: bytes) -> dict[str, Value]:
    return {
        "conversation": draft.conversation,
        "number": draft.number,
        "prev": draft.prev,
        "founding": draft.founding,
        "roster": [row_fields(row) for row in draft.rows],
        "change": draft.change,
        "secret_commit": commit,
        "seen": draft.seen,
        "retention": None,
        "at": draft.at,
    }


def row_fields(row: Row) -> dict[str, Value]:
    until, inside, basis, sessions = row.later
    return {
        "chain": row.chain,
        "kind": row.kind,
        "head": row.head,
        "generation": row.generation,
        "wrap": row.wrap,
        "role": row.role,
        "by": row.by,
        "since": row.since,
        "until": until,
        "paused": row.paused,
        "inside": inside,
        "basis": basis,
        "sessions": sessions,
    }


def open_wrap(seed: bytes, epoch: Epoch, row: Row, sealed: bytes) -> bytes:
    """The epoch's secret, checked against its commitment; raises CannotOpen."""
    context = wrap_context(
        epoch.signer, row.chain, row.generation, epoch.conversation, epoch.number, epoch.secret_commit
    )
    secret = open_sealed(seed, context, sealed)
    if secret_commit(epoch.number, epoch.prev, secret) != epoch.secret_commit:
        raise CannotOpen
    return secret


def wrap_context(
    maker: bytes, chain: bytes, generation: int, conversation: bytes | None, number: int, commit: bytes
) -> Value:
    return ["wrap", SUITE, maker, chain, generation, conversation, number, commit]


def make_message(place: MessagePlace, secret: bytes, content: bytes, sender: Device, chance: Chance) -> bytes:
    header = encode(header_fields(place, sender.id))
    commit, body = seal_content(secret, header, content, chance.draw(24))
    envelope = encode({"header": header, "commit": commit, "body": body})
    return sender.signed_object("message", envelope)


def make_leave(place: MessagePlace, sender: Device) -> bytes:
    return sender.signed_object("leave", encode({"header": encode(header_fields(place, sender.id))}))


def header_fields(place: MessagePlace, device: bytes) -> dict[str, Value]:
    return {
        "conversation": place.conversation,
        "epoch": place.epoch,
        "epoch_hash": place.epoch_hash,
        "person": place.person,
        "device": device,
        "device_seq": place.device_seq,
        "prev_own": place.prev_own,
        "seen": place.seen,
        "head": place.head,
        "client_id": place.client_id,
        "class": None,
    }


def make_marker(
    conversation: bytes,
    chain: bytes,
    device: Device,
    counter: int,
    reached: tuple[Position | None, Position | None, Position | None],
    at: int = 0,
) -> bytes:
    arrived, readable, read = reached
    body: dict[str, Value] = {
        "conversation": conversation,
        "chain": chain,
        "device": device.id,
        "counter": counter,
        "arrived": arrived,
        "readable": readable,
        "read": read,
        "at": at,
    }
    return device.signed_object("marker", encode(body))


def _context(maker: bytes, row: Row, draft: Draft, commit: bytes) -> Value:
    return wrap_context(maker, row.chain, row.generation, draft.conversation, draft.number, commit)
