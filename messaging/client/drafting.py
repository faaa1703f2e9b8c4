"""The next epoch's roster before it has a secret: who is out taken out first, then what its maker wants."""

from collections.abc import Callable
from dataclasses import replace

from accounts.codec import Value, encode
from accounts.keylog import KeyLog
from messaging.client.entries import Draft, following, in_order, row_of
from messaging.client.following import FollowedLog
from messaging.epochs import Row

Deed = Callable[[Draft], Draft]


def next_draft(log: FollowedLog, at: int) -> Draft:
    """All heads brought up; whoever left is removed, whoever was suspended paused (E14, E20)."""
    assert log.last is not None
    draft = following(log.last.epoch, log.conversation, log.key_logs, log.position, at)
    for chain in sorted(log.left):
        draft = removed(chain)(draft)
    for chain in sorted(log.suspended - log.left):
        draft = _with_row(draft, replace(_row(draft, chain), paused=True), ["pause", chain])
    return draft


def added(log: KeyLog, maker: bytes, role: str = "member", kind: str = "professional") -> Deed:
    def do(draft: Draft) -> Draft:
        return _with_row(draft, row_of(log, maker, draft.at, kind, role), ["add", log.chain])

    return do


def removed(chain: bytes) -> Deed:
    """Whoever was to be paused is then not named so."""

    def do(draft: Draft) -> Draft:
        rows = tuple(row for row in draft.rows if row.chain != chain)
        change = [element for element in draft.change if element != ["pause", chain]]
        return _stating(replace(draft, rows=rows, change=change), ["remove", chain])

    return do


def given_role(chain: bytes, role: str) -> Deed:
    def do(draft: Draft) -> Draft:
        return _with_row(draft, replace(_row(draft, chain), role=role), ["role", chain, role])

    return do


def resumed(chain: bytes) -> Deed:
    def do(draft: Draft) -> Draft:
        return _with_row(draft, replace(_row(draft, chain), paused=False), ["resume", chain])

    return do


def _row(draft: Draft, chain: bytes) -> Row:
    return next(row for row in draft.rows if row.chain == chain)


def _with_row(draft: Draft, row: Row, element: Value) -> Draft:
    rows = in_order([row, *(other for other in draft.rows if other.chain != row.chain)])
    return _stating(replace(draft, rows=rows), element)


def _stating(draft: Draft, element: Value) -> Draft:
    return replace(draft, change=sorted([*draft.change, element], key=encode))
