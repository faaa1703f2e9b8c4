"""One writer for all: what somebody sends too much of holds nobody else up."""

import asyncio
import os
from collections.abc import AsyncIterator

import pytest

from accounts.errors import Refused
from messaging.client.entries import make_marker
from messaging.exchange.worker import Worker
from messaging.exchange.writing import Writing
from messaging.models import Marker
from messaging.protocol import b64
from messaging.services.log import AppendWish
from messaging.services.markers import MarkerWish, put_markers
from tests.messaging.conftest import Limits
from tests.messaging.line import elsewhere, on_line
from tests.messaging.test_markers import marker
from tests.messaging.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("exchange_of_this_test")]


@pytest.fixture
async def writing() -> AsyncIterator[Writing]:
    worker = Worker("write")
    writing = Writing(worker)
    running = asyncio.create_task(writing.run())
    yield writing
    running.cancel()
    await worker.stop()


async def test_a_flood_of_markers_holds_no_append_up(world: World, writing: Writing) -> None:
    caller = await elsewhere(lambda: world.anne_lise.caller)
    message = await elsewhere(lambda: AppendWish(world.ines.caller, world.thread.id, message_of(world)))
    markers = [writing.mark(MarkerWish(caller, os.urandom(9))) for _ in range(1000)]
    await asyncio.wait(markers, return_when=asyncio.FIRST_COMPLETED)
    await writing.append(message)
    assert not all(one.done() for one in markers)
    await asyncio.wait(markers)
    assert {str(one.exception()) for one in markers} == {"malformed"}


async def test_f10_what_would_wait_too_long_is_refused_at_once(
    world: World, writing: Writing, limits: Limits
) -> None:
    limits(writes_waiting=3)
    caller = await elsewhere(lambda: world.anne_lise.caller)
    markers = [writing.mark(MarkerWish(caller, os.urandom(9))) for _ in range(3)]
    with pytest.raises(Refused, match="throttled") as refused:
        writing.mark(MarkerWish(caller, os.urandom(9)))
    assert refused.value.retry_after == 1
    message = await elsewhere(lambda: AppendWish(world.ines.caller, world.thread.id, message_of(world)))
    await writing.append(message)  # another sort waits in a queue of its own
    await asyncio.wait(markers)


def message_of(world: World) -> bytes:
    return world.thread.message(world.ines)


def test_r2_of_what_waits_for_one_device_the_highest_counter_is_judged(world: World) -> None:
    made = [marker(world, world.ines, counter) for counter in (1, 3, 2)]
    hers = marker(world, world.anne_lise, 1)
    wishes = [*(MarkerWish(world.ines.caller, one) for one in made), MarkerWish(world.anne_lise.caller, hers)]
    assert put_markers(wishes) == [None] * 4
    assert {row.counter for row in Marker.objects.filter(person=world.ines.person)} == {3}
    assert Marker.objects.filter(person=world.anne_lise.person).exists()


def test_r2_a_joined_marker_is_refused_with_the_one_that_was_judged(world: World) -> None:
    sound, beyond = marker(world, world.ines, 1), changed(world, 2)
    answers = put_markers([MarkerWish(world.ines.caller, one) for one in (sound, beyond)])
    assert [str(answer) for answer in answers] == ["bad_signature"] * 2
    assert not Marker.objects.exists()


def changed(world: World, counter: int) -> bytes:
    made = make_marker(world.thread.id, world.ines.log.chain, world.ines.device, counter, (None, None, None))
    return made[:-1] + bytes([made[-1] ^ 1])


async def test_f10_markers_are_throttled_by_device(world: World, limits: Limits) -> None:
    limits(marker_device=(2, 30.0))
    made = await elsewhere(lambda: [marker(world, world.ines, n) for n in (1, 2, 3)])
    async with on_line(world.ines) as one, on_line(world.ines) as two:
        for line, ref in ((one, 1), (two, 2)):
            await line.say({"type": "marker", "ref": ref, "marker": b64(made[ref - 1])})
            await line.until("marked")
        await one.say({"type": "marker", "ref": 3, "marker": b64(made[2])})
        refused = await one.until("refused")
        assert refused == {"type": "refused", "ref": 3, "code": "throttled", "retry_after": 30}
    assert await elsewhere(lambda: Marker.objects.get().counter) == 2
