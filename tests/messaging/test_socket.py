"""F: who may open a socket, what it hears, and what each frame is answered. Refusals first."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from typing import Any

import pytest

from accounts import clock
from accounts.models import Session
from accounts.services.people import suspend
from accounts.services.sessions import begin_session, end_session
from accounts.source import Source
from messaging.exchange.exchange import exchange_here, exchange_if_running
from messaging.models import Entry
from messaging.protocol import b64
from tests.messaging.conftest import Limits
from tests.messaging.line import Line, elsewhere, on_line
from tests.messaging.world import Thread, World, append, revoke, second_desk, sign_in, start_direct

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
async def _an_exchange_of_this_test() -> AsyncIterator[None]:
    yield
    running = exchange_if_running()
    if running is not None:
        await running.stop()


async def closed_with(line: Line) -> int:
    assert await line.connect()
    return int((await line.next())["close"])


@pytest.mark.parametrize(
    "origin",
    [None, "null", "http://localhost:8001", "https://localhost:8000", "http://localhost:8000.evil.example", "HTTP://localhost:8000"],
)  # fmt: skip
async def test_f1_another_origin_gets_no_socket(world: World, origin: str | None) -> None:
    assert not await Line(world.ines.token, origin=origin).connect()


async def test_f1_another_path_gets_no_socket(world: World) -> None:
    assert not await Line(world.ines.token, path="/ws/").connect()


async def test_f1_nobody_is_signed_out(world: World) -> None:
    assert await closed_with(Line(None)) == 4401
    assert await closed_with(Line("x" * 43)) == 4401


async def test_f1_a_password_alone_opens_nothing(world: World) -> None:
    source = Source(address="127.0.0.1", browser="firefox", platform="linux", language="fr")
    begun = await elsewhere(
        lambda: begin_session(person=world.cast.ines, shared=False, source=source, instead_of=None)
    )
    assert await closed_with(Line(begun.token)) == 4401


async def test_f1_a_session_without_its_device_opens_nothing(world: World) -> None:
    assert await closed_with(Line(await elsewhere(lambda: sign_in(world.cast.ines)))) == 4403


async def test_f1_an_ended_session_opens_nothing(world: World) -> None:
    await elsewhere(lambda: end_session(world.ines.caller.session))
    assert await closed_with(Line(world.ines.token)) == 4401


async def test_f1_another_protocol_is_outdated(world: World) -> None:
    assert await closed_with(Line(world.ines.token, protocol=None)) == 4409
    assert await closed_with(Line(world.ines.token, protocol="colloque.2")) == 4409
    line = Line(world.ines.token)
    assert await line.connect()
    await line.say({"type": "hello", "protocol": 2, "heads": []})
    assert await line.next() == {"close": 4409}


async def test_f1_nothing_comes_before_hello(world: World) -> None:
    line = Line(world.ines.token)
    assert await line.connect()
    await line.say({"type": "beat", "ref": 1})
    assert (await line.next())["code"] == "bad_frame"
    await line.hang_up()


async def test_f1_hello_is_awaited_for_a_while_only(world: World, limits: Limits) -> None:
    limits(hello_seconds=1)
    line = Line(world.ines.token)
    assert await line.connect()
    assert await line.next() == {"close": 4408}


async def test_f10_a_sixth_socket_of_a_device_is_too_many(world: World) -> None:
    lines = [Line(world.ines.token) for _ in range(5)]
    for line in lines:
        assert await line.connect()
        await line.hello()
    assert await closed_with(Line(world.ines.token)) == 4429
    await lines[0].hang_up()
    async with on_line(world.ines):
        pass
    for line in lines[1:]:
        await line.hang_up()


BAD: list[Any] = [
    "{", "null", "[]", '"hello"', "{}", '{"type":"nonsense"}', '{"type":"append"}',
    {"type": "beat"}, {"type": "beat", "ref": "1"}, {"type": "beat", "ref": -1},
    {"type": "beat", "ref": 1, "more": 1},
    {"type": "look"}, {"type": "look", "conversation": "short"}, {"type": "look", "conversation": "_" * 43},
    {"type": "cursor", "conversation": "A" * 43, "seq": 2**53}, {"type": "hello", "protocol": 1, "heads": []},
    '{"type":"beat","ref":' + "1" * 65536 + "}", "[" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("frame", BAD, ids=range(len(BAD)))
async def test_f8_a_bad_frame_is_refused(world: World, frame: object) -> None:
    async with on_line(world.ines) as line:
        await line.say(frame)
        assert await line.next() == {"type": "refused", "ref": None, "code": "bad_frame", "retry_after": None}
        await line.say({"type": "beat", "ref": 7})
        assert (await line.next())["ref"] == 7


async def test_f8_binary_is_a_bad_frame(world: World) -> None:
    async with on_line(world.ines) as line:
        await line.say_bytes(b'{"type":"beat","ref":1}')
        assert (await line.next())["code"] == "bad_frame"


async def test_f8_too_many_bad_frames_are_the_end(world: World) -> None:
    async with on_line(world.ines) as line:
        for _ in range(20):
            await line.say("{")
            assert (await line.next())["code"] == "bad_frame"
        await line.say("{")
        assert await line.until("close") == {"close": 4400}


async def test_f9_too_many_frames_are_the_end(world: World, limits: Limits) -> None:
    limits(frames_socket=(5, 60.0))
    async with on_line(world.ines) as line:
        for ref in range(5):
            await line.say({"type": "beat", "ref": ref})
        assert await line.until("close") == {"close": 4429}


async def test_f2_what_the_log_refuses_is_answered_with_its_code(world: World) -> None:
    async with on_line(world.ines) as line:
        ref = await line.append(world.thread, os.urandom(99))
        assert await line.next() == {"type": "refused", "ref": ref, "code": "malformed", "retry_after": None}


async def test_f10_appends_are_throttled_by_device(world: World, limits: Limits) -> None:
    limits(append_device=(2, 30.0))
    entries = [world.thread.message(world.ines) for _ in range(3)]
    async with on_line(world.ines) as one, on_line(world.ines) as two:
        await one.append(world.thread, entries[0])
        await two.append(world.thread, entries[1])
        await one.until("appended")
        await two.until("appended")
        await one.append(world.thread, entries[2])
        refused = await one.until("refused")
        assert (refused["code"], refused["retry_after"]) == ("throttled", 30)
    assert await elsewhere(lambda: world.thread.row.head) == 3


async def test_f1_welcome_names_every_conversation(world: World) -> None:
    line = Line(world.ines.token)
    await line.connect()
    welcome = await line.hello()
    assert {head[0] for head in welcome["heads"]} == {b64(world.ines.own), b64(world.thread.id)}
    row = await elsewhere(lambda: world.thread.row)
    assert [b64(world.thread.id), 1, b64(row.hash)] in welcome["heads"]
    assert abs(welcome["now"] - clock.seconds(clock.now())) < 5
    await line.hang_up()


async def test_f2_appended_means_committed_and_the_same_again_is_the_same(world: World) -> None:
    entry = world.thread.message(world.ines)
    async with on_line(world.ines, (world.thread.id, 1)) as line:
        ref = await line.append(world.thread, entry)
        answer = await line.until("appended")
        row = await elsewhere(lambda: Entry.objects.get(conversation=world.thread.id, seq=2))
        assert answer == {
            "type": "appended", "ref": ref, "conversation": b64(world.thread.id), "seq": 2, "at": row.at
        }  # fmt: skip
        assert bytes(row.object) == entry
        again = await line.append(world.thread, entry)
        assert await line.until("appended") == {**answer, "ref": again}


async def test_f3_an_entry_is_dealt_to_both_and_to_every_device(world: World) -> None:
    phone = await elsewhere(lambda: second_desk(world.ines))
    await elsewhere(lambda: world.thread.renew(world.ines))
    at_2 = (world.thread.id, 2)
    async with (
        on_line(world.ines, at_2) as ines,
        on_line(phone, at_2) as other,
        on_line(world.anne_lise, at_2) as her,
    ):
        entry = world.thread.message(world.ines)
        await ines.append(world.thread, entry)
        for line in (ines, other, her):
            dealt = await line.until("entry")
            assert (dealt["seq"], dealt["entry"]) == (3, b64(entry))


async def test_f3_only_one_behind_is_dealt_others_are_told_once(world: World) -> None:
    await elsewhere(lambda: append(world.ines, world.thread, world.thread.message(world.ines)))
    entries = [world.thread.message(world.ines) for _ in range(3)]
    async with on_line(world.anne_lise, (world.thread.id, 1)) as her, on_line(world.ines) as line:
        for entry in entries:
            await line.append(world.thread, entry)
            await line.until("appended")
        assert await her.is_silent()  # the welcome told her already
        await her.cursor(world.thread, 2)
        behind = await her.next()
        assert (behind["type"], behind["head"]) == ("behind", 5)
        await her.cursor(world.thread, 5)
        await line.append(world.thread, world.thread.message(world.ines))
        assert (await her.until("entry"))["seq"] == 6


async def test_f3_an_epoch_is_never_dealt(world: World) -> None:
    async with on_line(world.anne_lise, (world.thread.id, 1)) as her:
        posted = await elsewhere(lambda: world.thread.renew(world.ines))
        behind = await her.next()
        assert (behind["type"], behind["head"]) == ("behind", posted.seq)
        await elsewhere(lambda: append(world.ines, world.thread, world.thread.message(world.ines)))
        assert await her.is_silent()
        await her.cursor(world.thread, 2)
        assert (await her.next())["head"] == 3


async def test_f3_a_new_conversation_is_told(world: World) -> None:
    from tests.messaging.world import open_desk

    gaetan = await elsewhere(lambda: open_desk(world.cast.gaetan, world.cast.tilleuls))
    async with on_line(gaetan) as line:
        thread = await elsewhere(lambda: start_direct(world.ines, gaetan))
        behind = await line.until("behind")
        assert (behind["conversation"], behind["head"]) == (b64(thread.id), 1)


async def fill(line: Line, thread: Thread, entries: list[bytes]) -> None:
    for entry in entries:
        await line.append(thread, entry)
        await line.until("appended")


async def test_f4_without_credit_only_behind(world: World, limits: Limits) -> None:
    limits(credit_frames=3)
    entries = [world.thread.message(world.ines) for _ in range(6)]
    async with on_line(world.anne_lise, (world.thread.id, 1)) as her, on_line(world.ines) as line:
        await fill(line, world.thread, entries)
        assert [(await her.next())["seq"] for _ in range(3)] == [2, 3, 4]
        behind = await her.next()
        assert behind["type"] == "behind"
        assert await her.is_silent()
        await her.cursor(world.thread, 7)
        await fill(line, world.thread, [world.thread.message(world.ines)])
        assert (await her.until("entry"))["seq"] == 8


async def test_f4_bytes_count_too(world: World, limits: Limits) -> None:
    limits(credit_bytes=1800)
    entries = [world.thread.message(world.ines) for _ in range(3)]
    async with on_line(world.anne_lise, (world.thread.id, 1)) as her, on_line(world.ines) as line:
        await fill(line, world.thread, entries)
        kinds = [(await her.next())["type"] for _ in range(2)]
        assert kinds == ["entry", "behind"]


async def test_f4_a_reader_that_never_returns_credit_is_closed(world: World, limits: Limits) -> None:
    limits(credit_frames=1, stall_seconds=1, sweep_seconds=1)
    entries = [world.thread.message(world.ines) for _ in range(3)]
    async with on_line(world.anne_lise, (world.thread.id, 1)) as her, on_line(world.ines) as line:
        await fill(line, world.thread, entries)
        assert await her.until("close") == {"close": 4408}


async def test_f5_a_beat_names_what_is_ahead_only(world: World) -> None:
    async with on_line(world.anne_lise, (world.thread.id, 1), (world.anne_lise.own, 1)) as her:
        await her.say({"type": "beat", "ref": 1})
        assert (await her.next())["heads"] == []
        await elsewhere(lambda: append(world.ines, world.thread, world.thread.message(world.ines)))
        await her.until("entry")
        await her.say({"type": "beat", "ref": 2})
        assert (await her.next())["heads"] == []
    async with on_line(world.anne_lise, (world.anne_lise.own, 1)) as her:
        await her.say({"type": "beat", "ref": 3})
        assert [(head[0], head[1]) for head in (await her.next())["heads"]] == [(b64(world.thread.id), 2)]


async def test_f7_a_moved_key_log_is_told_to_whoever_depends_on_it(world: World) -> None:
    from tests.messaging.world import open_desk

    zoe = await elsewhere(lambda: open_desk(world.cast.zoe, world.cast.glycines))
    gaetan = await elsewhere(lambda: open_desk(world.cast.gaetan, world.cast.tilleuls))
    async with on_line(world.anne_lise) as her, on_line(zoe) as stranger, on_line(gaetan) as colleague:
        await elsewhere(lambda: second_desk(world.ines))
        told = await her.until("person")
        assert told["person"] == world.cast.ines.pk.hex
        assert told["head"] == {"n": 3, "hash": b64(world.ines.log.head.hash)}
        assert told["chain"] == b64(world.ines.log.chain)
        assert await stranger.is_silent()
        assert await colleague.is_silent()


async def test_f7_a_colleague_who_made_their_keys_is_told(world: World) -> None:
    from tests.messaging.world import open_desk

    async with on_line(world.anne_lise) as her:
        gaetan = await elsewhere(lambda: open_desk(world.cast.gaetan, world.cast.tilleuls))
        told = await her.until("person")
        assert (told["person"], told["chain"]) == (world.cast.gaetan.pk.hex, b64(gaetan.log.chain))


async def test_f11_an_ended_session_is_closed_and_hears_nothing_more(world: World) -> None:
    async with on_line(world.anne_lise, (world.thread.id, 1)) as her:
        await elsewhere(lambda: end_session(world.anne_lise.caller.session))
        await elsewhere(lambda: append(world.ines, world.thread, world.thread.message(world.ines)))
        assert await her.next() == {"close": 4401}


async def test_f11_a_suspended_person_is_closed(world: World) -> None:
    async with on_line(world.anne_lise, (world.thread.id, 1)) as her:
        await elsewhere(lambda: suspend(world.cast.anne_lise))
        assert await her.next() == {"close": 4401}


async def test_f11_a_revoked_device_is_closed_and_the_other_is_not(world: World) -> None:
    phone = await elsewhere(lambda: second_desk(world.ines))
    async with on_line(phone) as lost, on_line(world.ines) as kept:
        await elsewhere(lambda: revoke(world.ines, phone.device.id))
        assert await lost.until("close") == {"close": 4401}
        await kept.until("person")
        await kept.say({"type": "beat", "ref": 1})
        assert (await kept.until("heads"))["ref"] == 1


async def test_f11_without_any_hint_the_sweep_closes(world: World, limits: Limits) -> None:
    limits(sweep_seconds=1)
    async with on_line(world.anne_lise) as her:
        token = Session.objects.filter(person=world.cast.anne_lise)
        await elsewhere(
            lambda: token.update(last_seen_at=clock.ago(2 * 3600))
        )  # locked by idling: no row says so
        assert await her.next() == {"close": 4401}


async def test_a5_without_any_hint_the_sweep_delivers(world: World, limits: Limits) -> None:
    limits(sweep_seconds=1)
    async with on_line(world.anne_lise, (world.thread.id, 1)) as her:
        from messaging import hints

        listeners, hints._listeners = (
            hints._listeners,
            set(),
        )  # as if another process had committed, Redis away
        await elsewhere(lambda: append(world.ines, world.thread, world.thread.message(world.ines)))
        hints._listeners = listeners
        assert (await her.next())["seq"] == 2


async def test_health_names_the_tasks(world: World) -> None:
    from django.test import AsyncClient

    async with on_line(world.ines):
        answer = await AsyncClient().get("/health")
        body = json.loads(answer.content)
        assert answer.status_code == 200
        assert body["live"]
        assert body["ready"]
        assert set(body["tasks"]) == {
            "hear", "publish", "pass", "deal", "sweep", "mark", "present", "write",
        }  # fmt: skip


async def test_health_asks_the_database_at_most_once_a_second(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.test import AsyncClient

    from messaging import views

    asked: list[bool] = []

    def answers_now() -> bool:
        asked.append(True)
        return True

    monkeypatch.setattr(views, "_database_answers", answers_now)
    monkeypatch.setattr(views, "_health", views._Health())
    answers = await asyncio.gather(*(AsyncClient().get("/health") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(asked) == 1
    await asyncio.sleep(1.1)
    await AsyncClient().get("/health")
    assert len(asked) == 2


async def test_health_shows_a_task_that_died_and_it_comes_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_line(world.anne_lise, (world.thread.id, 1)) as her:
        exchange = exchange_here()
        broken = asyncio.Event()

        async def fails() -> None:
            broken.set()
            raise RuntimeError

        monkeypatch.setattr(exchange.dealer, "deal", fails)
        await elsewhere(lambda: append(world.ines, world.thread, world.thread.message(world.ines)))
        await broken.wait()
        await asyncio.sleep(0)
        assert exchange.tasks.states["deal"] == "restarting"
        monkeypatch.undo()
        await elsewhere(lambda: append(world.ines, world.thread, world.thread.message(world.ines)))
        assert (await her.next())["type"] in ("entry", "behind")
        assert exchange.tasks.all_running()
