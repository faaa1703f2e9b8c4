"""The log of what administrators do. Written in the transaction of the act, or alone when it was refused."""

from dataclasses import dataclass
from uuid import UUID

import structlog

from accounts import clock
from accounts.models import Action, Device, Invitation, Membership, Organisation, Person, Session
from accounts.models.actions import Outcome, TargetSort, What
from accounts.source import Source

_log = structlog.get_logger("accounts")
Thing = Person | Organisation | Invitation | Membership | Session | Device


@dataclass(frozen=True, slots=True)
class Target:
    """What an act was done to, and whom that concerns."""

    sort: TargetSort
    id: str
    person: UUID | None = None
    organisation: UUID | None = None


def record(what: What, on: Thing, *, by: Person, source: Source, outcome: Outcome = Outcome.DONE) -> None:
    target = target_of(on)
    Action.objects.create(
        at=clock.now(),
        actor=by.pk,
        what=what,
        outcome=outcome,
        sort=target.sort,
        target=target.id,
        person=target.person,
        organisation=target.organisation,
        address=source.address,
    )
    _log.info(f"admin.{what}", person=by.pk.hex, code=str(outcome))


def target_of(thing: Thing) -> Target:
    match thing:
        case Person():
            return Target(TargetSort.PERSON, thing.pk.hex, person=thing.pk)
        case Organisation():
            return Target(TargetSort.ORGANISATION, thing.pk.hex, organisation=thing.pk)
        case Invitation():
            return Target(TargetSort.INVITATION, thing.pk.hex, organisation=thing.organisation_id)
        case Membership():
            whose = {"person": thing.person_id, "organisation": thing.organisation_id}
            return Target(TargetSort.MEMBERSHIP, str(thing.pk), **whose)
        case Session():
            return Target(TargetSort.SESSION, str(thing.pk), person=thing.person_id)
        case Device():
            return Target(TargetSort.DEVICE, bytes(thing.pk).hex(), person=thing.person_id)
