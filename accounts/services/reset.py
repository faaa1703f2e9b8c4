"""A forgotten password: a short link, once. It never touches keys and the second factor stays asked for."""

import structlog
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts import clock
from accounts.address import address
from accounts.background import later
from accounts.errors import Refused
from accounts.limits import limit
from accounts.mail import post
from accounts.models import Membership, PasswordReset, Person, Session
from accounts.passwords import is_strong
from accounts.services.factors import forget_wrong_codes
from accounts.services.sessions import Issued, begin_session, end_sessions_of
from accounts.services.sign_in import forget_tries
from accounts.services.throttle import may_take, take
from accounts.source import Source
from accounts.tokens import new_token, token_hash

_log = structlog.get_logger("accounts")


def forgot_password(email: str, source: Source) -> None:
    """Looks the account up in the background: neither answer nor time tells whether it exists."""
    take("link_source", source.address)
    later(lambda: _send_link(email, source.language))


def reset_password(*, token: str, password: str, source: Source, instead_of: Session | None) -> Issued:
    take("link_source", source.address)
    reset = _usable(token)
    if reset is None:
        raise Refused("link_invalid")
    if not is_strong(password, names=_known_words(reset.person)):
        raise Refused("weak_password")
    issued = _reset(reset, make_password(password), source, instead_of)
    post("password_changed", reset.person.email, source.language)
    return issued


def _send_link(email: str, language: str) -> None:
    typed = address(email)
    person = Person.objects.filter(email=typed, state=Person.State.ACTIVE).first() if typed else None
    # Refused silently: an answer would tell that this address has an account.
    if person is None or not may_take("reset_account", person.pk.hex):
        return
    token, now = new_token(), clock.now()
    PasswordReset.objects.create(
        person=person,
        token_hash=token_hash(token),
        created_at=now,
        expires_at=clock.ahead(limit("reset_seconds")),
    )
    link = f"{settings.PUBLIC_ORIGIN}/#/reinitialiser/{token}"
    post("reset", person.email, language, link=link, minutes=limit("reset_seconds") // 60)


def _usable(token: str) -> PasswordReset | None:
    usable = PasswordReset.objects.select_related("person").filter(used_at=None, expires_at__gt=clock.now())
    return usable.filter(token_hash=token_hash(token), person__state=Person.State.ACTIVE).first()


@transaction.atomic
def _reset(reset: PasswordReset, hashed: str, source: Source, instead_of: Session | None) -> Issued:
    if not PasswordReset.objects.filter(pk=reset.pk, used_at=None).update(used_at=clock.now()):
        raise Refused("link_invalid")
    PasswordReset.objects.filter(person=reset.person, used_at=None).update(used_at=clock.now())
    Person.objects.filter(pk=reset.person.pk).update(password=hashed)
    issued = begin_session(person=reset.person, shared=False, source=source, instead_of=instead_of)
    end_sessions_of(reset.person, but=issued.session)
    forget_tries(reset.person, source)
    forget_wrong_codes(reset.person)
    _log.info("password.reset", person=reset.person.pk.hex)
    return issued


def _known_words(person: Person) -> list[str]:
    memberships = Membership.objects.filter(person=person).select_related("organisation")
    names = [membership.organisation.name for membership in memberships]
    return [person.email, person.given, person.family, *names]
