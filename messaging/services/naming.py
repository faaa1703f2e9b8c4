"""Whom an epoch names, held against what the directory says at this moment (PROTOCOL.md E13, E15, E22)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from accounts.models import Device, KeyLogEntry, Membership, Organisation, Person
from accounts.professions import is_of_health
from accounts.shapes import Position
from messaging.epochs import Epoch, Row
from messaging.errors import LogRefused
from messaging.roster import named, replacement
from messaging.services.windows import Moves, People


def hold_still(epoch: Epoch) -> None:
    """Whoever comes in is locked before their conversation is: a revocation or suspension then comes wholly
    before the epoch, and is seen, or wholly after it, and finds them in."""
    come = [row.chain for row in epoch.roster if _comes(row, epoch)]
    if come:
        list(Person.objects.filter(chain__in=come).order_by("pk").select_for_update(no_key=True))


def people_named(epoch: Epoch, *, lock: bool = False) -> People:
    found = Person.objects.filter(chain__in=[row.chain for row in epoch.roster])
    if lock:
        found = found.order_by("pk").select_for_update(no_key=True)
    return {bytes(person.chain): person for person in found if person.chain is not None}


def heads_named(epoch: Epoch, people: People) -> Mapping[bytes, Position]:
    """Every head named is the newest there is: nobody seals to keys that are over."""
    newest = {chain: _head(person) for chain, person in people.items()}
    ended = [row.chain for row in epoch.roster if row.chain not in people]
    newest |= _last_heads(ended) if ended else {}
    if any(newest.get(row.chain) != row.head for row in epoch.roster):
        raise LogRefused("head_stale")
    return {row.chain: row.head for row in epoch.roster}


def organisation_of(epoch: Epoch) -> Organisation:
    found = Organisation.objects.filter(pk=UUID(bytes=epoch.founding.organisation)).first()
    if found is None:
        raise LogRefused("not_allowed")
    return found


def check_comers(epoch: Epoch, come: Sequence[Row], people: People, organisation: UUID) -> None:
    """E22: they work there now, nobody is suspended, and their kind is what the directory says."""
    if any(row.chain not in people for row in come):  # a chain id that is over (K20)
        raise LogRefused("not_allowed")
    persons = [people[row.chain] for row in come]
    here = Membership.objects.filter(organisation=organisation, person__in=persons, ended_at=None)
    right = (
        all(person.is_active for person in persons)
        and here.count() == len(persons)
        and all(row.kind == _kind(people[row.chain]) for row in come)
    )
    if not right:
        raise LogRefused("not_allowed")


def check_came(epoch: Epoch, come: Sequence[Row], people: People, organisation: UUID) -> None:
    """T7: somebody who came before the server was restored was let in by the directory then."""
    persons = [people[row.chain] for row in come if row.chain in people]
    been = Membership.objects.filter(organisation=organisation, person__in=persons)
    right = been.count() == len(come) and all(row.kind == _kind(people[row.chain]) for row in come)
    if not right:
        raise LogRefused("not_allowed")


def check_heads(epoch: Epoch, known: datetime) -> None:
    """T7: a revocation that was known by then came before whatever is given back: nothing was taken since
    from under an epoch that does not name it (E15, E16)."""
    heads = {row.chain: row.head.n for row in epoch.roster}
    revoked = Device.objects.filter(chain__in=list(heads), revoked_at__lt=known, revoked_n__isnull=False)
    if any(heads[bytes(device.chain)] < (device.revoked_n or 0) for device in revoked):
        raise LogRefused("epoch_stale")


def check_places(epoch: Epoch, moves: Moves, people: People) -> None:
    """A person has one place: a new chain id takes that of the old one (E13), or comes when it is gone. A
    chain id that is over stays paused (K20)."""
    persons = [window.person_id for window, _ in moves.stay] + [people[row.chain].pk for row in moves.come]
    pair = replacement(epoch)
    same = pair is None or moves.windows[pair[0]].person_id == people[pair[1]].pk
    if not same or len(set(persons)) != len(persons) or named(epoch, "resume") - people.keys():
        raise LogRefused("not_allowed")


def _head(person: Person) -> Position:
    assert person.key_head_n is not None
    assert person.key_head_hash is not None
    return Position(person.key_head_n, bytes(person.key_head_hash))


def _last_heads(chains: Sequence[bytes]) -> dict[bytes, Position]:
    """Of key logs that nobody continues: their rows stay, paused, until they are replaced or removed."""
    rows = KeyLogEntry.objects.filter(chain__in=chains).order_by("n").values_list("chain", "n", "hash")
    return {bytes(chain): Position(n, bytes(hash)) for chain, n, hash in rows}


def _comes(row: Row, epoch: Epoch) -> bool:
    """As `change` says; nothing has been judged yet."""
    return any(isinstance(element, list) and row.chain in element[1:] for element in epoch.change)


def _kind(person: Person) -> str:
    return "professional" if is_of_health(person.profession) else "other"
