"""F13, F14: who is typing and who is here. Said to whoever looks, stored nowhere, awaited by nothing."""

import asyncio
import os
import threading
import time
from typing import Any

import pytest
from channels.layers import InMemoryChannelLayer, get_channel_layer
from pytest_django.fixtures import Settings

from accounts.shapes import Position
from messaging.client.entries import make_marker
from messaging.exchange import whispers
from messaging.exchange.exchange import exchange_here
from messaging.exchange.hear import GROUP
from messaging.protocol import b64
from tests.messaging.conftest import Limits
from tests.messaging.line import Line, elsewhere, on_line
from tests.messaging.teams import changed, post, start_team
from tests.messaging.test_garbage import state
from tests.messaging.test_removal import heard
from tests.messaging.test_revocations import end_untold, untold
from tests.messaging.world import Thread, World, open_desk, second_desk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("exchange_of_this_test")]


class SilentLayer(InMemoryChannelLayer):  # type: ignore[misc]  # Channels has no types
    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        await asyncio.sleep(3600)


async def look(line: Line, thread: Thread | None) -> None:
    await line.say({"type": "look", "conversation": b64(thread.id) if thread else None})


async def whisper(line: Line, thread: Thread, word: str = "typing") -> None:
    await line.say({"type": "whisper", "conversation": b64(thread.id), "word": word})


async def present(line: Line, on: bool) -> None:
    await line.say({"type": "present", "on": on})


async def of_kind(line: Line, kind: str) -> list[Any]:
    return [frame for frame in await heard(line) if frame["type"] == kind]


# --- typing -----------------------------------------------------------------------------------------


async def test_f13_nobody_whispers_where_they_are_not(world: World) -> None:
    gaetan = await elsewhere(lambda: open_desk(world.cast.gaetan, world.cast.tilleuls))
    async with on_line(gaetan) as stranger, on_line(world.ines) as ines:
        await look(ines, world.thread)
        await whisper(stranger, world.thread)
        assert await of_kind(ines, "whisper") == []
        assert await heard(stranger) == []  # nor does it learn anything by trying


async def test_f13_nobody_hears_it_who_does_not_look(world: World) -> None:
    gaetan = await elsewhere(lambda: open_desk(world.cast.gaetan, world.cast.tilleuls))
    async with on_line(gaetan) as stranger, on_line(world.ines) as ines, on_line(world.anne_lise) as her:
        await look(stranger, world.thread)
        await whisper(her, world.thread)
        assert await of_kind(ines, "whisper") == []
        assert await of_kind(stranger, "whisper") == []


async def test_f13_more_than_its_rate_vanishes(world: World, limits: Limits) -> None:
    limits(whisper_device=(2, 60.0))
    async with on_line(world.ines) as ines, on_line(world.anne_lise) as her:
        await look(ines, world.thread)
        for word in ("typing", "stopped", "typing", "typing"):
            await whisper(her, world.thread, word)
        assert [frame["word"] for frame in await of_kind(ines, "whisper")] == ["typing", "stopped"]


async def test_f13_one_socket_is_not_flooded(world: World, limits: Limits) -> None:
    limits(whisper_device=(50, 0.1), whispers_socket=(3, 60.0))
    async with on_line(world.ines) as ines, on_line(world.anne_lise) as her:
        await look(ines, world.thread)
        for _ in range(10):
            await whisper(her, world.thread)
        assert len(await of_kind(ines, "whisper")) == 3


async def test_f13_the_others_who_look_hear_it_and_nothing_is_stored(world: World) -> None:
    phone = await elsewhere(lambda: second_desk(world.ines))
    before = await elsewhere(state)
    async with on_line(world.ines) as ines, on_line(phone) as mine, on_line(world.anne_lise) as her:
        for line in (ines, mine, her):
            await look(line, world.thread)
        await heard(her)
        await whisper(ines, world.thread)
        assert await her.next() == {
            "type": "whisper", "conversation": b64(world.thread.id), "person": world.cast.ines.pk.hex,
            "word": "typing",
        }  # fmt: skip
        assert await of_kind(mine, "whisper") == []
    assert await elsewhere(state) == before


