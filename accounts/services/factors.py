"""The second factor: one-time codes of an application, each good once, and the printed ones for bad days."""

import base64
import hmac
import secrets
from dataclasses import dataclass
from math import ceil
from urllib.parse import quote, urlencode

import structlog
from django.db import transaction

from accounts import clock
from accounts.at_rest import open_at_rest, seal_at_rest
from accounts.errors import Refused
from accounts.limits import limit
from accounts.mail import post
from accounts.models import Person, Session, TotpFactor
from accounts.models.factors import STEP_SECONDS, TOLERANCE, code_at
from accounts.queries import has_factor
from accounts.services.enrolment import Confirmed, enrolled, refuse_over_existing, sheet_for
from accounts.services.printed import NewCodes, spend_printed
from accounts.services.sessions import (
    Given,
    Issued,
    end_sessions_verified_by,
    refresh_factor,
    verify_session,
)
from accounts.services.throttle import clear, give_back, may_take, take
from accounts.services.tries import a_try_after_the_password, a_try_in_session
from accounts.source import Source

_log = structlog.get_logger("accounts")
_SEED_BYTES = 20
_MOST_DOUBLINGS = 30
_PURPOSE = "totp-seed"


@dataclass(frozen=True, slots=True)
class Offer:
    uri: str
    secret: str

    def __repr__(self) -> str:
        return "Offer()"


# --- giving a code ----------------------------------------------------------------------------------


def verify_by_code(session: Session, code: str, source: Source) -> Issued:
    """The step after the password."""
    with a_try_after_the_password(session.person, source):
        given = _spend(session.person, code, back_off=True)
    return verify_session(session, given)


def verify_by_printed_code(session: Session, code: str, source: Source) -> Issued:
    person = session.person
    take("code_source", source.address)
    take("printed_account", person.pk.hex)
    spent = spend_printed(person, code)
    give_back("printed_account", person.pk.hex)
    give_back("code_source", source.address)
    issued = verify_session(session, Given(Session.FactorSort.PRINTED, spent.row))
    post("printed_code_used", person.email, source.language, left=spent.left)
    return issued


def unlock(session: Session, code: str) -> Issued:
    return verify_session(session, _spend_in_session(session, code))


def give_fresh_factor(session: Session, code: str) -> None:
    refresh_factor(session, _spend_in_session(session, code))


def _spend_in_session(session: Session, code: str) -> Given:
    with a_try_in_session(session):
        return _spend(session.person, code, back_off=False)


def forget_wrong_codes(person: Person) -> None:
    """After a reset of the password: who knew the old one tried, and cannot any more. Once a day only:
    whoever reads the mails must not win codes to guess with every link."""
    TotpFactor.objects.filter(user=person).update(
        throttling_failure_count=0, throttling_failure_timestamp=None
    )
    if may_take("codes_forgotten_account", person.pk.hex):
        clear("code_account", person.pk.hex)
        clear("printed_account", person.pk.hex)


def _spend(person: Person, code: str, *, back_off: bool) -> Given:
    # Raised outside the transaction: a refusal must not undo the count of failures.
    spent = _spent(person, code, back_off=back_off)
    if spent is None:
        _log.info("factor.refused", person=person.pk.hex)
        raise Refused("bad_code")
    return _given(spent)


def _given(factor: TotpFactor) -> Given:
    return Given(Session.FactorSort.TOTP, factor.pk)


@transaction.atomic
def _spent(person: Person, code: str, *, back_off: bool) -> TotpFactor | None:
    factor = TotpFactor.objects.select_for_update().filter(user=person, confirmed=True).first()
    if factor is None:
        return None
    if back_off:
        _refuse_while_backing_off(factor)
    step = _matching_step(factor, code)
    taken = step is not None and _take_step(factor, step)
    if not taken and back_off:
        factor.throttle_increment()
    return factor if taken else None


