"""The epoch that adds the reader, judged by its own roster alone: its signer vouches (PROTOCOL.md L14)."""

from messaging.epochs import Epoch, Row
from messaging.facts import Facts, Joining
from messaging.roster import is_added, is_well_formed, named
from messaging.signers import check_head, check_signature, maker_of, need

KINDS = ("direct", "team")


def judge_joining(epoch: Epoch, seq: int, facts: Facts, joining: Joining) -> bytes:
    """The maker's chain. The caller has made sure that it is of this conversation."""
    need(_adds(epoch, joining.chain) and _is_newer(epoch, seq, joining), "past_epoch")
    need(epoch.kind in KINDS, "unknown_kind")
    maker = maker_of(epoch, facts)
    need(maker.chain != joining.chain, "not_a_member")
    check_signature(epoch.signed, maker, facts)
    need(_has_seen(epoch, seq, facts, joining), "forked")
    need(not facts.has_entry(epoch.hash), "replayed")
    need(is_well_formed(epoch) and _receives(epoch, maker, joining), "bad_roster")
    for row in epoch.roster:
        earlier = joining.known.epoch.row_of(row.chain) if joining.known else None
        check_head(row, earlier, facts)
    return maker.chain


def _adds(epoch: Epoch, chain: bytes) -> bool:
    if epoch.kind == "direct":
        return len(epoch.change) == 1 and chain in named(epoch, "replace")
    return chain in named(epoch, "add")


def _is_newer(epoch: Epoch, seq: int, joining: Joining) -> bool:
    """At a place that own state has checked, or before it, the log hash there decides instead (L7)."""
    known, noted = joining.known, joining.noted
    is_new = known is None or epoch.number > known.epoch.number
    return is_new and (noted is None or seq <= noted.seq or epoch.number > noted.number)


def _has_seen(epoch: Epoch, seq: int, facts: Facts, joining: Joining) -> bool:
    seen = epoch.seen
    if seen is None or (joining.anchor is not None and seen != joining.anchor):
        return False
    known = joining.known.place if joining.known else 0
    return known <= seen.n < seq and facts.hash_at(seen.n) == seen.hash


def _receives(epoch: Epoch, maker: Row, joining: Joining) -> bool:
    own = epoch.row_of(joining.chain)
    gone = named(epoch, "remove")
    return (
        own is not None
        and is_added(own, maker.chain, epoch.at)
        and (joining.known is None or joining.known.epoch.founding == epoch.founding)
        and all(row.chain not in gone for row in epoch.roster)
        and (epoch.kind != "direct" or _is_pair(epoch))
    )


def _is_pair(epoch: Epoch) -> bool:
    """Maker and reader are in the roster already, and are not the same."""
    return len(epoch.roster) == 2 and all(row.role == "coordinator" for row in epoch.roster)
