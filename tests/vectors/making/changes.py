"""Every change of one or two elements in every small team, by each member (README.md, "table.teams")."""

from dataclasses import replace
from itertools import combinations, product

from accounts.codec import Value, encode
from accounts.errors import Refused
from accounts.objects import H, SignedObject
from accounts.shapes import Position
from messaging.client.entries import in_order, row_of
from messaging.epochs import Epoch, Founding, Row
from messaging.roster import check_form, check_table
from tests.vectors.making.case import Case, case
from tests.vectors.making.world import ORGANISATION, world

START = 1000
NAMES = ("anna", "bruno", "chloe")
ROLES = ("member", "coordinator")
PLIGHTS = ("able", "paused", "suspended", "left")
ELEMENTS = 15
CHOICES = ((), *((i,) for i in range(ELEMENTS)), *combinations(range(ELEMENTS), 2))
LETTERS = {"accepted": "a", "not_a_member": "m", "not_allowed": "n", "bad_roster": "r"}

Rows = dict[bytes, Row]
Change = list[Value]


def teams() -> Case:
    told = [
        _codes(roles, plights) for roles in product(ROLES, repeat=3) for plights in product(PLIGHTS, repeat=3)
    ]
    counts = {code: sum(codes.count(letter) for codes in told) for code, letter in LETTERS.items()}
    return case(
        "E20", "who may change what of a team", "table.teams", {}, "accepted",
        counts=counts, digests=[H("table", codes) for codes in told],
    )  # fmt: skip


def _codes(roles: tuple[str, ...], plights: tuple[str, ...]) -> str:
    """Of one team, a letter for each case."""
    before, out = _team(roles, plights), _out(plights)
    return "".join(
        LETTERS[_code(before, out, _chain(maker), choice)] for maker in NAMES for choice in CHOICES
    )


def _team(roles: tuple[str, ...], plights: tuple[str, ...]) -> Epoch:
    rows = [
        replace(
            row_of(world()[name].log(), _chain("anna"), START, role=role),
            kind="other" if name == "chloe" else "professional",
            paused=plight == "paused",
        )
        for name, role, plight in zip(NAMES, roles, plights, strict=True)
    ]
    return _epoch(0, _wrapped(rows), [], START)


def _out(plights: tuple[str, ...]) -> dict[str, frozenset[bytes]]:
    return {
        word: frozenset(_chain(name) for name, plight in zip(NAMES, plights, strict=True) if plight == word)
        for word in ("suspended", "left")
    }


def _code(before: Epoch, out: dict[str, frozenset[bytes]], maker: bytes, choice: tuple[int, ...]) -> str:
    rows: Rows = {row.chain: row for row in before.roster}
    change = [element for number in choice for element in _done(number, rows, maker)]
    old, new = before.row_of(maker), rows.get(maker)
    if old is None or new is None or old.paused or new.paused or maker in out["left"]:
        return "not_a_member"  # E10 comes first
    epoch = _epoch(1, _wrapped(list(rows.values())), sorted(change, key=encode), START + 1)
    try:
        check_form(epoch, before)
        check_table(epoch, before, maker, out["suspended"], out["left"])
    except Refused as refused:
        return refused.code
    return "accepted"


def _done(number: int, rows: Rows, maker: bytes) -> Change:
    """Does one element to the rows and states it; one that cannot be done is neither done nor stated."""
    if number < 12:
        chain = _chain(NAMES[number % 3])
        return _changed(number // 3, rows, chain) if chain in rows else []
    dora, bruno = world()["dora"].log(), _chain("bruno")
    if dora.chain in rows:
        return []
    if number < 14:
        rows[dora.chain] = row_of(dora, maker, START + 1, role=ROLES[number - 12])
        return [["add", dora.chain]]
    if bruno not in rows:
        return []
    old = rows.pop(bruno)
    new = row_of(dora, maker, START + 1, role=old.role)
    rows[dora.chain] = replace(new, paused=old.paused)
    return [["replace", bruno, dora.chain]]


def _changed(deed: int, rows: Rows, chain: bytes) -> Change:
    row = rows[chain]
    if deed < 2:
        if row.paused == (deed == 0):
            return []
        rows[chain] = replace(row, paused=deed == 0)
        return [["resume" if deed else "pause", chain]]
    if deed == 3:
        del rows[chain]
        return [["remove", chain]]
    role = "member" if row.role == "coordinator" else "coordinator"
    rows[chain] = replace(row, role=role)
    return [["role", chain, role]]


def _epoch(number: int, rows: tuple[Row, ...], change: Change, at: int) -> Epoch:
    signed = SignedObject("epoch", b"", bytes(32), bytes(64), bytes(32))
    place = Position(number, bytes(32)) if number else None
    hash = bytes(32) if number else None
    founding = Founding("team", ORGANISATION)
    return Epoch(signed, hash, number, hash, founding, rows, change, bytes(32), place, None, at)


def _wrapped(rows: list[Row]) -> tuple[Row, ...]:
    return in_order(replace(row, wrap=None if row.paused else H("sealed-wrap", row.chain)) for row in rows)


def _chain(name: str) -> bytes:
    return world()[name].chain
