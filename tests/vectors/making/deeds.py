"""What the maker of an epoch does to a roster, one deed after another, with the words that state it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from accounts.codec import Value, encode
from messaging.client.entries import Draft, in_order, row_of
from messaging.epochs import Row
from tests.vectors.making.talk import Talk, at
from tests.vectors.making.world import Person, world


@dataclass
class Roster:
    """Rows under change, by chain."""

    rows: dict[bytes, Row]
    maker: bytes
    now: int

    def set(self, name: str, **change: object) -> None:
        chain = world()[name].chain
        self.rows[chain] = replace(self.rows[chain], **change)  # type: ignore[arg-type]


Deed = Callable[[Roster], list[Value]]


def add(name: str, role: str = "member", **but: object) -> Deed:
    def do(roster: Roster) -> list[Value]:
        log = world()[name].log()
        row = row_of(log, roster.maker, roster.now, role=role)
        roster.rows[log.chain] = replace(row, **but)  # type: ignore[arg-type]
        return [["add", log.chain]]

    return do


def remove(name: str) -> Deed:
    def do(roster: Roster) -> list[Value]:
        del roster.rows[world()[name].chain]
        return [["remove", world()[name].chain]]

    return do


def role(name: str, role: str) -> Deed:
    def do(roster: Roster) -> list[Value]:
        roster.set(name, role=role)
        return [["role", world()[name].chain, role]]

    return do


def pause(name: str) -> Deed:
    return _marked("pause", name, paused=True)


def resume(name: str) -> Deed:
    return _marked("resume", name, paused=False)


def turned(name: str, **change: object) -> Deed:
    """Differs, unsaid."""

    def do(roster: Roster) -> list[Value]:
        roster.set(name, **change)
        return []

    return do


def said(*element: Value) -> Deed:
    """Says it and does nothing."""
    return lambda roster: [list(element)]


def replacing(old: str, new: str, **but: object) -> Deed:
    def do(roster: Roster) -> list[Value]:
        log, before = world()[new].log(), roster.rows.pop(world()[old].chain)
        row = replace(before, chain=log.chain, head=log.head, generation=1, by=roster.maker, since=roster.now)
        roster.rows[log.chain] = replace(row, **but)  # type: ignore[arg-type]
        return [["replace", before.chain, log.chain]]

    return do


def at_head(name: str, n: int, generation: int) -> Deed:
    return turned(name, head=at(world()[name].log(), n), generation=generation)


def draft(talk: Talk, maker: Person, *deeds: Deed, **but: object) -> Draft:
    following = talk.next_draft()
    roster = Roster({row.chain: row for row in following.rows}, maker.chain, following.at)
    change = [element for deed in deeds for element in deed(roster)]
    made = replace(following, rows=in_order(roster.rows.values()), change=sorted(change, key=encode))
    return replace(made, **but)  # type: ignore[arg-type]


def epoch(talk: Talk, maker: Person, *deeds: Deed, **but: object) -> bytes:
    return talk.draft_epoch(draft(talk, maker, *deeds, **but), maker.first).statement


def _marked(verb: str, name: str, **change: object) -> Deed:
    def do(roster: Roster) -> list[Value]:
        roster.set(name, **change)
        return [[verb, world()[name].chain]]

    return do
