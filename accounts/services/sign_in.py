"""The first step: address and password. Unknown, wrong and suspended cost the same and answer the same."""

import structlog
from django.contrib.auth.hashers import make_password

from accounts.address import address
from accounts.errors import Refused
from accounts.models import Person, Session
from accounts.services.sessions import Issued, begin_session
from accounts.services.throttle import clear, give_back, take
from accounts.source import Source

_log = structlog.get_logger("accounts")


def sign_in(*, email: str, password: str, shared: bool, source: Source, instead_of: Session | None) -> Issued:
    typed = address(email)
    subject = typed or email
    buckets = _buckets(subject, source)
    for name, counted in buckets:
        take(name, counted)
    person = Person.objects.filter(email=typed).first() if typed else None
    if not _knows_password(person, password) or person is None or not person.is_active:
        _log.info("sign_in.refused")
        raise Refused("bad_credentials")
    for name, counted in buckets:
        give_back(name, counted)
    return begin_session(person=person, shared=shared, source=source, instead_of=instead_of)


def forget_tries(person: Person, source: Source) -> None:
    """After a reset: guesses at a password that is over keep nobody out."""
    for name, counted in _buckets(person.email, source)[1:]:
        clear(name, counted)


def _buckets(subject: str, source: Source) -> tuple[tuple[str, str], ...]:
    """An account is slowed where guesses come from: who knows an address must not lock its owner out."""
    return (
        ("password_source", source.address),
        ("password_account", f"{source.address} {subject}"),
        ("password_everywhere", subject),
    )


def _knows_password(person: Person | None, password: str) -> bool:
    if person is None:
        make_password(password)  # the same work as a comparison: time must not tell who has an account
        return False
    return person.check_password(password)
