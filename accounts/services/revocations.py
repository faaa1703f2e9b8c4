"""Numbered revocations, in the order in which they are committed."""

from django.db import transaction

from accounts import clock
from accounts.models import Person, Revocation, Session
from accounts.services.counting import next_number


def revoke_session(session: Session) -> None:
    _number("session", person=session.person, session=session.pk)


def revoke_device(person: Person, device: bytes) -> None:
    _number("device", person=person, device=device)


def revoke_person(person: Person) -> None:
    _number("person", person=person)


@transaction.atomic
def _number(what: str, *, person: Person, session: int | None = None, device: bytes | None = None) -> None:
    """Call it last in a transaction: the count stays locked until the commit."""
    n = next_number("revocations")
    Revocation.objects.create(
        n=n, what=what, person=person.pk, session=session, device=device, at=clock.now()
    )