async def test_f13_after_a_removal_nothing_is_heard_or_said(world: World) -> None:
    team = await elsewhere(lambda: start_team(world.ines, world.anne_lise))
    async with on_line(world.ines) as ines, on_line(world.anne_lise) as her:
        for line in (ines, her):
            await look(line, team)
            await heard(line)
        made = await elsewhere(lambda: changed(team, world.ines, remove=[world.anne_lise]))
        await elsewhere(lambda: post(team, world.ines, made))
        await her.until("gone")
        await look(her, team)
        await whisper(ines, team)
        await whisper(her, team)
        await present(ines, True)
        assert await heard(her) == []
        assert await of_kind(ines, "whisper") == []


@pytest.fixture
def _no_sweep(limits: Limits) -> None:
    limits(sweep_seconds=3600)


async def remove_untold(team: Thread, world: World) -> None:
    """As another process would whose hints are lost."""
    with untold():
        made = await elsewhere(lambda: changed(team, world.ines, remove=[world.anne_lise]))
        await elsewhere(lambda: post(team, world.ines, made))


@pytest.mark.usefixtures("_no_sweep")
async def test_f11_a_removal_that_nobody_heard_of_ends_typing_in_both_directions(world: World) -> None:
    gaetan = await elsewhere(lambda: open_desk(world.cast.gaetan, world.cast.tilleuls))
    team = await elsewhere(lambda: start_team(world.ines, world.anne_lise, gaetan))
    async with on_line(world.ines) as ines, on_line(world.anne_lise) as her, on_line(gaetan) as other:
        for line in (ines, her, other):
            await look(line, team)
            await heard(line)
        await remove_untold(team, world)
        await whisper(her, team)
        await whisper(ines, team)
        assert await heard(her) == []
        assert await of_kind(ines, "whisper") == []
        assert [frame["person"] for frame in await heard(other)] == [world.cast.ines.pk.hex]


@pytest.mark.usefixtures("_no_sweep")
async def test_f11_an_end_that_nobody_heard_of_ends_typing(world: World) -> None:
    async with on_line(world.ines) as ines, on_line(world.anne_lise) as her:
        await look(her, world.thread)
        await heard(her)
        await end_untold(world)
        await whisper(ines, world.thread)
        assert await of_kind(her, "whisper") == []


@pytest.mark.usefixtures("_no_sweep")
async def test_f12_whoever_is_out_and_still_looks_is_shown_nothing(world: World) -> None:
    """Markers, typing, presence: the removed one's socket looks on, and each asks who is in."""
    team = await elsewhere(lambda: start_team(world.ines, world.anne_lise))
    async with on_line(world.ines) as ines, on_line(world.anne_lise) as her:
        for line in (ines, her):
            await look(line, team)
            await heard(line)
        await remove_untold(team, world)
        [outlet] = exchange_here().outlets.of([world.anne_lise.person.pk.bytes])
        assert outlet.looking_at == team.id
        assert outlet.is_in(team.id)  # as far as this process heard
        place = await elsewhere(lambda: place_of(team))
        made = make_marker(team.id, world.ines.log.chain, world.ines.device, 1, (place, None, None))
        await ines.say({"type": "marker", "ref": 1, "marker": b64(made)})
        await whisper(ines, team)
        await present(ines, True)
        frames = await heard(ines, 1.5)
        assert {frame["type"] for frame in frames} >= {"marked", "markers", "presence"}
        assert await heard(her) == []
        await look(her, team)  # and again
        assert await heard(her, 1.5) == []
        await present(her, True)
        assert world.cast.anne_lise.pk.hex not in str(await of_kind(ines, "presence"))


def place_of(team: Thread) -> Position:
    return Position(team.row.head, bytes(team.row.hash))


