"""The first step: address and password. Unknown, wrong and suspended cost the same and answer the same."""

import structlog
from django.contrib.auth.hashers import make_password

from accounts.address import address
from accounts.errors import Refused
from accounts.models import Person, Session
from accounts.services.sessions import Issued, begin_session
from accounts.services.throttle import give_back, take
from accounts.source import Source

_log = structlog.get_logger("accounts")


def sign_in(*, email: str, password: str, shared: bool, source: Source, instead_of: Session | None) -> Issued:
    typed = address(email)
    subject = typed or email
    take("password_source", source.address)
    take("password_account", subject)
    person = Person.objects.filter(email=typed).first() if typed else None
    if not _knows_password(person, password) or person is None or not person.is_active:
        _log.info("sign_in.refused")
        raise Refused("bad_credentials")
    give_back("password_source", source.address)
    give_back("password_account", subject)
    return begin_session(person=person, shared=shared, source=source, instead_of=instead_of)


def _knows_password(person: Person | None, password: str) -> bool:
    if person is None:
        make_password(password)  # the same work as a comparison: time must not tell who has an account
        return False
    return person.check_password(password)
