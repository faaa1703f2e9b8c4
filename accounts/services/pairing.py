"""Carrying what two browsers of one person say to each other while one adds the other (PROTOCOL.md D, H16).

Nothing here is believed: both check all of it by a code that never passes here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import clock
from accounts.caller import Caller
from accounts.errors import Refused
from accounts.limits import limit
from accounts.models import Pairing, Person
from accounts.services.throttle import take as take_token

_log = structlog.get_logger("accounts")
State = Pairing.State
Rows = QuerySet[Pairing]


@dataclass(frozen=True, slots=True)
class Offer:
    """What the new browser shows of itself."""

    device: bytes
    sign: bytes
    unseal: bytes
    mac: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    addition: bytes
    sealed: bytes
    mac: bytes


@transaction.atomic
def offer(caller: Caller, given: Offer) -> Pairing:
    """In the place of an earlier one: whoever waits for that one sees it over."""
    if caller.device is not None or caller.person.chain is None:
        raise Refused("not_allowed")
    take_token("pairing_account", caller.person.pk.hex)
    Person.objects.select_for_update().get(pk=caller.person.pk)
    Pairing.objects.filter(person=caller.person).delete()
    _log.info("pairing.offered", person=caller.person.pk.hex)
    return Pairing.objects.create(
        person=caller.person,
        offered_by=caller.session,
        device=given.device,
        sign_key=given.sign,
        unseal_key=given.unseal,
        mac=given.mac,
        created_at=clock.now(),
    )


def take(caller: Caller) -> Pairing:
    """Once: of two devices that ask, one gets it."""
    caller.with_device()
    open_now = _live(caller).filter(state=State.OPEN)
    if not open_now.update(state=State.TAKEN, taken_by=caller.session):
        raise Refused("not_found")
    return Pairing.objects.select_related("offered_by").get(person=caller.person)


def answer(caller: Caller, name: str, given: Answer) -> None:
    device = caller.with_device()
    caller.needs_fresh_factor()
    _step(
        _live(caller).filter(pk=name, taken_by=caller.session),
        State.TAKEN,
        state=State.ANSWERED,
        answered_by=device,
        addition=given.addition,
        sealed=given.sealed,
        answer_mac=given.mac,
    )


def countersign(caller: Caller, name: str, signature: bytes) -> None:
    mine = _live(caller).filter(pk=name, offered_by=caller.session)
    _step(mine, State.ANSWERED, state=State.COUNTERSIGNED, countersign=signature)


def drop(caller: Caller, name: str) -> None:
    """By either of the two; dropped twice is dropped."""
    if not _ours(caller).filter(pk=name).update(state=State.OVER, **_NOTHING):
        raise Refused("not_found")


def seen(caller: Caller, name: str) -> Pairing:
    found = _ours(caller).filter(pk=name).first()
    if found is None:
        raise Refused("not_found")
    if found.created_at <= _since():
        found.state = State.OVER
    return found


def until(pairing: Pairing) -> datetime:
    return pairing.created_at + timedelta(seconds=limit("pairing_seconds"))


_NOTHING = {"addition": None, "sealed": None, "answer_mac": None, "countersign": None}


def _step(pairing: Rows, now: str, **change: object) -> None:
    if not pairing.exists():
        raise Refused("not_found")
    if not pairing.filter(state=now).update(**change):
        raise Refused("conflict")


def _live(caller: Caller) -> Rows:
    return Pairing.objects.filter(person=caller.person, created_at__gt=_since())


def _ours(caller: Caller) -> Rows:
    """Only the two browsers that take part; the others of the person learn nothing of it."""
    both = Q(offered_by=caller.session) | Q(taken_by=caller.session)
    return Pairing.objects.filter(both, person=caller.person)


def _since() -> datetime:
    return clock.ago(limit("pairing_seconds"))