async def test_f13_many_words_cost_few_questions(
    world: World, limits: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the reader's thread, away from the sockets' loop, and at a bounded rate."""
    limits(whisper_device=(500, 0.01), whispers_socket=(500, 0.01))
    asked: list[str] = []
    original = whispers._read

    def counted(*args: Any) -> Any:
        asked.append(threading.current_thread().name)
        return original(*args)

    monkeypatch.setattr(whispers, "_read", counted)
    async with on_line(world.ines) as ines, on_line(world.anne_lise) as her:
        await look(ines, world.thread)
        await heard(ines)
        started = time.monotonic()
        for _ in range(20):
            for _ in range(5):
                await whisper(her, world.thread)
            await asyncio.sleep(0.02)
        seconds = time.monotonic() - started
        assert len(await of_kind(ines, "whisper")) == 100
    assert len(asked) <= 2 + 5 * seconds
    assert all("exchange-read" in name for name in asked)


async def test_f13_another_process_is_heard_and_ones_own_echo_is_not(world: World) -> None:
    async with on_line(world.ines) as ines, on_line(world.anne_lise) as her:
        await look(ines, world.thread)
        await asyncio.sleep(0.2)
        await whisper(her, world.thread)
        assert len(await of_kind(ines, "whisper")) == 1
        whose = world.cast.anne_lise.pk.bytes
        rows = [["typing", whose, world.thread.id, word] for word in ("stopped", "shouting")]
        rows.append(["unknown", whose, world.thread.id, "typing"])
        message = {"type": "passing", "origin": os.urandom(8), "rows": rows}
        await get_channel_layer().group_send(GROUP, message)
        assert [frame["word"] for frame in await of_kind(ines, "whisper")] == ["stopped"]


async def test_f13_a_layer_that_never_answers_delays_nobody(world: World, settings: Settings) -> None:
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "tests.messaging.test_whispers.SilentLayer"}}
    async with on_line(world.ines) as ines, on_line(world.anne_lise) as her:
        await look(ines, world.thread)
        await heard(ines)
        started = time.monotonic()
        await whisper(her, world.thread)
        assert (await ines.next())["type"] == "whisper"
        await her.append(world.thread, world.thread.message(world.anne_lise))
        await her.until("appended")
        assert time.monotonic() - started < 1


# --- here -------------------------------------------------------------------------------------------


def here(frame: Any) -> list[str]:
    assert frame["type"] == "presence"
    return list(frame["persons"])


async def test_f14_only_members_are_told_and_only_of_members(world: World) -> None:
    gaetan = await elsewhere(lambda: open_desk(world.cast.gaetan, world.cast.tilleuls))
    async with on_line(gaetan) as stranger, on_line(world.ines) as ines, on_line(world.anne_lise) as her:
        await present(stranger, True)
        await present(her, True)
        await look(stranger, world.thread)
        await look(ines, world.thread)
        assert here(await ines.next()) == [world.cast.anne_lise.pk.hex]
        assert await heard(stranger) == []


async def test_f14_it_is_told_on_looking_and_when_it_changes(world: World, limits: Limits) -> None:
    async with on_line(world.ines) as ines, on_line(world.anne_lise) as her:
        await look(ines, world.thread)
        assert here(await ines.next()) == []
        await present(her, True)
        assert here(await ines.next()) == [world.cast.anne_lise.pk.hex]
        await present(her, True)  # said again: nothing has changed
        assert await heard(ines, 1.5) == []
        await present(her, False)
        assert here(await ines.next()) == []
        await look(ines, None)
        await present(her, True)
        assert await heard(ines, 1.5) == []


async def test_f14_whoever_says_nothing_for_a_while_is_gone(world: World, limits: Limits) -> None:
    limits(present_seconds=1, sweep_seconds=1)
    async with on_line(world.ines) as ines, on_line(world.anne_lise) as her:
        await present(her, True)
        await look(ines, world.thread)
        assert here(await ines.next()) == [world.cast.anne_lise.pk.hex]
        assert here(await ines.next()) == []


async def test_f14_one_device_does_not_take_back_what_another_says(world: World) -> None:
    phone = await elsewhere(lambda: second_desk(world.anne_lise))
    async with on_line(world.ines) as ines, on_line(world.anne_lise) as her, on_line(phone) as other:
        await present(her, True)
        await present(other, True)
        await look(ines, world.thread)
        assert here(await ines.next()) == [world.cast.anne_lise.pk.hex]
        await present(other, False)
        assert await heard(ines, 1.5) == []


async def test_f14_more_than_its_rate_vanishes(world: World, limits: Limits) -> None:
    limits(present_device=(1, 60.0))
    async with on_line(world.ines) as ines, on_line(world.anne_lise) as her:
        await present(her, True)
        await present(her, False)
        await look(ines, world.thread)
        assert here(await ines.next()) == [world.cast.anne_lise.pk.hex]


async def test_f14_memory_is_bounded(world: World, limits: Limits) -> None:
    limits(present_persons=1)
    async with on_line(world.ines) as ines, on_line(world.anne_lise) as her:
        await present(her, True)
        await present(ines, True)
        await look(ines, world.thread)
        assert here(await ines.next()) == [world.cast.anne_lise.pk.hex]
