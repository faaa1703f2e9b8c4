"""A5: hints may be lost, doubled or late, Redis may be frozen or dead: slower, never wrong."""

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pytest
from channels.layers import get_channel_layer
from pytest_django.fixtures import Settings

from accounts.services.sessions import end_session
from messaging import hints
from messaging.exchange.exchange import Exchange, exchange_here, exchange_if_running
from messaging.queries import page_of
from tests.messaging.conftest import Limits
from tests.messaging.line import Line, elsewhere, on_line
from tests.messaging.world import Desk, Thread, World, append
from tests.scale import Scale
from tests.services import Redis

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("exchange_of_this_test")]


def only_by_the_layer(exchange: Exchange) -> None:
    """As if every commit were another process's: this one hears of it through the channel layer or not."""
    loop = asyncio.get_running_loop()
    hints.stop_listening(exchange._told)

    def tell(hint: hints.Hint) -> None:
        loop.call_soon_threadsafe(exchange._to_tell.add, hint)

    hints.listen(tell)


@pytest.fixture(autouse=True)
def _listeners_are_as_before() -> Iterator[None]:
    before = set(hints._listeners)
    yield
    hints._listeners.clear()
    hints._listeners.update(before)


class Reader:
    """What a client does: takes the next entry, pulls when it is behind, returns its cursor."""

    def __init__(self, line: Line, desk: Desk, thread: Thread) -> None:
        self._line, self._desk, self._thread = line, desk, thread
        self.seqs: list[int] = []

    async def read_to(self, seq: int) -> None:
        while not self.seqs or self.seqs[-1] < seq:
            await self._take(await self._line.next())

    async def _take(self, frame: Any) -> None:
        after = self.seqs[-1] if self.seqs else 1
        if frame["type"] == "entry":
            assert frame["seq"] == after + 1
            self.seqs.append(frame["seq"])
        elif frame["type"] == "behind":
            page = await elsewhere(
                lambda: page_of(self._desk.person.pk, self._thread.id, after=after, most=500)
            )
            self.seqs += [row.seq for row in page.rows]
        await self._line.cursor(self._thread, self.seqs[-1] if self.seqs else 1)


async def test_a5_hints_lost_doubled_and_late_lose_nothing(
    world: World, settings: Settings, limits: Limits
) -> None:
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "tests.messaging.lossy.LossyLayer"}}
    limits(sweep_seconds=1, append_device=(500, 0.01), frames_socket=(1000, 0.01))
    entries = [world.thread.message(world.ines) for _ in range(120)]
    async with on_line(world.ines) as line, on_line(world.anne_lise, (world.thread.id, 1)) as her:
        only_by_the_layer(exchange_here())
        reader = Reader(her, world.anne_lise, world.thread)
        reading = asyncio.create_task(reader.read_to(121))
        for entry in entries:
            await line.append(world.thread, entry)
            await asyncio.sleep(0.01)
        await asyncio.wait_for(reading, 20)
        layer = get_channel_layer()
        assert reader.seqs == list(range(2, 122))
        assert layer.sent > layer.lost > 0


@pytest.fixture
def redis(settings: Settings) -> Iterator[Redis]:
    """One of its own: it will be frozen and killed."""
    server = Redis().start()
    backend = "channels_redis.pubsub.RedisPubSubChannelLayer"
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": backend, "CONFIG": {"hosts": [server.url]}}}
    yield server
    server.remove()


async def send(line: Line, thread: Thread, entry: bytes) -> float:
    """How long the acknowledgement took."""
    started = time.monotonic()
    await line.append(thread, entry)
    await line.until("appended")
    return time.monotonic() - started


async def leave_redis() -> None:
    running = exchange_if_running()
    layer = get_channel_layer()
    if running is not None:
        await running.stop()
    await layer.flush()


@pytest.mark.redis
async def test_a5_over_redis_a_hint_arrives(world: World, redis: Redis, limits: Limits) -> None:
    limits(sweep_seconds=60)
    async with on_line(world.ines) as line, on_line(world.anne_lise, (world.thread.id, 1)) as her:
        only_by_the_layer(exchange_here())
        await asyncio.sleep(0.5)  # subscribed
        await send(line, world.thread, world.thread.message(world.ines))
        assert (await her.until("entry"))["seq"] == 2
    await leave_redis()


@pytest.mark.redis
@pytest.mark.parametrize("fault", ["frozen", "killed"])
async def test_a5_without_redis_nothing_waits_and_nothing_is_lost(
    world: World, redis: Redis, limits: Limits, fault: str
) -> None:
    limits(sweep_seconds=1, append_device=(500, 0.01))
    entries = [world.thread.message(world.ines) for _ in range(31)]
    async with on_line(world.ines) as line, on_line(world.anne_lise, (world.thread.id, 1)) as her:
        only_by_the_layer(exchange_here())
        reader = Reader(her, world.anne_lise, world.thread)
        await send(line, world.thread, entries[0])
        await reader.read_to(2)
        redis.freeze() if fault == "frozen" else redis.stop()
        reading = asyncio.create_task(reader.read_to(31))
        waits = []
        for entry in entries[1:30]:
            waits.append(await send(line, world.thread, entry))
            await asyncio.sleep(0.05)
        assert max(waits) < 1
        await asyncio.wait_for(reading, 5)
        started = time.monotonic()
        async with on_line(world.anne_lise, (world.thread.id, 31)):
            assert time.monotonic() - started < 1
        redis.thaw() if fault == "frozen" else redis.start()
        await send(line, world.thread, entries[30])
        await asyncio.wait_for(reader.read_to(32), 5)
        assert reader.seqs == list(range(2, 33))
    await leave_redis()


@pytest.mark.redis
async def test_f11_a_revocation_closes_without_redis(world: World, redis: Redis, limits: Limits) -> None:
    async with on_line(world.anne_lise, (world.thread.id, 1)) as her:
        only_by_the_layer(exchange_here())
        redis.freeze()
        started = time.monotonic()
        await elsewhere(lambda: end_session(world.anne_lise.caller.session))
        await elsewhere(lambda: append(world.ines, world.thread, world.thread.message(world.ines)))
        assert await her.next() == {"close": 4401}
        assert time.monotonic() - started <= 5.5
        redis.thaw()
    await leave_redis()


@pytest.mark.redis
async def test_a5_over_redis_a_hint_arrives_after_a_long_silence(
    world: World, redis: Redis, limits: Limits, scale: Scale
) -> None:
    """8 s, 10 minutes in a long run: no sweep helps, nothing keeps the connections busy but themselves."""
    silence = scale.count(8, fast=8, long=600)
    limits(sweep_seconds=3600)
    async with on_line(world.ines) as line, on_line(world.anne_lise, (world.thread.id, 1)) as her:
        only_by_the_layer(exchange_here())
        await asyncio.sleep(silence)
        await send(line, world.thread, world.thread.message(world.ines))
        assert (await her.until("entry"))["seq"] == 2
    await leave_redis()


async def test_a5_in_memory_a_hint_arrives_after_the_group_has_expired(
    world: World, settings: Settings, limits: Limits
) -> None:
    """After a day as the layer comes; here after a second. Seen failing when nobody joins again."""
    backend = "channels.layers.InMemoryChannelLayer"
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": backend, "CONFIG": {"group_expiry": 1}}}
    limits(sweep_seconds=3600)
    async with on_line(world.ines) as line, on_line(world.anne_lise, (world.thread.id, 1)) as her:
        only_by_the_layer(exchange_here())
        await asyncio.sleep(3.5)
        await send(line, world.thread, world.thread.message(world.ines))
        assert (await her.until("entry"))["seq"] == 2
