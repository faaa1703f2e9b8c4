"""R2, F6: a marker that is refused changes nothing; the last one wins; it is dealt to who looks."""

import asyncio
import os
from datetime import datetime

import pytest

from accounts import clock
from accounts.errors import Refused
from accounts.models import Session
from accounts.shapes import Position
from messaging.client.entries import make_marker
from messaging.models import Entry, Marker
from messaging.protocol import b64
from messaging.services.markers import MarkerWish, put_markers
from tests.messaging.line import Line, elsewhere, on_line
from tests.messaging.world import Desk, World, append, open_desk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("exchange_of_this_test")]


def at(world: World, seq: int) -> Position:
    return Position(seq, bytes(Entry.objects.get(conversation=world.thread.id, seq=seq).h))


def marker(world: World, desk: Desk, counter: int, arrived: int = 1, read: int | None = None) -> bytes:
    reached = at(world, arrived), at(world, arrived), at(world, read) if read else None
    return make_marker(world.thread.id, desk.log.chain, desk.device, counter, reached)


def refusal(desk: Desk, made: bytes) -> str:
    before = list(Marker.objects.values_list("object", flat=True))
    [answer] = put_markers([MarkerWish(desk.caller, made)])
    assert list(Marker.objects.values_list("object", flat=True)) == before
    assert isinstance(answer, Refused)
    return answer.code


def put(desk: Desk, made: bytes) -> None:
    assert put_markers([MarkerWish(desk.caller, made)]) == [None]


def test_r2_what_is_no_marker_is_refused(world: World) -> None:
    assert refusal(world.ines, os.urandom(100)) == "malformed"
    assert refusal(world.ines, world.thread.message(world.ines)) == "malformed"


def test_r2_an_outsider_is_refused(world: World) -> None:
    zoe = open_desk(world.cast.zoe, world.cast.glycines)
    assert refusal(zoe, marker(world, zoe, 1)) == "not_found"


def test_r2_another_device_is_refused(world: World) -> None:
    assert refusal(world.anne_lise, marker(world, world.ines, 1)) == "unknown_device"


def test_r2_a_changed_byte_is_refused(world: World) -> None:
    made = bytearray(marker(world, world.ines, 1))
    made[-1] ^= 1
    assert refusal(world.ines, bytes(made)) == "bad_signature"


def test_r2_a_place_that_the_log_does_not_have_is_refused(world: World) -> None:
    beyond = Position(9, os.urandom(32))
    other = Position(1, os.urandom(32))
    for place in (beyond, other):
        made = make_marker(world.thread.id, world.ines.log.chain, world.ines.device, 1, (place, None, None))
        assert refusal(world.ines, made) == "bad_marker"


def test_r2_neither_counter_nor_place_goes_back(world: World) -> None:
    append(world.ines, world.thread, world.thread.message(world.ines))
    put(world.ines, marker(world, world.ines, 5, arrived=2, read=2))
    assert refusal(world.ines, marker(world, world.ines, 5, arrived=2, read=2)) == "bad_marker"
    assert refusal(world.ines, marker(world, world.ines, 4, arrived=2, read=2)) == "bad_marker"
    assert refusal(world.ines, marker(world, world.ines, 6, arrived=1, read=1)) == "bad_marker"
    assert refusal(world.ines, marker(world, world.ines, 6, arrived=2)) == "bad_marker"


def test_r4_none_in_ones_own_conversation(world: World) -> None:
    own = world.ines.own
    place = Position(1, bytes(Entry.objects.get(conversation=own, seq=1).h))
    made = make_marker(own, world.ines.log.chain, world.ines.device, 1, (place, None, None))
    assert refusal(world.ines, made) == "not_allowed"


def test_r2_the_last_wins_and_one_refused_spoils_nothing(world: World) -> None:
    append(world.ines, world.thread, world.thread.message(world.ines))
    mine = [marker(world, world.ines, 1), os.urandom(9), marker(world, world.ines, 2, arrived=2)]
    answers = put_markers([MarkerWish(world.ines.caller, made) for made in mine])
    assert [answer is None for answer in answers] == [True, False, True]
    row = Marker.objects.get()
    assert (bytes(row.object), row.counter, row.arrived, row.read) == (mine[2], 2, 2, 0)


async def test_f6_markers_are_dealt_to_who_looks(world: World) -> None:
    made = await elsewhere(lambda: marker(world, world.ines, 1))
    async with on_line(world.ines) as line, on_line(world.anne_lise) as her, on_line(world.anne_lise) as away:
        await her.say({"type": "look", "conversation": b64(world.thread.id)})
        await her.say({"type": "beat", "ref": 1})
        await her.until("heads")
        await line.say({"type": "marker", "ref": 8, "marker": b64(made)})
        assert await line.until("marked") == {"type": "marked", "ref": 8}
        dealt = await her.until("markers")
        assert dealt == {"type": "markers", "conversation": b64(world.thread.id), "markers": [b64(made)]}
        assert await away.is_silent()


async def test_f6_to_look_opens_nothing(world: World) -> None:
    zoe = await elsewhere(lambda: open_desk(world.cast.zoe, world.cast.glycines))
    made = await elsewhere(lambda: marker(world, world.ines, 1))
    async with on_line(world.ines) as line, on_line(zoe) as stranger:
        await stranger.say({"type": "look", "conversation": b64(world.thread.id)})
        await line.say({"type": "marker", "ref": 1, "marker": b64(made)})
        await line.until("marked")
        assert await stranger.is_silent(1.5)


async def test_f6_dealt_at_most_once_a_second(world: World) -> None:
    made = await elsewhere(lambda: [marker(world, world.ines, n) for n in range(1, 21)])
    async with on_line(world.ines) as line, on_line(world.anne_lise) as her:
        await her.say({"type": "look", "conversation": b64(world.thread.id)})
        await her.say({"type": "beat", "ref": 1})
        await her.until("heads")
        for ref, one in enumerate(made):
            await line.say({"type": "marker", "ref": ref, "marker": b64(one)})
            await line.until("marked")
        frames = [await her.until("markers") for _ in range(1)]
        while frames[-1]["markers"] != [b64(made[-1])]:
            frames.append(await her.until("markers"))
        assert len(frames) <= 3


async def test_f6_looking_keeps_the_session_awake_but_for_the_first(world: World) -> None:
    session = Session.objects.filter(person=world.anne_lise.person)
    await elsewhere(lambda: session.update(last_seen_at=clock.ago(600)))
    seen = await elsewhere(lambda: session.get().last_seen_at)
    look = {"type": "look", "conversation": b64(world.thread.id)}

    async def last_seen(line: Line) -> datetime:
        await line.say({"type": "beat", "ref": 1})
        await line.until("heads")
        await asyncio.sleep(0.2)
        return await elsewhere(lambda: session.get().last_seen_at)

    async with on_line(world.anne_lise) as her:
        await her.say(look)  # said by the browser itself, at each return
        assert await last_seen(her) == seen
        await her.say({"type": "look", "conversation": None})
        assert await last_seen(her) > clock.ago(60)


async def test_f6_looking_wakes_no_locked_session(world: World) -> None:
    session = Session.objects.filter(person=world.anne_lise.person)
    await elsewhere(lambda: session.update(last_seen_at=clock.ago(600)))
    async with on_line(world.anne_lise) as her:
        await her.say({"type": "look", "conversation": None})
        await elsewhere(lambda: session.update(last_seen_at=clock.ago(2 * 3600)))
        await her.say({"type": "look", "conversation": None})
        await asyncio.sleep(0.3)
        assert await elsewhere(lambda: session.get().last_seen_at) < clock.ago(3600)
