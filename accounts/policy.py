"""Who may do what, as predicates that can be read aloud. No database access here."""

from datetime import datetime, timedelta

from accounts.limits import limit
from accounts.models import Session
from accounts.protocol import Stage


def stage_of(session: Session | None, *, has_factor: bool, at: datetime) -> Stage:
    if session is None or is_over(session, at):
        return "signed_out"
    if not has_factor:
        return "enrol_factor"
    if session.verified_at is None:
        return "second_factor"
    return "locked" if is_idle(session, at) else "signed_in"


def is_over(session: Session, at: datetime) -> bool:
    """Ended, too old, of somebody suspended, or bound to a device that its owner revoked."""
    if session.ended_at is not None or not session.person.is_active:
        return True
    if session.device is not None and session.device.revoked_at is not None:
        return True
    return _lasts(session.created_at, _longest_life(session)) <= at


def is_idle(session: Session, at: datetime) -> bool:
    return _lasts(session.last_seen_at, idle_seconds(session)) <= at


def idle_seconds(session: Session) -> int:
    return limit("idle_shared_seconds" if session.shared else "idle_seconds")


def is_fresh(session: Session, at: datetime) -> bool:
    """A second factor was given a moment ago: asked before acts that a stolen open screen must not do."""
    given = session.fresh_factor_at
    return given is not None and at < _lasts(given, limit("fresh_factor_seconds"))


def _longest_life(session: Session) -> int:
    # A session that never gave its second factor is a door ajar: it closes after minutes.
    return limit("session_seconds" if session.verified_at else "session_unverified_seconds")


def _lasts(start: datetime, amount: int) -> datetime:
    return start + timedelta(seconds=amount)
