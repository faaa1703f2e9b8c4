"""A7, F11, F12: after a removal no content of that conversation reaches the removed one, by any way, and
their socket goes on with the others."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from messaging import hints, queries
from messaging.exchange import deal
from messaging.exchange.exchange import exchange_here
from messaging.protocol import b64
from messaging.queries import page_of
from tests.messaging.conftest import Limits
from tests.messaging.line import Line, elsewhere, on_line
from tests.messaging.teams import changed, hear, leaving, post, start_team
from tests.messaging.test_hints import leave_redis, only_by_the_layer
from tests.messaging.world import Desk, Thread, World, append, open_desk, second_desk
from tests.services import Redis

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("exchange_of_this_test")]


@pytest.fixture(autouse=True)
def _listeners_are_as_before() -> Iterator[None]:
    before = set(hints._listeners)
    yield
    hints._listeners.clear()
    hints._listeners.update(before)


@pytest.fixture
def team(world: World) -> Thread:
    return start_team(world.ines, world.anne_lise)


def remove(team: Thread, world: World) -> int:
    hear(team)
    return post(team, world.ines, changed(team, world.ines, remove=[world.anne_lise])).seq


def remove_and_write(team: Thread, world: World) -> int:
    seq = remove(team, world)
    append(world.ines, team, team.message(world.ines, "sans elle"))
    return seq


def about(frames: list[Any], thread: Thread) -> list[Any]:
    return [frame for frame in frames if frame.get("conversation") == b64(thread.id)]


async def heard(line: Line, seconds: float = 0.5) -> list[Any]:
    """All that comes until nothing does."""
    frames = []
    while not await line.is_silent(seconds):
        frames.append(await line.next())
    return frames


async def test_f12_the_removed_one_is_told_and_hears_of_the_others_only(world: World, team: Thread) -> None:
    async with on_line(world.anne_lise, (team.id, 1), (world.thread.id, 1)) as her:
        await elsewhere(lambda: append(world.ines, team, team.message(world.ines)))
        assert (await her.next())["seq"] == 2
        await elsewhere(lambda: remove_and_write(team, world))
        assert about(await heard(her), team) == [{"type": "gone", "conversation": b64(team.id)}]
        await her.cursor(team, 2)
        await her.say({"type": "look", "conversation": b64(team.id)})
        await her.say({"type": "beat", "ref": 1})
        frames = await heard(her)
        assert [frame["type"] for frame in frames] == ["heads"]
        assert b64(team.id) not in str(frames)
        await elsewhere(lambda: append(world.ines, world.thread, world.thread.message(world.ines)))
        assert (await her.next())["conversation"] == b64(world.thread.id)


async def test_f12_who_leaves_is_told_at_every_device(world: World, team: Thread) -> None:
    phone = await elsewhere(lambda: second_desk(world.anne_lise))
    entry = leaving(team, world.anne_lise)
    async with (
        on_line(world.anne_lise, (team.id, 1)) as her,
        on_line(phone, (team.id, 1)) as other,
        on_line(world.ines, (team.id, 1)) as ines,
    ):
        await her.append(team, entry)
        assert (await her.until("appended"))["seq"] == 2
        for line in (her, other):
            assert (await line.until("gone"))["conversation"] == b64(team.id)
        dealt = await ines.until("entry")
        assert (dealt["seq"], dealt["entry"]) == (2, b64(entry))
        again = await her.append(team, entry)
        answer = await her.until("appended")
        assert (answer["ref"], answer["seq"]) == (again, 2)


async def test_f12_who_comes_again_is_told_of_the_head_and_dealt_nothing_from_between(
    world: World, team: Thread
) -> None:
    async with on_line(world.anne_lise, (team.id, 1)) as her:
        await elsewhere(lambda: remove_and_write(team, world))
        await her.until("gone")
        await elsewhere(lambda: hear(team))
        made = await elsewhere(lambda: changed(team, world.ines, add=[world.anne_lise]))
        await elsewhere(lambda: post(team, world.ines, made, world.anne_lise))
        assert await her.next() == {
            "type": "behind", "conversation": b64(team.id), "head": 4, "hash": b64((await row(team)).hash)
        }  # fmt: skip


async def row(team: Thread) -> Any:
    return await elsewhere(lambda: team.row)


async def test_f12_removed_and_back_before_anybody_heard_of_it_is_no_farewell(
    world: World, team: Thread, limits: Limits
) -> None:
    """Whoever pretends to be at a place that was never theirs is dealt nothing there either."""
    limits(sweep_seconds=1)
    async with on_line(world.anne_lise, (team.id, 1)) as her:
        listeners, hints._listeners = hints._listeners, set()
        await elsewhere(lambda: remove_and_write(team, world))
        await elsewhere(lambda: hear(team))
        made = await elsewhere(lambda: changed(team, world.ines, add=[world.anne_lise]))
        await elsewhere(lambda: append(world.ines, team, team.message(world.ines)))
        await elsewhere(lambda: post(team, world.ines, made, world.anne_lise))
        hints._listeners = listeners
        exchange_here().outlets.of([world.cast.anne_lise.pk.bytes])[0].move(team.id, 2)
        frames = about(await heard(her, 1.5), team)
        assert [frame["type"] for frame in frames] == ["behind"]


# What the dealer asks, one after the other: a removal may fall between any two.
QUESTIONS = ("heads_of_conversations", "_entries", "persons_in", "revocations_after")


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("question", QUESTIONS)
async def test_a7_a_removal_between_two_questions_lets_nothing_through(
    world: World, team: Thread, monkeypatch: pytest.MonkeyPatch, question: str, moment: str
) -> None:
    removed: list[int] = []

    def meanwhile() -> None:
        if not removed and armed.is_set():
            armed.clear()
            removed.append(at_once(lambda: remove_and_write(team, world)))

    original: Callable[..., Any] = getattr(deal, question)

    def asked(*args: Any) -> Any:
        if moment == "before":
            meanwhile()
        answer = original(*args)
        if moment == "after":
            meanwhile()
        return answer

    armed = threading.Event()
    monkeypatch.setattr(deal, question, asked)
    async with on_line(world.anne_lise, (team.id, 1)) as her:
        await heard(her)
        armed.set()
        await elsewhere(lambda: append(world.ines, team, team.message(world.ines)))
        frames = about(await heard(her, 1.0), team)
    assert removed
    assert [frame["type"] for frame in frames][-1] == "gone"
    assert [frame for frame in frames if frame.get("seq", 0) >= removed[0]] == []
    assert [frame for frame in frames if frame.get("head", 0) >= removed[0]] == []


@pytest.mark.parametrize("question", ["windows_in", "_ends", "_last_that_fits", "_wraps_of"])
def test_a7_a_removal_while_a_page_is_read_lets_nothing_through(
    world: World, team: Thread, monkeypatch: pytest.MonkeyPatch, question: str
) -> None:
    original: Callable[..., Any] = getattr(queries, question)
    removed: list[int] = []

    def asked(*args: Any) -> Any:
        answer = original(*args)
        if not removed:
            removed.append(at_once(lambda: remove_and_write(team, world)))
        return answer

    monkeypatch.setattr(queries, question, asked)
    page = page_of(world.cast.anne_lise.pk, team.id, after=0, most=500)
    assert [one.seq for one in page.rows] == [1]
    assert page.head == 1


def at_once(work: Callable[[], int]) -> int:
    """As another process would, while this thread is between two questions."""
    done: list[int] = []

    def run() -> None:
        try:
            done.append(work())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return done[0]


async def test_f12_without_any_hint_the_sweep_tells(world: World, team: Thread, limits: Limits) -> None:
    limits(sweep_seconds=1)
    async with on_line(world.anne_lise, (team.id, 1)) as her:
        listeners, hints._listeners = hints._listeners, set()  # as if another process had committed
        await elsewhere(lambda: remove_and_write(team, world))
        hints._listeners = listeners
        assert about(await heard(her, 1.5), team) == [{"type": "gone", "conversation": b64(team.id)}]


@pytest.fixture
def redis(settings: Settings) -> Iterator[Redis]:
    server = Redis().start()
    backend = "channels_redis.pubsub.RedisPubSubChannelLayer"
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": backend, "CONFIG": {"hosts": [server.url]}}}
    yield server
    server.remove()


@pytest.mark.redis
@pytest.mark.parametrize(("state", "content", "told"), [("running", 1, 5), ("frozen", 6, 10)])
async def test_f11_content_ends_in_time_and_the_farewell_comes_in_time(
    world: World, team: Thread, redis: Redis, state: str, content: int, told: int
) -> None:
    """Removed at another process, while somebody writes on: no content after it at all, `gone` in time, and
    the socket goes on."""
    gaetan = await elsewhere(lambda: open_desk(world.cast.gaetan, world.cast.tilleuls))
    await elsewhere(lambda: post(team, world.ines, changed(team, world.ines, add=[gaetan]), gaetan))
    async with on_line(world.anne_lise, (team.id, 2), (world.thread.id, 1)) as her:
        only_by_the_layer(exchange_here())
        await asyncio.sleep(0.5)  # subscribed
        if state == "frozen":
            redis.freeze()
        removed = await elsewhere(lambda: remove(team, world))
        started = time.monotonic()
        last = 0.0
        while (frame := await writing_on(her, world.ines, team))["type"] != "gone":
            if frame["type"] == "entry":
                assert frame["seq"] < removed
                last = time.monotonic() - started
        assert last <= content
        assert time.monotonic() - started <= told
        await elsewhere(lambda: append(world.ines, world.thread, world.thread.message(world.ines)))
        assert (await her.until("entry"))["conversation"] == b64(world.thread.id)
        if state == "frozen":
            redis.thaw()
    await leave_redis()


async def writing_on(line: Line, desk: Desk, team: Thread) -> Any:
    """The next frame about the team, while something is written there."""
    while await line.is_silent(0.2):
        await elsewhere(lambda: append(desk, team, team.message(desk)))
    frame = await line.next()
    return frame if frame.get("conversation") == b64(team.id) else await writing_on(line, desk, team)
