"""Passkeys: an authenticator that knows its owner by touch, by face or by its own code, and answers only to
our name. The ceremonies are django-otp-webauthn's; sessions, stages, tries and challenges are ours."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django_otp_webauthn.exceptions import OTPWebAuthnApiError
from django_otp_webauthn.helpers import WebAuthnHelper
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import UserVerificationRequirement

from accounts.errors import Refused
from accounts.limits import limit
from accounts.mail import post
from accounts.models import Passkey, Person, Session
from accounts.queries import has_factor
from accounts.services.challenges import keep_challenge, spend_challenge
from accounts.services.enrolment import Confirmed, enrolled, refuse_over_existing, sheet_for
from accounts.services.printed import NewCodes
from accounts.services.sessions import Given, Issued, refresh_factor, verify_session
from accounts.services.tries import a_try_after_the_password, a_try_in_session
from accounts.source import Source

_log = structlog.get_logger("accounts")
# As the library gives options to a browser, and takes a browser's answer: the names are WebAuthn's.
Told = Mapping[str, Any]


class Ceremony(WebAuthnHelper):  # type: ignore[misc]  # the library has no types
    """Always with the owner recognised. What an authenticator says of its maker is neither asked nor kept."""

    def __init__(self) -> None:
        super().__init__(request=None)

    def get_generate_registration_options_kwargs(self, *, user: Person) -> dict[str, Any]:
        options: dict[str, Any] = super().get_generate_registration_options_kwargs(user=user)
        options["authenticator_selection"].user_verification = UserVerificationRequirement.REQUIRED
        return options

    def get_credential_display_name(self, user: Person) -> str:
        return f"{user.given} {user.family}"

    def create_attestation(self, *_: object) -> None:
        return None


# --- giving one -------------------------------------------------------------------------------------


def ask_passkey(session: Session) -> Told:
    """What the browser needs to ask for any of this person's passkeys."""
    if not Passkey.objects.filter(user=session.person, confirmed=True).exists():
        raise Refused("not_found")
    options, state = Ceremony().authenticate_begin(user=session.person)
    _keep(session, state)
    return dict(options)


def verify_by_passkey(session: Session, answer: Told, source: Source) -> Issued:
    with a_try_after_the_password(session.person, source):
        given = _recognised(session, answer)
    return verify_session(session, given)


def unlock_by_passkey(session: Session, answer: Told) -> Issued:
    with a_try_in_session(session):
        given = _recognised(session, answer)
    return verify_session(session, given)


def freshen_by_passkey(session: Session, answer: Told) -> None:
    with a_try_in_session(session):
        given = _recognised(session, answer)
    refresh_factor(session, given)


def _recognised(session: Session, answer: Told) -> Given:
    state = _spent(session)
    with _refusing(session), transaction.atomic():
        # Rows locked, so that of two answers with one count the second finds it used.
        list(Passkey.objects.select_for_update().filter(user=session.person))
        passkey = Ceremony().authenticate_complete(session.person, state, dict(answer))
    return Given(Session.FactorSort.PASSKEY, passkey.pk)


# --- adding one -------------------------------------------------------------------------------------


def begin_passkey(session: Session) -> Told:
    refuse_over_existing(session)
    if Passkey.objects.filter(user=session.person).count() >= limit("passkeys_person"):
        raise Refused("too_many_factors")
    options, state = Ceremony().register_begin(session.person)
    _keep(session, state)
    return dict(options)


def confirm_passkey(session: Session, answer: Told, source: Source) -> Confirmed:
    refuse_over_existing(session)
    with a_try_in_session(session):
        state = _spent(session)
        sheet = sheet_for(session.person)
        with _refusing(session):
            confirmed = _add(session, state, answer, sheet, source)
    post("factor_changed", session.person.email, source.language)
    return confirmed


@transaction.atomic
def _add(session: Session, state: Told, answer: Told, sheet: NewCodes | None, source: Source) -> Confirmed:
    person = Person.objects.select_for_update().get(pk=session.person_id)
    refuse_over_existing(session)
    is_first = not has_factor(person)
    passkey = Ceremony().register_complete(person, state, dict(answer))
    Passkey.objects.filter(pk=passkey.pk).update(name=f"{source.browser}/{source.platform}")
    return enrolled(session, Given(Session.FactorSort.PASSKEY, passkey.pk), sheet, is_first=is_first)


# --- what both have in common -----------------------------------------------------------------------


def _keep(session: Session, state: Told) -> None:
    keep_challenge(session, "passkey_challenge", base64url_to_bytes(state["challenge"]))


def _spent(session: Session) -> Told:
    challenge = spend_challenge(session, "passkey_challenge")
    if challenge is None:
        raise Refused("bad_passkey")
    return {"challenge": bytes_to_base64url(challenge), "require_user_verification": True}


@contextmanager
def _refusing(session: Session) -> Iterator[None]:
    """Whatever the library finds wrong is told as one thing: what it was helps only who tries."""
    try:
        yield
    except (WebAuthnException, OTPWebAuthnApiError, IntegrityError) as wrong:
        _log.info("factor.refused", person=session.person_id.hex, error=type(wrong).__name__)
        raise Refused("bad_passkey") from wrong
