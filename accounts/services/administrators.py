"""Who may enter the administration, and how they do. Nothing here touches keys."""

import base64
import secrets
from dataclasses import dataclass

import structlog
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts import clock
from accounts.errors import Refused
from accounts.models import Person, Session
from accounts.models.actions import What
from accounts.policy import may_grant
from accounts.services.actions import record
from accounts.services.factors import enrol_at_once, verify_by_code
from accounts.services.invitations import Identity
from accounts.services.sessions import Issued, end_session
from accounts.services.sign_in import sign_in
from accounts.source import Source

_log = structlog.get_logger("accounts")
_SEED_BYTES = 20
_PASSWORD_BYTES = 18


@dataclass(frozen=True, slots=True)
class Made:
    """Shown once to whoever runs the command; the database keeps a hash and a sealed seed."""

    person: Person
    password: str
    secret: str

    def __repr__(self) -> str:
        return f"Made({self.person})"


def enter(*, email: str, password: str, code: str, source: Source) -> Issued:
    """Password and one-time code at once. Whoever lacks one of three things (a right password, a right code,
    the right to be here) is not told which."""
    begun = sign_in(email=email, password=password, shared=False, source=source, instead_of=None)
    session = begun.session
    try:
        issued = verify_by_code(_moved_here(session), code, source)
        if not session.person.is_staff:
            raise Refused("bad_credentials")
    except Refused:
        end_session(session)
        raise
    record(What.SIGNED_IN, session, by=session.person, source=source)
    return issued


@transaction.atomic
def leave(session: Session, source: Source) -> None:
    end_session(session)
    record(What.SIGNED_OUT, session, by=session.person, source=source)


@transaction.atomic
def make_first_administrator(identity: Identity) -> Made:
    """From the machine itself, where nobody has to be asked. Somebody who has an account keeps theirs."""
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    person = Person(
        email=identity.email,
        given=identity.given,
        family=identity.family,
        profession=identity.profession,
        place=identity.place,
        password=make_password(password),
        created_at=clock.now(),
        is_staff=True,
        is_superuser=True,
    )
    person.search = person.words_for_search()
    person.save(force_insert=True)
    seed = secrets.token_bytes(_SEED_BYTES)
    enrol_at_once(person, seed)
    _log.info("administrator.made", person=person.pk.hex)
    return Made(person, password, base64.b32encode(seed).decode())


def raise_to_first_rank(person: Person) -> None:
    """From the machine itself: into the administration, with the password and the factor they have."""
    Person.objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
    _log.info("administrator.raised", person=person.pk.hex)


def grant_staff(person: Person, *, by: Person) -> None:
    if not may_grant(by, person) or not person.is_active:
        raise Refused("not_allowed")
    Person.objects.filter(pk=person.pk).update(is_staff=True)


@transaction.atomic
def withdraw_staff(person: Person, *, by: Person) -> None:
    if not may_grant(by, person):
        raise Refused("not_allowed")
    Person.objects.filter(pk=person.pk).update(is_staff=False, is_superuser=False)
    for session in Session.objects.select_related("person").filter(person=person, admin=True, ended_at=None):
        end_session(session)


def _moved_here(session: Session) -> Session:
    """Before its token rises: that of the first step was given to nobody."""
    Session.objects.filter(pk=session.pk).update(admin=True)
    session.admin = True
    return session
