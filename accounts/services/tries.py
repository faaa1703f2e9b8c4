"""What every second factor costs whoever gives it wrong, whatever its sort: only failures use tries up."""

from collections.abc import Iterator
from contextlib import contextmanager

from accounts.errors import Refused
from accounts.mail import post
from accounts.models import Person, Session
from accounts.services.throttle import give_back, may_take, take
from accounts.source import Source


@contextmanager
def a_try_after_the_password(person: Person, source: Source) -> Iterator[None]:
    """Slowed by account and by source, never by who else is signed in."""
    account, where = person.pk.hex, source.address
    take("code_source", where)
    _take_or_warn(person, source)
    yield
    give_back("code_account", account)
    give_back("code_source", where)


@contextmanager
def a_try_in_session(session: Session) -> Iterator[None]:
    """For a session that gave its factor before: whoever tries elsewhere cannot keep its owner out."""
    take("code_session", str(session.pk))
    yield
    give_back("code_session", str(session.pk))


def _take_or_warn(person: Person, source: Source) -> None:
    try:
        take("code_account", person.pk.hex)
    except Refused:
        if may_take("warning_account", person.pk.hex):
            post("wrong_codes", person.email, source.language)
        raise
