"""Teams as their members change them: epochs with a `change`, leaving, and a new start."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from accounts.codec import Value
from accounts.services.new_start import open_new_start
from accounts.shapes import Position
from messaging.client.entries import MadeEpoch, in_order, make_epoch, make_leave, row_of
from messaging.epochs import Row
from messaging.models import Member
from messaging.roster import difference
from messaging.services.epochs import Posted
from tests.messaging.world import CHANCE, Desk, Thread, append, open_desk, start


def start_team(maker: Desk, *others: Desk) -> Thread:
    return start(maker, others, kind="team")


def changed(
    thread: Thread,
    maker: Desk,
    *,
    add: Sequence[Desk] = (),
    remove: Sequence[Desk | bytes] = (),
    rows: Sequence[tuple[Desk, dict[str, Any]]] = (),
    kind: str = "professional",
) -> MadeEpoch:
    """The next epoch, with `change` as it must be (E6); `rows`: what else is said of who stays."""
    draft = thread.draft()
    gone = {_chain(one) for one in remove}
    said = {desk.log.chain: fields for desk, fields in rows}
    kept = [_said(row, said.get(row.chain, {})) for row in draft.rows if row.chain not in gone]
    new = [row_of(desk.log, maker.log.chain, draft.at, kind, "member") for desk in add]
    return _made(thread, maker, in_order([*kept, *new]), add, [])


def replaced(thread: Thread, maker: Desk, old: bytes, new: Desk) -> MadeEpoch:
    """In a direct conversation the new chain id takes the place of the old (E13)."""
    draft = thread.draft()
    come = row_of(new.log, maker.log.chain, draft.at)
    rows = in_order([*(row for row in draft.rows if row.chain != old), come])
    return _made(thread, maker, rows, [new], [["replace", old, new.log.chain]])


def post(thread: Thread, maker: Desk, made: MadeEpoch, *come: Desk) -> Posted:
    posted = thread.post(maker, made)
    desks = {desk.log.chain: desk for desk in (*thread.desks, *come)}
    thread.desks = tuple(desks[row.chain] for row in thread.epoch.roster if row.chain in desks)
    return posted


def leaving(thread: Thread, desk: Desk) -> bytes:
    return make_leave(thread.header(desk), desk.device)


def leave(thread: Thread, desk: Desk) -> int:
    seq = append(desk, thread, leaving(thread, desk)).seq
    hear(thread)
    return seq


def hear(thread: Thread) -> None:
    """Everybody has seen what is there."""
    thread.place = Position(thread.row.head, bytes(thread.row.hash))


def new_start(desk: Desk) -> Desk:
    """They lost everything: new keys under another chain id (K20)."""
    open_new_start(desk.person)
    desk.person.refresh_from_db()
    return open_desk(desk.person, desk.organisation)


def windows(thread: Thread, desk: Desk) -> list[tuple[int, int | None]]:
    rows = Member.objects.filter(conversation=thread.id, chain=desk.log.chain).order_by("joined")
    return list(rows.values_list("joined", "left"))


def _made(
    thread: Thread, maker: Desk, rows: tuple[Row, ...], come: Sequence[Desk], pairs: list[Value]
) -> MadeEpoch:
    change = difference(thread.epoch.roster, rows, pairs)
    publics = {desk.log.chain: desk.log.public for desk in (*thread.desks, *come)}
    given = {chain: public for chain, public in publics.items() if public is not None}
    return make_epoch(replace(thread.draft(), rows=rows, change=change), maker.device, given, CHANCE)


def _said(row: Row, fields: dict[str, Any]) -> Row:
    return replace(row, **fields)


def _chain(one: Desk | bytes) -> bytes:
    return one if isinstance(one, bytes) else one.log.chain
