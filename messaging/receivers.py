"""What accounts says and messaging hears. Each runs inside the transaction of the event."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from accounts.signals import (
    chain_ended,
    device_revoked,
    history_began,
    key_log_grew,
    keys_started,
    paper_removal_moved,
    person_suspended,
    session_ended,
)
from messaging.services import events
from messaging.services.epochs import found_own


@receiver(keys_started)
def make_own_conversation(*, person: UUID, chain: bytes, epoch: bytes, wrap: bytes, **_: Any) -> bytes:
    return found_own(person, chain=chain, statement=epoch, wrap=wrap)


@receiver(key_log_grew)
def tell_of_keys(*, person: UUID, n: int, revoked: list[bytes], **_: Any) -> None:
    events.keys_moved(person, n, revoked=bool(revoked))


@receiver([device_revoked, session_ended])
def tell_of_revocation(**_: Any) -> None:
    events.revoked()


@receiver(person_suspended)
def suspend_in_conversations(*, person: UUID, **_: Any) -> None:
    events.suspended(person)


@receiver(chain_ended)
def pause_in_teams(*, person: UUID, chain: bytes, **_: Any) -> None:
    events.chain_ended(person, chain)


@receiver(paper_removal_moved)
def tell_of_removal(*, person: UUID, n: int, **_: Any) -> None:
    events.keys_moved(person, n, revoked=False)


@receiver(history_began)
def hold_conversations(*, until: datetime, **_: Any) -> None:
    events.hold_all(until)
