"""What one epoch may change of the roster before it (PROTOCOL.md E3 to E6, E11 to E14).

Needs no key log: form first (`bad_roster`), then the table of who may do what (`not_allowed`).
"""

from collections.abc import Sequence, Set
from dataclasses import replace
from itertools import pairwise
from typing import Final

from accounts.codec import Value, encode
from messaging.epochs import Epoch, Row
from messaging.errors import LogRefused

LARGEST: Final = 200
_KINDS: Final = ("professional", "other", "connector")
_ROLES: Final = ("member", "coordinator")

Rows = dict[bytes, Row]


def check_form(epoch: Epoch, before: Epoch | None) -> None:
    chains = [row.chain for row in epoch.roster]
    ascending = all(low < high for low, high in pairwise(chains))
    right = (
        epoch.retention is None
        and 1 <= len(chains) <= LARGEST
        and ascending
        and all(_is_well_formed(row) for row in epoch.roster)
        and _states_its_change(epoch, before)
    )
    if not right:
        raise LogRefused("bad_roster")


def check_table(epoch: Epoch, before: Epoch | None, kind: str, maker: bytes, suspended: Set[bytes]) -> None:
    if before is None:
        allowed = _may_found(epoch, kind, maker)
    elif kind == "self":
        allowed = not epoch.change and not suspended
    else:
        allowed = _may_change(epoch, before, maker, suspended)
    if not allowed:
        raise LogRefused("not_allowed")


def difference(before: Sequence[Row], after: Sequence[Row], change: Sequence[Value]) -> list[Value]:
    """The elements that turn one roster into the other. A replacement looks like one that left and one that
    came, so those that `change` itself pairs are taken as pairs."""
    old, new = _rows(before), _rows(after)
    gone, come = set(old) - set(new), set(new) - set(old)
    made: list[Value] = []
    for element in change:
        pair = _replacement(element)
        if pair is not None and pair[0] in gone and pair[1] in come:
            gone.remove(pair[0])
            come.remove(pair[1])
            made.append(["replace", *pair])
    made += [["remove", chain] for chain in gone] + [["add", chain] for chain in come]
    for chain in old.keys() & new.keys():
        if old[chain].paused != new[chain].paused:
            made.append(["pause" if new[chain].paused else "resume", chain])
        if old[chain].role != new[chain].role:
            made.append(["role", chain, new[chain].role])
    return sorted(made, key=encode)


def _is_well_formed(row: Row) -> bool:
    until, inside, basis, sessions = row.later
    return (
        row.kind in _KINDS
        and row.role in _ROLES
        and (row.wrap is None) == row.paused
        and (until, basis) == (None, None)
        and inside is True
        and sessions == []
    )


def _states_its_change(epoch: Epoch, before: Epoch | None) -> bool:
    if before is None:
        return not epoch.change
    old, new = _rows(before.roster), _rows(epoch.roster)
    stay = all(_is_same_person(old[chain], new[chain]) for chain in old.keys() & new.keys())
    return stay and list(epoch.change) == difference(before.roster, epoch.roster, epoch.change)


def _is_same_person(old: Row, new: Row) -> bool:
    """Whether nothing differs but what may and what `change` names (E6)."""
    free = replace(
        old, head=new.head, generation=new.generation, wrap=new.wrap, paused=new.paused, role=new.role
    )
    return free == new


def _may_found(epoch: Epoch, kind: str, maker: bytes) -> bool:
    return len(epoch.roster) == (1 if kind == "self" else 2) and all(
        (row.role, row.by, row.since, row.paused) == ("coordinator", maker, epoch.at, False)
        for row in epoch.roster
    )


def _may_change(epoch: Epoch, before: Epoch, maker: bytes, suspended: Set[bytes]) -> bool:
    """`direct`: pause exactly whom the server suspended, resume another, replace alone (E12 to E14)."""
    paused = {_chain(element) for element in epoch.change if _verb(element) == "pause"}
    if paused != suspended:
        return False
    if any(_verb(element) == "replace" for element in epoch.change):
        return len(epoch.change) == 1 and _may_replace(epoch, before, maker)
    return all(_verb(element) in ("pause", "resume") for element in epoch.change)


def _may_replace(epoch: Epoch, before: Epoch, maker: bytes) -> bool:
    pair = _replacement(epoch.change[0])
    assert pair is not None
    old, new = _rows(before.roster)[pair[0]], _rows(epoch.roster)[pair[1]]
    expected = replace(
        old,
        chain=new.chain,
        head=new.head,
        generation=new.generation,
        wrap=new.wrap,
        by=maker,
        since=epoch.at,
    )
    return not old.paused and new == expected


def _rows(roster: Sequence[Row]) -> Rows:
    return {row.chain: row for row in roster}


def _verb(element: Value) -> Value:
    return element[0] if isinstance(element, list) and element else None


def _chain(element: Value) -> bytes:
    assert isinstance(element, list)
    chain = element[1]
    assert isinstance(chain, bytes)
    return chain


def _replacement(element: Value) -> tuple[bytes, bytes] | None:
    if not isinstance(element, list) or len(element) != 3 or element[0] != "replace":
        return None
    old, new = element[1], element[2]
    return (old, new) if isinstance(old, bytes) and isinstance(new, bytes) else None
