"""What an organisation does to a person's account: suspend and resume. Never anything about keys."""

import structlog
from django.db import IntegrityError, transaction

from accounts import clock
from accounts.errors import Refused
from accounts.models import Organisation, Person
from accounts.services.invitations import Identity
from accounts.services.revocations import revoke_person
from accounts.services.sessions import end_sessions_of
from accounts.signals import person_resumed, person_suspended

_log = structlog.get_logger("accounts")
_FACTS = ("given", "family", "profession", "civility", "speciality", "rpps", "place")


def organisation_named(name: str) -> Organisation:
    found, _ = Organisation.objects.get_or_create(name=name, defaults={"created_at": clock.now()})
    return found


@transaction.atomic
def suspend(person: Person) -> None:
    active = Person.objects.filter(pk=person.pk, state=Person.State.ACTIVE)
    if not active.update(state=Person.State.SUSPENDED):
        return
    _tell(person, suspended=True)
    end_sessions_of(person)
    revoke_person(person)


@transaction.atomic
def resume(person: Person) -> None:
    suspended = Person.objects.filter(pk=person.pk, state=Person.State.SUSPENDED)
    if suspended.update(state=Person.State.ACTIVE):
        _tell(person, suspended=False)


@transaction.atomic
def describe(person: Person, facts: Identity) -> None:
    """What the organisation says of somebody, said anew; colleagues who know them are shown the change."""
    for field in _FACTS:
        setattr(person, field, getattr(facts, field))
    person.search = person.words_for_search()
    try:
        with transaction.atomic():
            person.save(update_fields={*_FACTS, "search"})
    except IntegrityError as taken:  # the number is somebody else's
        raise Refused("conflict") from taken


def _tell(person: Person, *, suspended: bool) -> None:
    signal = person_suspended if suspended else person_resumed
    chain = bytes(person.chain) if person.chain is not None else None
    signal.send(sender=Person, person=person.pk, chain=chain)
    _log.info("person.suspended" if suspended else "person.resumed", person=person.pk.hex)
