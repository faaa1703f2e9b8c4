"""Which of a person's devices a session speaks for (PROTOCOL.md H7): shown by a signature, not by a claim."""

import secrets

import structlog

from accounts.errors import Refused
from accounts.models import Device, Person, Session
from accounts.objects import is_signature, session_statement
from accounts.services.challenges import keep_challenge, spend_challenge

_log = structlog.get_logger("accounts")
_CHALLENGE_BYTES = 32


def new_challenge(session: Session) -> bytes:
    challenge = secrets.token_bytes(_CHALLENGE_BYTES)
    keep_challenge(session, "challenge", challenge)
    return challenge


def bind_device(session: Session, *, device: bytes, signature: bytes) -> None:
    challenge = spend_challenge(session, "challenge")
    row = _own_browser(session.person, device)
    if row is None or challenge is None:
        raise Refused("not_allowed")
    if not is_signature(bytes(row.sign_key), session_statement(challenge, device), signature):
        raise Refused("bad_signature")
    Session.objects.filter(pk=session.pk).update(device=row)
    session.device = row
    _log.info("session.bound", person=session.person_id.hex, session=session.pk)


def _own_browser(person: Person, device: bytes) -> Device | None:
    browsers = Device.objects.filter(person=person, chain=person.chain, sort=Device.Sort.BROWSER)
    return browsers.filter(pk=device, revoked_at=None, cut_off_at=None).first()
