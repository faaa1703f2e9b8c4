"""Who is calling. The only place that says so; every route and every socket action asks here.

A caller is a session that is not over (ended, 12 h, person suspended, device revoked), whose person has a
confirmed second factor that was given on this very session, and that is not locked by idling.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, parse_cookie

from accounts import clock
from accounts.errors import AccountCode, Refused
from accounts.limits import limit
from accounts.models import Passkey, Person, Revocation, Session, TotpFactor
from accounts.policy import idle_seconds, is_fresh, signed_in, stage_of
from accounts.protocol import Stage
from accounts.tokens import token_hash

Scope = Mapping[str, Any]  # ASGI's own type
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_CODE: dict[Stage, AccountCode] = {
    "signed_out": "signed_out",
    "second_factor": "second_factor_needed",
    "enrol_factor": "second_factor_needed",
    "locked": "locked",
    "signed_in": "not_allowed",
}


@dataclass(frozen=True, slots=True)
class Visit:
    """A request at whatever stage it is; `session` is None exactly when signed out."""

    stage: Stage
    session: Session | None

    def __repr__(self) -> str:
        return f"Visit({self.stage}, session={self.session.pk if self.session else None})"


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody signed in with both factors. `device` is set once the session is bound to one (H7)."""

    person: Person
    session: Session
    device: bytes | None

    def __repr__(self) -> str:
        return f"Caller(person={self.person.pk.hex}, session={self.session.pk})"

    def with_device(self) -> bytes:
        """The bound device; raises Refused where a route or the socket needs one."""
        if self.device is None:
            raise Refused("not_allowed")
        return self.device

    def needs_fresh_factor(self) -> None:
        if not is_fresh(self.session, clock.now()):
            raise Refused("fresh_factor_needed")


def caller_of(source: HttpRequest | Scope, *, act: bool | None = None) -> Caller:
    """Raises Refused. Only an act of the person keeps the session awake: by default an unsafe HTTP method
    does, a socket's opening and reading in the background do not (see `touch`)."""
    visit = visit_of(source)
    if visit.stage != "signed_in" or visit.session is None:
        raise Refused(_CODE[visit.stage])
    caller = _caller(visit.session)
    if _is_act(source) if act is None else act:
        touch(caller)
    return caller


def caller_at(source: HttpRequest | Scope, *stages: Stage) -> Visit:
    """For the routes that need less than a full sign-in. Raises Refused with what is missing."""
    visit = visit_of(source)
    if visit.stage not in stages:
        raise Refused(_CODE[visit.stage])
    return visit


def visit_of(source: HttpRequest | Scope) -> Visit:
    token = _cookie(source)
    row = _rows().filter(admin=False, token_hash=token_hash(token)).first() if token else None
    stage = _stage(row)
    return Visit(stage, None if stage == "signed_out" else row)


def administrator_of(request: HttpRequest) -> Caller | None:
    """Who calls on the administration's host: by a session begun there, awake, of somebody of the staff."""
    token = request.COOKIES.get(settings.ADMIN_COOKIE_NAME)
    row = _rows().filter(admin=True, token_hash=token_hash(token)).first() if token else None
    if row is None or _stage(row) != "signed_in" or not row.person.is_staff:
        return None
    caller = _caller(row)
    touch(caller)  # whatever is asked for there, somebody clicked
    return caller


def caller_still(caller: Caller) -> bool:
    """One short query: may what was allowed at the start go on?"""
    return caller.session.pk in sessions_still([caller.session.pk])


def sessions_still(sessions: Iterable[int]) -> frozenset[int]:
    """Of these sessions, the ones whose callers may still be served: for the sweep over all open sockets."""
    rows = Session.objects.filter(signed_in(clock.now()), _confirmed(), pk__in=list(sessions))
    return frozenset(rows.values_list("pk", flat=True))


def touch(caller: Caller) -> None:
    """The person did something: typed, sent, read. Written at most once a minute; wakes no locked session."""
    awake = Session.objects.filter(
        pk=caller.session.pk, ended_at=None, last_seen_at__gt=clock.ago(idle_seconds(caller.session))
    )
    awake.filter(last_seen_at__lt=clock.ago(limit("session_touch_seconds"))).update(last_seen_at=clock.now())


def revocations_after(n: int) -> list[Revocation]:
    """In commit order, without holes: a reader that remembers the last `n` misses none."""
    return list(Revocation.objects.filter(n__gt=n).order_by("n")[:1000])


def last_revocation(*, before: datetime) -> int:
    earlier = Revocation.objects.filter(at__lt=before).order_by("-n")
    return earlier.values_list("n", flat=True).first() or 0


def _rows() -> QuerySet[Session]:
    return Session.objects.select_related("person", "device").annotate(has_factor=_confirmed())


def _confirmed() -> Q:
    theirs = {"user": OuterRef("person"), "confirmed": True}
    return Q(Exists(TotpFactor.objects.filter(**theirs)) | Exists(Passkey.objects.filter(**theirs)))


def _stage(row: Session | None) -> Stage:
    return stage_of(row, has_factor=bool(getattr(row, "has_factor", False)), at=clock.now())


def _caller(session: Session) -> Caller:
    device = session.device
    return Caller(session.person, session, bytes(device.pk) if device else None)


def _is_act(source: HttpRequest | Scope) -> bool:
    return isinstance(source, HttpRequest) and source.method not in SAFE_METHODS


def _cookie(source: HttpRequest | Scope) -> str | None:
    if isinstance(source, HttpRequest):
        return source.COOKIES.get(settings.SESSION_COOKIE_NAME)
    return _cookie_of_headers(source.get("headers", ()))


def _cookie_of_headers(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    lines = [value.decode("latin-1") for name, value in headers if name.lower() == b"cookie"]
    return parse_cookie("; ".join(lines)).get(settings.SESSION_COOKIE_NAME)
