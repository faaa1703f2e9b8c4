"""Random bytes that a device or an authenticator must sign: on the session, good once, for two minutes."""

from typing import Literal

from accounts import clock
from accounts.limits import limit
from accounts.models import Session

# Two places, so that what a device signs to be bound never answers for a second factor.
Place = Literal["challenge", "passkey_challenge"]


def keep_challenge(session: Session, place: Place, challenge: bytes) -> None:
    """In the place of an earlier one, which is good no more."""
    Session.objects.filter(pk=session.pk).update(**{place: challenge, f"{place}_at": clock.now()})


def spend_challenge(session: Session, place: Place) -> bytes | None:
    """Good once, whatever comes of it: of two requests with one challenge, one finds it."""
    since = clock.ago(limit("challenge_seconds"))
    rows = Session.objects.filter(pk=session.pk, **{f"{place}_at__gt": since})
    kept = rows.values_list(place, flat=True).first()
    if kept is None:
        return None
    unspent = Session.objects.filter(pk=session.pk, **{place: kept})
    return bytes(kept) if unspent.update(**{place: None, f"{place}_at": None}) else None
