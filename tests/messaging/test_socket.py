"""F: who may open a socket, and which frames are refused."""

import os
from typing import Any

import pytest

from accounts.services.sessions import begin_session, end_session
from accounts.source import Source
from tests.messaging.conftest import Limits
from tests.messaging.line import Line, elsewhere, on_line
from tests.messaging.world import World, sign_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("exchange_of_this_test")]


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


async def test_f9_whoever_does_not_take_what_they_are_sent_is_closed(world: World, limits: Limits) -> None:
    limits(waiting_bytes=50)  # less than the welcome
    line = Line(world.ines.token)
    assert await line.connect()
    assert await line.hello() == {"close": 4408}
    assert await line.is_silent()
