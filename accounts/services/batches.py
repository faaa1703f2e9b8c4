"""Invitations by CSV: read whole, judged line by line, sent all or none."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from accounts.address import address
from accounts.folding import fold
from accounts.limits import limit
from accounts.models import Membership, Organisation, Person
from accounts.professions import profession_code
from accounts.services.invitations import Identity, Invited, invite

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "email": ("email", "e-mail", "adresse", "courriel"),
    "given": ("prenom", "given"),
    "family": ("nom", "family"),
    "profession": ("profession",),
    "place": ("lieu", "place"),
    "rpps": ("rpps",),
    "role": ("role",),
    "civility": ("civilite", "civility"),
    "speciality": ("specialite", "speciality"),
}
NEEDED: Final[frozenset[str]] = frozenset({"email", "given", "family", "profession", "place"})
_ROLES: Final[dict[str, str]] = {
    "": "member", "membre": "member", "coordinateur": "coordinator", "coordinatrice": "coordinator",
    "coordonnateur": "coordinator", "coordonnatrice": "coordinator", "responsable": "manager",
}  # fmt: skip
_SEPARATORS = ";\t,"


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the file and what is wrong with their line; `number` counts as a spreadsheet does."""

    number: int
    identity: Identity
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    lines: tuple[Line, ...]
    faults: tuple[str, ...]  # of the file as a whole

    @property
    def is_good(self) -> bool:
        return bool(self.lines) and not self.faults and not any(line.faults for line in self.lines)


class BadBatch(ValueError):
    """The file is no longer what was looked at, or never was good. Nothing was sent."""


def read_batch(text: str) -> Batch:
    """Writes nothing. What spreadsheets write is read: semicolons, commas or tabs, a mark at the start."""
    try:
        text.encode()  # half a character is none
        rows = list(_rows(text.removeprefix("\ufeff")))
    except (csv.Error, UnicodeEncodeError):
        return Batch((), ("unreadable",))
    if not rows:
        return Batch((), ("empty",))
    columns = _columns(rows[0][1])
    missing = sorted(NEEDED - set(columns))
    if missing:
        return Batch((), tuple(f"column {name}" for name in missing))
    if len(rows) - 1 > limit("batch_people"):
        return Batch((), ("too_many",))
    people = [(number, _identity(columns, row)) for number, row in rows[1:]]
    return Batch(tuple(_judged(people)), () if people else ("empty",))


@transaction.atomic
def send_batch(text: str, organisation: Organisation, by: Person) -> list[Invited]:
    """Judged again: what was good when it was looked at may not be any more. All leave, or none."""
    batch = read_batch(text)
    if not batch.is_good:
        raise BadBatch
    return [invite(organisation=organisation, identity=line.identity, by=by) for line in batch.lines]


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    if "\0" in text:
        raise csv.Error
    first = text.split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    for row in reader:
        cells = [cell.strip() for cell in row]
        if any(cells):
            yield reader.line_num, cells


def _columns(header: list[str]) -> dict[str, int]:
    folded = [fold(cell) for cell in header]
    return {
        name: folded.index(word)
        for name, words in COLUMNS.items()
        for word in words
        if word in folded
    }  # fmt: skip


def _identity(columns: dict[str, int], row: list[str]) -> Identity:
    def cell(name: str) -> str:
        place = columns.get(name)
        return row[place] if place is not None and place < len(row) else ""

    role = fold(cell("role"))
    return Identity(
        email=cell("email"),
        given=cell("given"),
        family=cell("family"),
        profession=profession_code(cell("profession")) or cell("profession"),
        place=cell("place"),
        rpps=cell("rpps").replace(" ", "") or None,
        role=_ROLES.get(role, role),
        civility=cell("civility").upper() or None,
        speciality=cell("speciality").upper() or None,
    )


def _judged(people: Iterable[tuple[int, Identity]]) -> Iterator[Line]:
    seen: set[str] = set()
    for number, identity in people:
        own = {f"email {address(identity.email) or ''}", f"rpps {identity.rpps or ''}"} - {"email ", "rpps "}
        faults = [*identity.faults(), *known(identity), *(["twice"] if own & seen else [])]
        seen |= own
        yield Line(number, identity, tuple(faults))


def known(identity: Identity) -> list[str]:
    """Whom an invitation would be for nothing: the address or the number has an account."""
    email = address(identity.email)
    if email is not None and Person.objects.filter(email=email).exists():
        return ["known"]
    taken = identity.rpps is not None and Person.objects.filter(rpps=identity.rpps).exists()
    return ["known_rpps"] if taken else []


assert set(_ROLES.values()) == set(Membership.Role.values)
