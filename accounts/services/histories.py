"""Histories: what a client compares to know that the server was restored (PROTOCOL.md T1, T2)."""

import os
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Max

from accounts import clock
from accounts.errors import Refused
from accounts.limits import limit
from accounts.models import Action, History, KeyLogEntry, PaperRemoval, PasswordReset, Session
from accounts.services.sessions import end_all_sessions
from accounts.signals import history_began

_log = structlog.get_logger("accounts")
_ID = 16


def current_history() -> History:
    found = History.objects.order_by("-n").first()
    if found is None:
        made = {"id": os.urandom(_ID), "began_at": clock.now()}
        found, _ = History.objects.get_or_create(n=1, defaults=made)
    return found


@transaction.atomic
def begin_history() -> History:
    """After a restoration, before the server starts: whatever was revoked since the backup is alive again,
    so no session goes on; and nobody appends before those who hold more have had time to say so."""
    before, known = current_history(), last_known_moment()
    began = History.objects.create(
        n=before.n + 1, id=os.urandom(_ID), began_at=clock.now(), restored_at=known or before.began_at
    )
    end_all_sessions()
    PasswordReset.objects.all().delete()  # used since, perhaps
    PaperRemoval.objects.all().delete()  # cancelled since, perhaps (K19)
    history_began.send(sender=History, until=grace_of(began))
    _log.warning("history.began", n=began.n)
    return began


def last_known_moment() -> datetime | None:
    """When this database last heard of anything."""
    moments = (
        Session.objects.aggregate(last=Max("last_seen_at"))["last"],
        KeyLogEntry.objects.aggregate(last=Max("created_at"))["last"],
        Action.objects.aggregate(last=Max("at"))["last"],
    )
    return max((moment for moment in moments if moment is not None), default=None)


def grace_of(history: History) -> datetime:
    return history.began_at + timedelta(seconds=limit("restored_grace_seconds"))


def takes_back_until(history: History) -> datetime | None:
    """None: in the first history there is nothing to take back."""
    if history.restored_at is None:
        return None
    return history.began_at + timedelta(seconds=limit("restored_window_seconds"))


def takes_back(history: History) -> bool:
    until = takes_back_until(history)
    return until is not None and clock.now() < until


def check_takes_back(named: bytes) -> None:
    """H20: what is given back is meant for this history, and for as long as it asks for it."""
    history = current_history()
    if bytes(history.id) != named:
        raise Refused("conflict")
    if not takes_back(history):
        raise Refused("not_allowed")


def refuse_in_grace() -> None:
    """T2, for whatever has no row of its own that would say so."""
    history = current_history()
    if history.restored_at is not None:
        refuse_until(grace_of(history))


def refuse_until(moment: datetime | None) -> None:
    left = 0 if moment is None else (moment - clock.now()).total_seconds()
    if left > 0:
        raise Refused("restoring", retry_after=int(left) + 1)
