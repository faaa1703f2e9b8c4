"""Who may do what, as predicates that can be read aloud. No database access here."""

from datetime import datetime, timedelta

from django.db.models import Q

from accounts.limits import limit
from accounts.models import Device, Person, Session
from accounts.protocol import Stage


def stage_of(session: Session | None, *, has_factor: bool, at: datetime) -> Stage:
    if session is None or is_over(session, at):
        return "signed_out"
    if not has_factor:
        return "enrol_factor"
    if session.verified_at is None:
        return "second_factor"
    return "locked" if is_idle(session, at) else "signed_in"


def signed_in(at: datetime) -> Q:
    """The same as `signed_in` of `stage_of`, asked of the table: for many sessions at once, that saves making
    objects of them. Whether a second factor is confirmed is not in it."""
    awake = Q(shared=False, last_seen_at__gt=at - timedelta(seconds=limit("idle_seconds"))) | Q(
        shared=True, last_seen_at__gt=at - timedelta(seconds=limit("idle_shared_seconds"))
    )
    lasting = Q(ended_at=None, created_at__gt=at - timedelta(seconds=limit("session_seconds")))
    served = Q(person__state=Person.State.ACTIVE, device__revoked_at=None, device__cut_off_at=None)
    return Q(admin=False, verified_at__isnull=False) & lasting & awake & served


def is_over(session: Session, at: datetime) -> bool:
    """Ended, too old, of somebody suspended, or bound to a device that is served no more."""
    if session.ended_at is not None or not session.person.is_active:
        return True
    if session.device is not None and is_cut(session.device):
        return True
    return _lasts(session.created_at, _longest_life(session)) <= at


def is_cut(device: Device) -> bool:
    """Revoked by its owner in the key log, or cut off by an administrator, who cannot write there."""
    return device.revoked_at is not None or device.cut_off_at is not None


def is_idle(session: Session, at: datetime) -> bool:
    return _lasts(session.last_seen_at, idle_seconds(session)) <= at


def idle_seconds(session: Session) -> int:
    if session.admin:
        return limit("admin_idle_seconds")
    return limit("idle_shared_seconds" if session.shared else "idle_seconds")


def is_fresh(session: Session, at: datetime) -> bool:
    """A second factor was given a moment ago: asked before acts that a stolen open screen must not do."""
    given = session.fresh_factor_at
    return given is not None and at < _lasts(given, limit("fresh_factor_seconds"))


def _longest_life(session: Session) -> int:
    # A session that never gave its second factor is a door ajar: it closes after minutes.
    if session.verified_at is None:
        return limit("session_unverified_seconds")
    return limit("admin_session_seconds" if session.admin else "session_seconds")


def may_act_on(by: Person, on: Person) -> bool:
    """Nobody acts on themselves in the administration; on an administrator, only one of the first rank."""
    return by.pk != on.pk and (by.is_superuser or not on.is_staff)


def may_grant(by: Person, on: Person) -> bool:
    """Who lets others into the administration. Nobody lets in, raises or puts out themselves."""
    return by.is_superuser and by.pk != on.pk


def _lasts(start: datetime, amount: int) -> datetime:
    return start + timedelta(seconds=amount)
