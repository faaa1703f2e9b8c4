"""What a person's second factors have in common, whatever their sort: added over a fresh one, told by mail,
the first with a sheet of printed codes; removed but for the last, and what rested on it ends."""

from dataclasses import dataclass

import structlog
from django.db import transaction

from accounts import clock
from accounts.errors import Refused
from accounts.mail import post
from accounts.models import Passkey, Person, PrintedCode, Session, TotpFactor
from accounts.policy import is_fresh
from accounts.queries import has_factor
from accounts.services.printed import NewCodes, new_codes, replace_codes
from accounts.services.sessions import (
    Given,
    Issued,
    end_sessions_of,
    end_sessions_verified_by,
    end_sessions_verified_by_sheet,
    verify_session,
)
from accounts.services.throttle import take
from accounts.source import Source

_log = structlog.get_logger("accounts")
TOTP = "totp"  # a person has one at most, so that its sort names it; a passkey is named by its hash


@dataclass(frozen=True, slots=True)
class Confirmed:
    issued: Issued
    codes: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Confirmed({self.issued!r})"


def refuse_over_existing(session: Session) -> None:
    """Whoever has a factor changes none without having given one a moment ago. Asked again inside the
    transaction: another session may have enrolled in between."""
    if has_factor(session.person) and not (session.verified_at and is_fresh(session, clock.now())):
        raise Refused("fresh_factor_needed")


def sheet_for(person: Person) -> NewCodes | None:
    """With the first factor, and when the sheet is used up. Hashing is slow: before the transaction."""
    left = PrintedCode.objects.filter(person=person, used_at=None)
    return None if has_factor(person) and left.exists() else new_codes()


def enrolled(session: Session, given: Given, sheet: NewCodes | None, *, is_first: bool) -> Confirmed:
    """Last in the transaction that stored it. With the first, what a password alone had opened ends."""
    if sheet is not None:
        replace_codes(session.person, sheet)
    issued = verify_session(session, given)
    if is_first:
        end_sessions_of(session.person, but=session)
    _log.info("factor.enrolled", person=session.person_id.hex, factor=given.sort.value)
    return Confirmed(issued, sheet.plain if sheet else ())


def renew_sheet(session: Session, source: Source) -> tuple[str, ...]:
    """New printed codes in the place of all earlier ones, for whoever lost the sheet or used it up."""
    refuse_over_existing(session)
    take("sheet_account", session.person_id.hex)
    sheet = new_codes()
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=session.person_id)
        replace_codes(session.person, sheet)
        end_sessions_verified_by_sheet(session.person, but=session)
        post("printed_codes_renewed", session.person.email, source.language)
    _log.info("factor.sheet_renewed", person=session.person_id.hex)
    return sheet.plain


@transaction.atomic
def remove_factor(session: Session, name: str, source: Source) -> None:
    person = Person.objects.select_for_update().get(pk=session.person_id)
    refuse_over_existing(session)
    removed = _named(person, name)
    if removed is None:
        raise Refused("not_found")  # somebody else's and none alike
    sort = Session.FactorSort.TOTP if isinstance(removed, TotpFactor) else Session.FactorSort.PASSKEY
    given = Given(sort, removed.pk)
    removed.delete()
    if not has_factor(person):
        raise Refused("last_factor")  # and nothing of this has happened
    end_sessions_verified_by(person, given, but=session)
    post("factor_removed", person.email, source.language)
    _log.info("factor.removed", person=person.pk.hex, factor=sort.value)


def _named(person: Person, name: str) -> TotpFactor | Passkey | None:
    if name == TOTP:
        return TotpFactor.objects.filter(user=person, confirmed=True).first()
    return Passkey.objects.filter(user=person, credential_id_sha256=name).first()
