"""Which of a person's devices a session speaks for (PROTOCOL.md H7): shown by a signature, not by a claim."""

import secrets

import structlog

from accounts import clock
from accounts.errors import Refused
from accounts.limits import limit
from accounts.models import Device, Person, Session
from accounts.objects import is_signature, session_statement

_log = structlog.get_logger("accounts")
_CHALLENGE_BYTES = 32


def new_challenge(session: Session) -> bytes:
    challenge = secrets.token_bytes(_CHALLENGE_BYTES)
    Session.objects.filter(pk=session.pk).update(challenge=challenge, challenge_at=clock.now())
    return challenge


def bind_device(session: Session, *, device: bytes, signature: bytes) -> None:
    challenge = _spent_challenge(session)
    row = _own_browser(session.person, device)
    if row is None or challenge is None:
        raise Refused("not_allowed")
    if not is_signature(bytes(row.sign_key), session_statement(challenge, device), signature):
        raise Refused("bad_signature")
    Session.objects.filter(pk=session.pk).update(device=row)
    session.device = row
    _log.info("session.bound", person=session.person_id.hex, session=session.pk)


def _spent_challenge(session: Session) -> bytes | None:
    """Good once, whatever comes of it: of two requests with one challenge, one finds it."""
    row = Session.objects.filter(
        pk=session.pk, challenge_at__gt=clock.ago(limit("challenge_seconds"))
    ).first()
    if row is None or row.challenge is None:
        return None
    unspent = Session.objects.filter(pk=session.pk, challenge=row.challenge)
    return bytes(row.challenge) if unspent.update(challenge=None, challenge_at=None) else None


def _own_browser(person: Person, device: bytes) -> Device | None:
    return Device.objects.filter(pk=device, person=person, sort=Device.Sort.BROWSER, revoked_at=None).first()
