"""Numbered revocations, in the order in which they are committed."""

from uuid import UUID

from django.db import transaction

from accounts import clock
from accounts.models import Person, Revocation, Session
from accounts.services.counting import next_number

What = Revocation.What


def revoke_session(session: Session) -> None:
    _number(Revocation(what=What.SESSION, person=session.person_id, session=session.pk))


def revoke_device(person: Person, device: bytes) -> None:
    _number(Revocation(what=What.DEVICE, person=person.pk, device=device))


def revoke_person(person: Person) -> None:
    _number(Revocation(what=What.PERSON, person=person.pk))


def revoke_member(person: UUID, conversation: bytes) -> None:
    """They are out of this conversation; the others of theirs go on."""
    _number(Revocation(what=What.MEMBER, person=person, conversation=conversation))


@transaction.atomic
def _number(revocation: Revocation) -> None:
    """Call it last in a transaction: the count stays locked until the commit."""
    revocation.n = next_number("revocations")
    revocation.at = clock.now()
    revocation.save(force_insert=True)
