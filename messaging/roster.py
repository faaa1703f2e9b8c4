"""What one epoch may change of the roster before it (PROTOCOL.md E2 to E6, E11 to E14, E19 to E21).

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
    if not (is_well_formed(epoch) and _states_its_change(epoch, before)):
        raise LogRefused("bad_roster")


def is_well_formed(epoch: Epoch) -> bool:
    """What an epoch says of itself alone (E3 to E5)."""
    chains = [row.chain for row in epoch.roster]
    return (
        epoch.retention is None
        and 1 <= len(chains) <= LARGEST
        and all(low < high for low, high in pairwise(chains))
        and all(_is_row(row) for row in epoch.roster)
    )


def check_table(
    epoch: Epoch, before: Epoch | None, maker: bytes, suspended: Set[bytes], left: Set[bytes]
) -> None:
    """`suspended` and `left`: chains of whom an accepted entry said so since the epoch before."""
    if before is None and epoch.kind == "team":
        _check_founders(epoch, maker)
        return
    if before is None:
        allowed = _may_found(epoch, maker)
    elif epoch.kind == "self":
        allowed = not epoch.change
    elif not _takes_up(epoch, suspended):
        allowed = False
    elif epoch.kind == "direct":
        allowed = _may_change_direct(epoch, before, maker)
    else:
        allowed = _may_change_team(epoch, before, maker, suspended, left)
    if not allowed:
        raise LogRefused("not_allowed")


def named(epoch: Epoch, verb: str) -> frozenset[bytes]:
    """The chains of which `change` says this, of a replacement the new one. `change` may be unjudged."""
    found = (_chain(element) for element in epoch.change if _verb(element) == verb)
    return frozenset(chain for chain in found if chain is not None)


def replacement(epoch: Epoch) -> tuple[bytes, bytes] | None:
    """Old and new chain, when the epoch replaces somebody (E13)."""
    pairs = [_replacement(element) for element in epoch.change]
    return next((pair for pair in pairs if pair is not None), None)


def is_added(row: Row, maker: bytes, at: int) -> bool:
    """Whether a row looks as one that this maker adds now (E20)."""
    return (row.by, row.since, row.paused) == (maker, at, False)


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


def _is_row(row: Row) -> bool:
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
    exact = list(epoch.change) == difference(before.roster, epoch.roster, epoch.change)
    return stay and exact and epoch.founding == before.founding


def _is_same_person(old: Row, new: Row) -> bool:
    """Whether nothing differs but what may and what `change` names (E6)."""
    free = replace(
        old, head=new.head, generation=new.generation, wrap=new.wrap, paused=new.paused, role=new.role
    )
    return free == new


def _may_found(epoch: Epoch, maker: bytes) -> bool:
    return len(epoch.roster) == (1 if epoch.kind == "self" else 2) and all(
        row.role == "coordinator" and is_added(row, maker, epoch.at) for row in epoch.roster
    )


def _check_founders(epoch: Epoch, maker: bytes) -> None:
    """E19 is a matter of form."""
    own = epoch.row_of(maker)
    added = all(is_added(row, maker, epoch.at) for row in epoch.roster)
    if not added or own is None or own.role != "coordinator":
        raise LogRefused("bad_roster")


def _takes_up(epoch: Epoch, suspended: Set[bytes]) -> bool:
    """Exactly those are paused whom the server suspended and the roster keeps (E14)."""
    return named(epoch, "pause") == {row.chain for row in epoch.roster if row.chain in suspended}


def _may_change_direct(epoch: Epoch, before: Epoch, maker: bytes) -> bool:
    pair = replacement(epoch)
    if pair is not None:
        return len(epoch.change) == 1 and _may_replace(epoch, before, maker, pair)
    return all(_verb(element) in ("pause", "resume") for element in epoch.change)


def _may_replace(epoch: Epoch, before: Epoch, maker: bytes, pair: tuple[bytes, bytes]) -> bool:
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


def _may_change_team(
    epoch: Epoch, before: Epoch, maker: bytes, suspended: Set[bytes], left: Set[bytes]
) -> bool:
    own = before.row_of(maker)
    assert own is not None  # the maker is in the roster before (E10)
    if not left <= named(epoch, "remove"):
        return False
    forced = [["pause", chain] for chain in suspended] + [["remove", chain] for chain in left]
    chosen = [element for element in epoch.change if element not in forced]
    if own.role == "coordinator":
        return _may_coordinate(epoch, chosen, maker)
    rises = chosen == [["role", maker, "coordinator"]] and _may_rise(own, before, suspended | left)
    return not chosen or rises


def _may_coordinate(epoch: Epoch, chosen: Sequence[Value], maker: bytes) -> bool:
    come = named(epoch, "add")
    return (
        all(_verb(element) in ("add", "remove", "role", "resume") for element in chosen)
        and all(is_added(row, maker, epoch.at) for row in epoch.roster if row.chain in come)
        and any(_is_able_coordinator(row, frozenset()) for row in epoch.roster)
    )


def _may_rise(own: Row, before: Epoch, out: Set[bytes]) -> bool:
    """When no coordinator can act any more, a professional takes over in sight of all (E21)."""
    return own.kind == "professional" and not any(_is_able_coordinator(row, out) for row in before.roster)


def _is_able_coordinator(row: Row, out: Set[bytes]) -> bool:
    return row.role == "coordinator" and not row.paused and row.chain not in out


def _rows(roster: Sequence[Row]) -> Rows:
    return {row.chain: row for row in roster}


def _verb(element: Value) -> Value:
    return element[0] if isinstance(element, list) and element else None


def _chain(element: Value) -> bytes | None:
    match element:
        case ["add" | "pause" | "remove" | "resume", bytes() as chain]:
            return chain
        case ["role", bytes() as chain, str()] | ["replace", bytes(), bytes() as chain]:
            return chain
    return None


def _replacement(element: Value) -> tuple[bytes, bytes] | None:
    match element:
        case ["replace", bytes() as old, bytes() as new]:
            return old, new
    return None
