"""Removing a code de secours (PROTOCOL.md K19): at once by whoever holds it or an older one, otherwise
slowly, told to all devices and by mail, cancelled by any. A thief of one browser does neither unseen."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from accounts import clock
from accounts.caller import Caller
from accounts.consent import stands_at_once
from accounts.errors import Refused
from accounts.keylog import KeyLog
from accounts.limits import limit
from accounts.mail import LANGUAGES, post
from accounts.models import Device, PaperRemoval, Person
from accounts.objects import read_object
from accounts.signals import paper_removal_moved
from accounts.statements import DeviceRevoke, read_statement

_log = structlog.get_logger("accounts")


@transaction.atomic
def ask_removal(caller: Caller, *, device: bytes) -> None:
    """Asked again while it runs, it starts no anew: nobody is kept waiting by it, and nobody hurried."""
    caller.with_device()
    caller.needs_fresh_factor()
    paper = _own_paper(caller.person, device)
    removal, is_new = PaperRemoval.objects.get_or_create(device=paper, defaults={"asked_at": clock.now()})
    if not is_new and _is_over(removal):
        removal.asked_at, is_new = clock.now(), True
        removal.save(update_fields=["asked_at"])
    if is_new:
        _tell(caller.person, asked=True)


@transaction.atomic
def keep_paper(caller: Caller, *, device: bytes) -> None:
    caller.with_device()
    if PaperRemoval.objects.filter(device=_own_paper(caller.person, device)).delete()[0]:
        _tell(caller.person, asked=False)


def refuse_protected(log: KeyLog, data: bytes, consent: bytes | None) -> None:
    """For a statement that `log` accepts. Raises Refused where the code of paper still has the last word."""
    if stands_at_once(log, data, consent):
        return
    statement = read_statement(read_object(data, "key-log").body)
    assert isinstance(statement, DeviceRevoke)
    removal = PaperRemoval.objects.filter(device=statement.device).first()
    if removal is None or clock.now() < due_at(removal) or _is_over(removal):
        raise Refused("paper_protected")


def removals_of(person: Person) -> list[PaperRemoval]:
    """Those that run: asked for, neither cancelled nor forgotten."""
    asked = PaperRemoval.objects.filter(device__person=person, device__chain=person.chain)
    rows = asked.filter(device__revoked_at=None).order_by("asked_at", "pk")
    return [removal for removal in rows if not _is_over(removal)]


def due_at(removal: PaperRemoval) -> datetime:
    return removal.asked_at + timedelta(seconds=limit("paper_removal_seconds"))


def _is_over(removal: PaperRemoval) -> bool:
    return removal.asked_at <= clock.ago(limit("paper_removal_most_seconds"))


def _own_paper(person: Person, device: bytes) -> Device:
    """Somebody else's, a browser, one revoked and none are refused alike."""
    papers = Device.objects.filter(person=person, chain=person.chain, sort=Device.Sort.PAPER)
    found = papers.filter(pk=device, revoked_at=None).first()
    if found is None:
        raise Refused("not_found")
    return found


def _tell(person: Person, *, asked: bool) -> None:
    paper_removal_moved.send(sender=Person, person=person.pk, n=person.key_head_n)
    post("paper_removal" if asked else "paper_kept", person.email, LANGUAGES[0], hours=_hours())
    _log.info("paper.removal_asked" if asked else "paper.kept", person=person.pk.hex)


def _hours() -> int:
    return limit("paper_removal_seconds") // 3600
