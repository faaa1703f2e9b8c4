"""R2, F6: a marker that is refused changes nothing; the last one wins; it is dealt to who looks."""

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from accounts import clock
from accounts.caller import Caller
from accounts.errors import Refused
from accounts.models import Session
from accounts.shapes import Position
from messaging import hints
from messaging.client.entries import make_marker
from messaging.exchange import marks
from messaging.exchange.marks import Marks
from messaging.exchange.moved import Moved
from messaging.exchange.outlet import Outlet
from messaging.exchange.outlets import Outlets
from messaging.exchange.worker import Worker
from messaging.marking import read_marker
from messaging.models import Entry, Marker
from messaging.protocol import b64, octets
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
        began = time.monotonic()
        for ref, one in enumerate(made):
            await line.say({"type": "marker", "ref": ref, "marker": b64(one)})
            await line.until("marked")
        frames = [await her.until("markers") for _ in range(1)]
        while frames[-1]["markers"] != [b64(made[-1])]:
            frames.append(await her.until("markers"))
        assert len(frames) <= time.monotonic() - began + 2 < len(made)


async def test_f6_only_what_moved_is_dealt(world: World) -> None:
    """One marker costs one, however many the conversation has."""
    made = await elsewhere(lambda: [marker(world, desk, 1) for desk in (world.ines, world.anne_lise)])
    async with on_line(world.ines) as line, on_line(world.anne_lise) as her:
        await her.say({"type": "look", "conversation": b64(world.thread.id)})
        await her.say({"type": "beat", "ref": 1})
        await her.until("heads")
        for sender, one in zip((line, her), made, strict=True):
            await sender.say({"type": "marker", "ref": 2, "marker": b64(one)})
            assert (await her.until("markers"))["markers"] == [b64(one)]
        assert await her.is_silent(1.5)  # told of it twice, as the layer does, it is dealt once


DEVICES = 200


def many_markers(world: World) -> set[str]:
    """As long as real ones, of devices that need not exist: who deals does not judge."""
    sealed = [(os.urandom(32), os.urandom(396)) for _ in range(DEVICES)]
    Marker.objects.bulk_create(
        Marker(
            conversation=world.thread.row, device=device, person=world.cast.ines, object=made, counter=1
        )
        for device, made in sealed
    )  # fmt: skip
    for device, _ in sealed:
        hints.tell(hints.of_marker(world.thread.id, device, 1))
    return {b64(made) for _, made in sealed}


def texts(frames: Iterable[Any]) -> list[str]:
    return [text for frame in frames for text in frame["markers"]]


async def test_f6_a_frame_stays_small_and_the_rest_comes_with_the_next(world: World) -> None:
    async with on_line(world.anne_lise) as her:
        await her.say({"type": "look", "conversation": b64(world.thread.id)})
        await her.say({"type": "beat", "ref": 1})
        await her.until("heads")
        made = await elsewhere(lambda: many_markers(world))
        frames: list[Any] = []
        while len(texts(frames)) < DEVICES:
            frames.append(await her.until("markers"))
    assert all(len(json.dumps(frame, separators=(",", ":"))) <= 48 * 1024 for frame in frames)
    assert len(frames) <= 4
    assert sorted(texts(frames)) == sorted(made)


class Looking:
    """Sockets of one person that all look, and who deals to them when told to."""

    def __init__(self, world: World, caller: Caller, sockets: int) -> None:
        self.outlets, self.reader, self.moved = Outlets(), Worker("read"), Moved()
        self.marks = Marks(self.outlets, self.reader, self.moved)
        self.written: list[str] = []
        for _ in range(sockets):
            outlet = Outlet(caller, self.written.append, lambda code: None)
            self.outlets.add(outlet)
            self.outlets.look(outlet, world.thread.id)
            outlet.open([(world.thread.id, 1)], [])

    def texts(self) -> list[str]:
        return texts(json.loads(text) for text in self.written)


@asynccontextmanager
async def looking(world: World, sockets: int = 1) -> AsyncIterator[Looking]:
    found = Looking(world, await elsewhere(lambda: world.anne_lise.caller), sockets)
    yield found
    await found.reader.stop()


def moved(world: World, desk: Desk, counter: int) -> hints.Hint:
    put(desk, marker(world, desk, counter))
    return hints.of_marker(world.thread.id, desk.device.id, counter)


async def test_f6_whoever_waits_longest_is_dealt_first(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A device that moves all the time holds up no other."""
    monkeypatch.setattr(marks, "MARKERS_BYTES", 800)  # one marker
    async with looking(world) as found:
        for desk in (world.ines, world.anne_lise):
            found.moved.add(await elsewhere(partial(moved, world, desk, 1)))
        await found.marks.deal()
        found.moved.add(await elsewhere(lambda: moved(world, world.ines, 2)))
        for _ in range(3):
            await found.marks.deal()
    devices = [read_marker(octets(text)).device for text in found.texts()]
    assert devices == [world.ines.device.id, world.anne_lise.device.id, world.ines.device.id]


async def test_f6_encoded_once_for_all_who_look(world: World) -> None:
    async with looking(world, sockets=3) as found:
        found.moved.add(await elsewhere(lambda: moved(world, world.ines, 1)))
        await found.marks.deal()
    assert len(found.written) == 3
    assert len({id(text) for text in found.written}) == 1


async def test_f6_a_marker_that_went_before_it_was_dealt_is_no_frame(world: World) -> None:
    async with looking(world) as found:
        found.moved.add(await elsewhere(lambda: moved(world, world.ines, 1)))
        await elsewhere(Marker.objects.all().delete)
        await found.marks.deal()
    assert found.written == []


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
