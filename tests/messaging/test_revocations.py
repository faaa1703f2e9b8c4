"""F11: what is over is over before anybody tells the exchange: as if another process had committed it, with
Redis away and the sweep far off."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from accounts.services.people import suspend
from accounts.services.sessions import end_session
from messaging import hints
from messaging.exchange.deal import Dealer
from messaging.exchange.moved import Moved
from messaging.exchange.outlet import Outlet
from messaging.exchange.outlets import Outlets
from messaging.exchange.worker import Worker
from messaging.hints import Hint
from messaging.protocol import CLOSE, b64
from messaging.services.markers import MarkerWish, put_markers
from tests.messaging.conftest import Limits
from tests.messaging.line import Line, elsewhere, on_line
from tests.messaging.test_markers import marker
from tests.messaging.world import World, append

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("exchange_of_this_test")]
SIGNED_OUT = {"close": CLOSE["signed_out"]}


@pytest.fixture(autouse=True)
def _no_sweep(limits: Limits) -> None:
    limits(sweep_seconds=600)


@contextmanager
def untold() -> Iterator[None]:
    listeners = set(hints._listeners)
    hints._listeners.clear()
    try:
        yield
    finally:
        hints._listeners.update(listeners)


async def end_untold(world: World) -> None:
    with untold():
        await elsewhere(lambda: end_session(world.anne_lise.caller.session))


def frames(world: World) -> dict[str, Any]:
    entry = b64(world.thread.message(world.anne_lise))
    return {
        "beat": {"ref": 1},
        "append": {"ref": 1, "conversation": b64(world.thread.id), "entry": entry},
        "marker": {"ref": 1, "marker": b64(marker(world, world.anne_lise, 1))},
    }


@pytest.mark.parametrize("tag", ["beat", "append", "marker"])
async def test_f11_whoever_asks_after_the_end_is_closed(world: World, tag: str) -> None:
    said = await elsewhere(lambda: frames(world)[tag])
    async with on_line(world.anne_lise, (world.thread.id, 1)) as her:
        await end_untold(world)
        await her.say({"type": tag, **said})
        assert await her.next() == SIGNED_OUT
    assert await elsewhere(lambda: world.thread.row.head) == 1


async def test_f11_whoever_greets_after_the_end_is_not_greeted(world: World) -> None:
    her = Line(world.anne_lise.token)
    assert await her.connect()
    await end_untold(world)
    assert await her.hello() == SIGNED_OUT


def end_and_write(world: World) -> None:
    end_session(world.anne_lise.caller.session)
    append(world.ines, world.thread, world.thread.message(world.ines))


def suspend_her(world: World) -> None:
    """Which itself is an entry of the log."""
    suspend(world.cast.anne_lise)


@pytest.mark.parametrize("over", [end_and_write, suspend_her])
async def test_f11_the_next_content_is_the_end(world: World, over: Callable[[World], None]) -> None:
    """Told of the log alone: what is dealt asks for revocations first."""
    async with on_line(world.anne_lise, (world.thread.id, 1)) as her:
        with untold():
            await elsewhere(lambda: over(world))
        hints.tell(Hint("log", world.thread.id, 2))
        assert await her.next() == SIGNED_OUT


async def test_f11_no_marker_comes_after_the_end(world: World) -> None:
    made = await elsewhere(lambda: marker(world, world.ines, 1))
    async with on_line(world.anne_lise, (world.thread.id, 1)) as her, on_line(world.ines) as me:
        for line in (her, me):
            await line.say({"type": "look", "conversation": b64(world.thread.id)})
        await end_untold(world)
        await elsewhere(lambda: put_markers([MarkerWish(world.ines.caller, made)]))
        assert (await me.until("markers"))["markers"] == [b64(made)]
        await end_of_line(her)


async def end_of_line(line: Line) -> None:
    """Whatever was dealt before comes before this."""
    await line.say({"type": "beat", "ref": 9})
    while (frame := await line.next()) != SIGNED_OUT:
        assert frame["type"] == "presence", frame


async def test_f11_what_ends_between_letting_in_and_the_first_deal_is_read_by_it(world: World) -> None:
    outlets, reader = Outlets(), Worker("read")
    closed: list[int] = []
    dealer = Dealer(outlets, reader, Moved())
    caller = await elsewhere(lambda: world.anne_lise.caller)
    outlets.add(Outlet(caller, lambda text: None, closed.append))
    await end_untold(world)
    await dealer.deal()
    await reader.stop()
    assert closed == [CLOSE["signed_out"]]
