"""Whether an entry counts: the one rule of the log for server and client (PROTOCOL.md L2 to L14).

Judging looks only at the log before the entry and at the key-log heads it names, through `Facts`: no history
is ever folded again.
"""

from collections.abc import Set
from dataclasses import dataclass
from typing import Literal

from accounts.errors import Refused
from accounts.shapes import Position
from messaging.envelopes import Entry, Leave, Message, Sent, Suspended, read_entry
from messaging.epochs import Epoch, Row
from messaging.errors import LogRefused
from messaging.facts import Facts, LastEpoch
from messaging.joining import judge_joining
from messaging.roster import check_form, check_table
from messaging.signers import Waiting, check_head, check_signature, is_signed, maker_of, need

KINDS = ("self", "direct", "team")


@dataclass(frozen=True, slots=True)
class Verdict:
    outcome: Literal["accepted", "refused", "waiting"]
    code: str | None = None
    entry: Entry | None = None  # as far as it could be read
    chain: bytes | None = None  # accepted: whose it is; waiting: whose key log is needed
    needed: Position | None = None


def judge(data: bytes, seq: int, facts: Facts) -> Verdict:
    try:
        entry = read_entry(data)
    except Refused as refused:
        return Verdict("refused", refused.code)
    return judge_read(entry, seq, facts)


def judge_read(entry: Entry, seq: int, facts: Facts) -> Verdict:
    """The same of one that was read already."""
    try:
        match entry:
            case Message():
                chain = _judge_sent(entry, seq, facts)
            case Leave():
                chain = _judge_leave(entry, seq, facts)
            case Epoch():
                chain = _judge_epoch(entry, seq, facts)
            case Suspended():
                chain = _judge_suspended(entry, facts)
    except Refused as refused:
        return Verdict("refused", refused.code, entry)
    except Waiting as waiting:
        return Verdict("waiting", None, entry, waiting.row.chain, waiting.row.head)
    return Verdict("accepted", None, entry, chain)


def _judge_sent(sent: Sent, seq: int, facts: Facts) -> bytes:
    last = facts.last
    need(sent.conversation == facts.conversation, "wrong_conversation")
    if last is None:
        raise LogRefused("past_epoch")
    if (sent.epoch, sent.epoch_hash) != (last.epoch.number, last.epoch.hash):
        raise LogRefused("forked" if _is_of_another_log(sent, last, facts) else "past_epoch")
    row = last.epoch.row_of(sent.person)
    if row is None or not _is_present(row, facts.left):
        raise LogRefused("not_a_member")
    check_signature(sent.signed, row, facts)
    _check_seen(sent.seen, last.place, seq, facts)
    need(not facts.has_entry(sent.hash), "replayed")
    need(not facts.has_client_id(sent.device, sent.client_id), "duplicate")
    return sent.person


def _is_of_another_log(sent: Sent, last: LastEpoch, facts: Facts) -> bool:
    """A member's word under an epoch that this log has otherwise (L6)."""
    row, held = last.epoch.row_of(sent.person), facts.epoch_hash(sent.epoch)
    differs = held is not None and held != sent.epoch_hash
    return differs and row is not None and is_signed(sent.signed, row, facts)


def _judge_leave(leave: Leave, seq: int, facts: Facts) -> bytes:
    chain, last = _judge_sent(leave, seq, facts), facts.last
    if last is None or last.kind != "team":
        raise LogRefused("not_allowed")
    others = {row.chain for row in last.epoch.roster} - {chain}
    need(not others or bool(_able(last, facts) - {chain}), "not_allowed")
    return chain


def _judge_epoch(epoch: Epoch, seq: int, facts: Facts) -> bytes:
    last = facts.last
    mine = epoch.hash if seq == 1 else epoch.conversation
    need(mine == facts.conversation or (seq > 1 and mine is None), "wrong_conversation")
    if last is None and facts.joining is not None:
        return judge_joining(epoch, seq, facts, facts.joining)
    need(epoch.kind in KINDS, "unknown_kind")
    need(_is_next(epoch, seq, last), "past_epoch")
    before = last.epoch if last else None
    maker = maker_of(epoch, facts)
    need(before is None or _is_present(before.row_of(maker.chain), facts.left), "not_a_member")
    check_signature(epoch.signed, maker, facts)
    if last is not None and epoch.seen is not None:
        _check_seen(epoch.seen, last.place, seq, facts)
    need(not facts.has_entry(epoch.hash), "replayed")
    check_form(epoch, before)
    check_table(epoch, before, maker.chain, facts.suspended, facts.left)
    for row in epoch.roster:
        check_head(row, before.row_of(row.chain) if before else None, facts)
    return maker.chain


def _is_next(epoch: Epoch, seq: int, last: LastEpoch | None) -> bool:
    if last is None:
        return seq == 1 and epoch.number == 0
    return (epoch.number, epoch.prev) == (last.epoch.number + 1, last.epoch.hash)


def _is_present(row: Row | None, left: Set[bytes]) -> bool:
    return row is not None and not row.paused and row.chain not in left


def _check_seen(seen: Position, place: int, seq: int, facts: Facts) -> None:
    need(seen.n >= place, "past_epoch")
    need(seen.n < seq and facts.hash_at(seen.n) == seen.hash, "forked")


def _able(last: LastEpoch, facts: Facts) -> Set[bytes]:
    """Whoever is neither paused, nor suspended or gone since."""
    out = facts.suspended | facts.left
    return {row.chain for row in last.epoch.roster if not row.paused} - out


def _judge_suspended(entry: Suspended, facts: Facts) -> bytes:
    last = facts.last
    need(entry.conversation == facts.conversation, "wrong_conversation")
    if last is None:
        raise LogRefused("past_epoch")
    need(last.kind != "self", "not_allowed")
    able = _able(last, facts)
    need(entry.chain in able, "not_a_member")
    need(len(able) > 1, "not_allowed")
    need(not facts.has_entry(entry.hash), "replayed")
    return entry.chain
