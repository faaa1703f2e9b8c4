"""Clients of a restored server: what they hold, and how they give it back."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.errors import Refused
from accounts.models import KeyLogEntry
from accounts.services.histories import current_history
from accounts.services.restoring import take_back_statements
from accounts.shapes import Position
from messaging.models import Conversation, Entry, Wrap
from messaging.services.restoring import Given, take_back
from tests.messaging.teams import hear
from tests.messaging.world import Desk, Thread, append, bind
from tests.messaging.world import sign_in as sign_in_person

HOUR = 3600


def held_by_a_client(thread: Thread, after: int) -> list[Given]:
    """The end of a log as one of its readers has it, with all wraps that there are."""
    wraps: dict[int, list[tuple[bytes, bytes]]] = {}
    for seq, chain, sealed in Wrap.objects.filter(conversation=thread.id).values_list(
        "seq", "chain", "sealed"
    ):
        wraps.setdefault(seq, []).append((bytes(chain), bytes(sealed)))
    rows = Entry.objects.filter(conversation=thread.id, seq__gt=after).order_by("seq")
    return [Given(bytes(row.object), row.at, wraps.get(row.seq, ())) for row in rows]


def refusal(attempt: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        attempt()
    return refused.value.code


def say(desk: Desk, thread: Thread, text: str = "bonjour") -> None:
    append(desk, thread, thread.message(desk, text))
    hear(thread)


def back(desk: Desk, thread: Thread, given: list[Given], after: int) -> Position:
    return take_back(desk.person.pk, thread.id, after=after, given=given)


def sign_in(*desks: Desk) -> None:
    for desk in desks:
        desk.token = sign_in_person(desk.person)
        bind(desk.token, desk.device)


def restored_lately(seconds: int = HOUR) -> None:
    """As if the grace were over."""
    for row in Conversation.objects.exclude(held_until=None):
        assert row.held_until is not None
        row.held_until -= timedelta(seconds=seconds)
        row.save()
    history = current_history()
    history.began_at -= timedelta(seconds=seconds)
    history.save()


def statements(desk: Desk) -> list[bytes]:
    rows = KeyLogEntry.objects.filter(chain=desk.log.chain).order_by("n")
    return [bytes(statement) for statement in rows.values_list("statement", flat=True)]


def keys_back(giver: Desk, owner: Desk, after: int, given: list[bytes]) -> Position:
    return take_back_statements(
        giver.caller,
        history=bytes(current_history().id),
        chain=owner.log.chain,
        after=after,
        statements=given,
        seeds=[],
    )
