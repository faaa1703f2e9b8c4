"""Whether an entry counts: the one rule of the log for server and client (PROTOCOL.md L2 to L9).

Judging looks only at the log before the entry and at the key-log heads it names, through `Facts`: a caller
answers those few questions from a database or from memory, so that no history is ever folded again.
"""

from collections.abc import Set
from dataclasses import dataclass
from typing import Literal, Protocol

from accounts.errors import Refused
from accounts.keylog import Device, KeyLog
from accounts.objects import SignedObject
from accounts.shapes import Position
from messaging.envelopes import Entry, Message, Suspended, read_entry
from messaging.epochs import Epoch, Row
from messaging.errors import LogRefused
from messaging.roster import check_form, check_table

KINDS = ("self", "direct")


@dataclass(frozen=True, slots=True)
class LastEpoch:
    """The last accepted epoch and where it stands in the log."""

    epoch: Epoch
    place: int
    kind: str  # of the conversation, fixed by epoch 0


class Facts(Protocol):
    @property
    def conversation(self) -> bytes: ...

    @property
    def last(self) -> LastEpoch | None: ...

    @property
    def suspended(self) -> Set[bytes]:
        """Chains named by a `suspended` that was accepted since the last epoch."""

    def hash_at(self, n: int) -> bytes | None:
        """h(n) of the log before the entry."""

    def has_entry(self, hash: bytes) -> bool:
        """Whether an earlier place holds this very entry, whatever its verdict."""

    def has_client_id(self, device: bytes, client_id: bytes) -> bool:
        """Whether an accepted message of this device has this client id."""

    def key_log(self, chain: bytes) -> KeyLog | None: ...


@dataclass(frozen=True, slots=True)
class Verdict:
    outcome: Literal["accepted", "refused", "waiting"]
    code: str | None = None
    entry: Entry | None = None  # as far as it could be read
    chain: bytes | None = None  # accepted: whose it is; waiting: whose key log is needed
    needed: Position | None = None


class _Waiting(Exception):
    def __init__(self, row: Row) -> None:
        super().__init__()
        self.row = row


def judge(data: bytes, seq: int, facts: Facts) -> Verdict:
    entry: Entry | None = None
    try:
        entry = read_entry(data)
        match entry:
            case Message():
                chain = _judge_message(entry, seq, facts)
            case Epoch():
                chain = _judge_epoch(entry, seq, facts)
            case Suspended():
                chain = _judge_suspended(entry, facts)
    except Refused as refused:
        return Verdict("refused", refused.code, entry)
    except _Waiting as waiting:
        return Verdict("waiting", None, entry, waiting.row.chain, waiting.row.head)
    return Verdict("accepted", None, entry, chain)


def _judge_message(message: Message, seq: int, facts: Facts) -> bytes:
    last = facts.last
    _need(message.conversation == facts.conversation, "wrong_conversation")
    if last is None or (message.epoch, message.epoch_hash) != (last.epoch.number, last.epoch.hash):
        raise LogRefused("past_epoch")
    row = last.epoch.row_of(message.person)
    if row is None or row.paused:
        raise LogRefused("not_a_member")
    _check_signature(message.signed, row, facts)
    _check_seen(message.seen, last.place, seq, facts)
    _need(not facts.has_entry(message.hash), "replayed")
    _need(not facts.has_client_id(message.device, message.client_id), "duplicate")
    return message.person


def _judge_epoch(epoch: Epoch, seq: int, facts: Facts) -> bytes:
    before = facts.last.epoch if facts.last else None
    kind = _check_place(epoch, seq, facts)
    maker = _maker(epoch, before, facts)
    _check_signature(epoch.signed, maker, facts)
    if facts.last is not None and epoch.seen is not None:
        _check_seen(epoch.seen, facts.last.place, seq, facts)
    _need(not facts.has_entry(epoch.hash), "replayed")
    check_form(epoch, before)
    check_table(epoch, before, kind, maker.chain, facts.suspended)
    for row in epoch.roster:
        _check_head(row, before.row_of(row.chain) if before else None, facts)
    return maker.chain


def _check_place(epoch: Epoch, seq: int, facts: Facts) -> str:
    """The kind of the conversation, when the epoch is the next of this one."""
    last = facts.last
    mine = epoch.hash if seq == 1 else epoch.conversation
    _need(mine == facts.conversation or (seq > 1 and mine is None), "wrong_conversation")
    if epoch.founding is not None:
        _need(epoch.founding.kind in KINDS, "unknown_kind")
        _need(seq == 1 and last is None, "past_epoch")
        return epoch.founding.kind
    if last is None or (epoch.number, epoch.prev) != (last.epoch.number + 1, last.epoch.hash):
        raise LogRefused("past_epoch")
    return last.kind


def _maker(epoch: Epoch, before: Epoch | None, facts: Facts) -> Row:
    """The row whose key log holds the signer at the head named (E10); a device does not say whose it is."""
    gone = [row for row in before.roster if epoch.row_of(row.chain) is None] if before else []
    for row in (*epoch.roster, *gone):
        if _key_log(row, facts).has_device_at(row.head.n, epoch.signer):
            earlier = before.row_of(row.chain) if before else row
            present = row not in gone and earlier is not None and not earlier.paused and not row.paused
            _need(present, "not_a_member")
            return row
    raise LogRefused("not_a_member")


def _check_signature(signed: SignedObject, row: Row, facts: Facts) -> None:
    device: Device | None = _key_log(row, facts).device_at(row.head.n, signed.signer)
    if device is None or device.sort != "browser":
        raise LogRefused("unknown_device")
    _need(signed.is_signed_by(device.sign), "bad_signature")


def _check_seen(seen: Position, place: int, seq: int, facts: Facts) -> None:
    _need(seen.n >= place, "past_epoch")
    _need(seen.n < seq and facts.hash_at(seen.n) == seen.hash, "forked")


def _check_head(row: Row, before: Row | None, facts: Facts) -> None:
    _need(before is None or row.head.n >= before.head.n, "bad_roster")
    generation = _key_log(row, facts).generation_at(row.head.n)
    _need(row.generation == generation and generation >= 1, "bad_roster")


def _key_log(row: Row, facts: Facts) -> KeyLog:
    log = facts.key_log(row.chain)
    if log is None or not log.holds(row.head):
        raise _Waiting(row)
    return log


def _judge_suspended(entry: Suspended, facts: Facts) -> bytes:
    last = facts.last
    _need(entry.conversation == facts.conversation, "wrong_conversation")
    if last is None or last.kind != "direct":
        raise LogRefused("not_allowed")
    able = {row.chain for row in last.epoch.roster if not row.paused} - facts.suspended
    _need(entry.chain in able, "not_a_member")
    _need(len(able) > 1, "not_allowed")
    _need(not facts.has_entry(entry.hash), "replayed")
    return entry.chain


def _need(right: bool, code: str) -> None:
    if not right:
        raise LogRefused(code)
