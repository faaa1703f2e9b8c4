"""What was committed a moment ago is at hand, bounded, and never taken for another log's."""

import os

import pytest

from messaging.loghash import first_hash, next_hash
from messaging.models import Conversation, Entry
from messaging.services import fresh
from messaging.services.fresh import Fresh
from messaging.services.log import AppendWish, append_messages
from tests.messaging.world import World

ID = bytes(range(32))


def log(count: int, size: int = 100, id: bytes = ID) -> list[Entry]:
    entries, h = [], first_hash(id)
    for seq in range(1, count + 1):
        hash = os.urandom(32)
        h = next_hash(h, seq, hash)
        entries.append(Entry(conversation_id=id, seq=seq, object=bytes(size), hash=hash, h=h))
    return entries


def row(entry: Entry) -> Conversation:
    return Conversation(id=entry.conversation_id, head=entry.seq, hash=entry.h)


def test_all_of_them_or_none() -> None:
    held, entries = Fresh(10**6), log(5)
    held.keep(entries[1:])
    assert held.between(ID, 1, 5, bytes(entries[4].h)) == entries[1:]
    assert held.between(ID, 3, 4, bytes(entries[3].h)) == entries[3:4]
    assert held.between(ID, 0, 5, bytes(entries[4].h)) is None
    assert held.between(ID, 3, 6, bytes(entries[4].h)) is None
    assert held.between(ID, 5, 5, bytes(entries[4].h)) is None


def test_a_log_with_another_head_is_another_log() -> None:
    held, entries, others = Fresh(10**6), log(3), log(3)
    held.keep(entries)
    assert held.between(ID, 0, 3, bytes(others[2].h)) is None
    assert held.hash_at(row(others[2]), 2) is None
    assert held.hash_at(row(entries[2]), 2) == entries[1].h


def test_a_place_taken_twice_throws_away_what_was_held() -> None:
    held, entries, others = Fresh(10**6), log(3), log(3)
    held.keep(entries)
    held.keep(others[2:])
    assert held.hash_at(row(others[2]), 2) is None
    assert held.between(ID, 2, 3, bytes(others[2].h)) == others[2:]


def test_the_oldest_give_way() -> None:
    held, entries = Fresh(20_000), log(100, size=1000)
    held.keep(entries)
    assert held.between(ID, 90, 100, bytes(entries[99].h)) == entries[90:]
    assert held.between(ID, 50, 100, bytes(entries[99].h)) is None
    assert held._size <= 20_000


@pytest.mark.django_db(transaction=True)
def test_an_append_is_at_hand_as_the_table_has_it(world: World) -> None:
    desk, thread = world.ines, world.thread
    entry = thread.message(desk)
    [twice, refused] = append_messages(
        [AppendWish(desk.caller, thread.id, entry), AppendWish(desk.caller, thread.id, b"x")]
    )
    assert refused.code == "malformed"  # type: ignore[union-attr]
    held = Conversation.objects.get(pk=thread.id)
    assert twice.seq == held.head  # type: ignore[union-attr]
    [kept] = fresh.between(thread.id, held.head - 1, held.head, bytes(held.hash)) or []
    assert bytes(kept.object) == entry
