"""Sessions begin, rise and end here. The token changes at every rise: a planted one is worth nothing."""

from dataclasses import dataclass

import structlog
from django.db import transaction

from accounts import clock
from accounts.models import Person, Session
from accounts.services.revocations import revoke_session
from accounts.signals import session_ended
from accounts.source import Source
from accounts.tokens import new_token, token_hash

_log = structlog.get_logger("accounts")


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
        agent=source.agent,
    )
    if instead_of is not None:
        end_session(instead_of)
    _log.info("session.begun", person=person.pk.hex, session=session.pk)
    return Issued(session, token)


@transaction.atomic
def verify_session(session: Session) -> Issued:
    """The second factor was given: signed in, awake, fresh, under a new token."""
    now, token = clock.now(), new_token()
    session.verified_at = session.verified_at or now
    session.last_seen_at = session.fresh_factor_at = now
    session.token_hash = token_hash(token)
    changed = {"verified_at", "last_seen_at", "fresh_factor_at", "token_hash"}
    session.save(update_fields=changed)
    _log.info("session.verified", person=session.person_id.hex, session=session.pk)
    return Issued(session, token)


def refresh_factor(session: Session) -> None:
    now = clock.now()
    Session.objects.filter(pk=session.pk).update(fresh_factor_at=now, last_seen_at=now)
    session.fresh_factor_at = session.last_seen_at = now


@transaction.atomic
def end_session(session: Session) -> None:
    """Once: a second call changes nothing and says nothing."""
    ended = Session.objects.filter(pk=session.pk, ended_at=None).update(
        ended_at=clock.now(), challenge=None, challenge_at=None
    )
    if not ended:
        return
    session_ended.send(sender=Session, person=session.person_id, session=session.pk)
    _log.info("session.ended", person=session.person_id.hex, session=session.pk)
    revoke_session(session)


@transaction.atomic
def end_sessions_of(person: Person, *, but: Session | None = None) -> None:
    running = Session.objects.select_related("person").filter(person=person, ended_at=None)
    for session in running:
        if but is None or session.pk != but.pk:
            end_session(session)