def _take_step(factor: TotpFactor, step: int) -> bool:
    """The condition is the lock where the database has no row locks: of many, one update finds its row."""
    earlier = TotpFactor.objects.filter(pk=factor.pk, last_step__lt=step)
    taken = earlier.update(last_step=step, throttling_failure_count=0, throttling_failure_timestamp=None)
    return bool(taken)


def _refuse_while_backing_off(factor: TotpFactor) -> None:
    failures, last = factor.throttling_failure_count, factor.throttling_failure_timestamp
    if not failures or last is None:
        return
    doubled = limit("factor_backoff_seconds") * 2 ** min(failures - 1, _MOST_DOUBLINGS)
    left = min(doubled, limit("factor_backoff_most_seconds")) - (clock.now() - last).total_seconds()
    if left > 0:
        raise Refused("throttled", retry_after=max(1, ceil(left)))


def _matching_step(factor: TotpFactor, code: str) -> int | None:
    typed = "".join(code.split())
    key = open_at_rest(bytes(factor.key_sealed), purpose=_PURPOSE, owner=factor.user_id.hex)
    current = clock.seconds(clock.now()) // STEP_SECONDS
    steps = range(current - TOLERANCE, current + TOLERANCE + 1)
    found = [step for step in steps if hmac.compare_digest(code_at(key, step).encode(), typed.encode())]
    return found[-1] if found else None


# --- enrolment --------------------------------------------------------------------------------------


@transaction.atomic
def begin_totp(session: Session) -> Offer:
    """A new seed, worth nothing until confirmed; beginning again throws the earlier one away."""
    person = session.person
    refuse_over_existing(session)
    seed = secrets.token_bytes(_SEED_BYTES)
    TotpFactor.objects.filter(user=person, confirmed=False).delete()
    _store_seed(person, seed, confirmed=False)
    return _offer(person, seed)


def enrol_at_once(person: Person, seed: bytes) -> None:
    """For an account made on the machine itself, whose seed is shown there once."""
    _store_seed(person, seed, confirmed=True)


def _store_seed(person: Person, seed: bytes, *, confirmed: bool) -> None:
    TotpFactor.objects.create(
        user=person,
        name="totp",
        confirmed=confirmed,
        key_sealed=seal_at_rest(seed, purpose=_PURPOSE, owner=person.pk.hex),
        created_at=clock.now(),
    )


def confirm_totp(session: Session, code: str, source: Source) -> Confirmed:
    with a_try_in_session(session):
        _refuse_wrong(session, code)
        sheet = sheet_for(session.person)  # slow: for nobody who only guesses
        confirmed = _confirm(session, code, sheet)
    post("factor_changed", session.person.email, source.language)
    return confirmed


@transaction.atomic
def _confirm(session: Session, code: str, sheet: NewCodes | None) -> Confirmed:
    person = Person.objects.select_for_update().get(pk=session.person_id)
    begun, step = _refuse_wrong(session, code)
    is_first = not has_factor(person)
    _replace(person, but=session)
    begun.confirmed, begun.last_step = True, step
    begun.save()
    return enrolled(session, _given(begun), sheet, is_first=is_first)


def _replace(person: Person, *, but: Session) -> None:
    """A person has one generator of codes: the one before goes, and what rested on it."""
    for earlier in TotpFactor.objects.filter(user=person, confirmed=True):
        end_sessions_verified_by(person, _given(earlier), but=but)
        earlier.delete()


def _refuse_wrong(session: Session, code: str) -> tuple[TotpFactor, int]:
    """What was begun, and the step that the code is of."""
    refuse_over_existing(session)
    begun = TotpFactor.objects.filter(user=session.person_id, confirmed=False).first()
    step = _matching_step(begun, code) if begun else None
    if begun is None or step is None:
        raise Refused("bad_code")
    return begun, step


def _offer(person: Person, seed: bytes) -> Offer:
    secret = base64.b32encode(seed).decode()
    facts = urlencode({"secret": secret, "issuer": "Colloque", "period": STEP_SECONDS, "digits": 6})
    return Offer(f"otpauth://totp/{quote(f'Colloque:{person.email}')}?{facts}", secret)
