"""Sessions begin, rise and end here. The token changes at every rise: a planted one is worth nothing."""

from dataclasses import dataclass

import structlog
from django.db import transaction
from django.db.models import QuerySet

from accounts import clock
from accounts.errors import Refused
from accounts.models import Person, Session
from accounts.policy import is_over
from accounts.queries import holds_factor
from accounts.services.revocations import revoke_session
from accounts.signals import session_ended
from accounts.source import Source
from accounts.tokens import new_token, token_hash

_log = structlog.get_logger("accounts")


@dataclass(frozen=True, slots=True)
class Given:
    """Which second factor was given: its sort, and its row."""

    sort: Session.FactorSort
    row: int


@dataclass(frozen=True, slots=True)
class Issued:
    """A session and the token for its cookie, which is nowhere else."""

    session: Session
    token: str

    def __repr__(self) -> str:
        return f"Issued(session={self.session.pk})"


@transaction.atomic
def begin_session(*, person: Person, shared: bool, source: Source, instead_of: Session | None) -> Issued:
    """At stage second factor (or its enrolment). What the browser had before ends."""
    now, token = clock.now(), new_token()
    session = Session.objects.create(
        token_hash=token_hash(token),
        person=person,
        created_at=now,
        last_seen_at=now,
        shared=shared,
        browser=source.browser,
        platform=source.platform,
    )
    if instead_of is not None:
        end_session(instead_of)
    _log.info("session.begun", person=person.pk.hex, session=session.pk)
    return Issued(session, token)


@transaction.atomic
def verify_session(session: Session, by: Given) -> Issued:
    """The second factor was given: signed in, awake, fresh, under a new token."""
    _refuse_removed(session, by)
    now, token = clock.now(), new_token()
    session.verified_at = session.verified_at or now
    session.last_seen_at = session.fresh_factor_at = now
    session.factor_sort, session.factor = by.sort, by.row
    session.token_hash = token_hash(token)
    changed = {"verified_at", "last_seen_at", "fresh_factor_at", "factor_sort", "factor", "token_hash"}
    session.save(update_fields=changed)
    _log.info("session.verified", person=session.person_id.hex, session=session.pk)
    return Issued(session, token)


@transaction.atomic
def refresh_factor(session: Session, by: Given) -> None:
    _refuse_removed(session, by)
    now = clock.now()
    Session.objects.filter(pk=session.pk).update(
        fresh_factor_at=now, last_seen_at=now, factor_sort=by.sort, factor=by.row
    )
    session.fresh_factor_at = session.last_seen_at = now
    session.factor_sort, session.factor = by.sort, by.row


def _refuse_removed(session: Session, by: Given) -> None:
    """It was recognised in an earlier transaction. Whoever removes one holds this lock too: what is removed
    before is missing here, what is removed later ends this session."""
    person = Person.objects.select_for_update().get(pk=session.person_id)
    if not holds_factor(person, by.sort, by.row):
        raise Refused("bad_passkey" if by.sort == Session.FactorSort.PASSKEY else "bad_code")


def live_sessions(person: Person) -> list[Session]:
    """Where this person is signed in with both factors, the last used first; a locked one can be unlocked."""
    rows = Session.objects.select_related("person", "device").filter(person=person, ended_at=None)
    now = clock.now()
    signed_in = rows.exclude(verified_at=None).order_by("-last_seen_at", "-pk")
    return [session for session in signed_in if not is_over(session, now)]


@transaction.atomic
def end_session(session: Session) -> None:
    """Once: a second call changes nothing and says nothing."""
    ended = Session.objects.filter(pk=session.pk, ended_at=None).update(
        ended_at=clock.now(),
        challenge=None,
        challenge_at=None,
        passkey_challenge=None,
        passkey_challenge_at=None,
    )
    if not ended:
        return
    session_ended.send(sender=Session, person=session.person_id, session=session.pk)
    _log.info("session.ended", person=session.person_id.hex, session=session.pk)
    revoke_session(session)


def end_session_named(person: Person, name: str) -> None:
    """Somebody else's, one that is over and one that never was are refused alike."""
    named = next((session for session in live_sessions(person) if session.name.hex == name), None)
    if named is None:
        raise Refused("not_found")
    end_session(named)


@transaction.atomic
def end_sessions_of(person: Person, *, but: Session | None = None) -> None:
    _end_all(Session.objects.filter(person=person), but)


@transaction.atomic
def end_sessions_verified_by(person: Person, factor: Given, *, but: Session | None = None) -> None:
    """This factor is removed: what rests on it ends."""
    _end_all(Session.objects.filter(person=person, factor_sort=factor.sort, factor=factor.row), but)


@transaction.atomic
def end_sessions_verified_by_sheet(person: Person, *, but: Session) -> None:
    """Printed codes go as a whole sheet, and whoever found it may have used any of them."""
    _end_all(Session.objects.filter(person=person, factor_sort=Session.FactorSort.PRINTED), but)


@transaction.atomic
def end_all_sessions() -> None:
    """Everybody's: the server was restored, and what was ended since the backup would go on."""
    _end_all(Session.objects.all(), None)


def _end_all(sessions: QuerySet[Session], but: Session | None) -> None:
    # In one order, so that two who end the same never wait for each other.
    for session in sessions.select_related("person").filter(ended_at=None).order_by("pk"):
        if but is None or session.pk != but.pk:
            end_session(session)
