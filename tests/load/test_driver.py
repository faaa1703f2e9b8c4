"""The measuring programs run, and count right: a few people for a moment, nothing timed."""

import argparse
import asyncio

import pytest

from tests.load import messages, sockets
from tests.load.numbers import percentile
from tests.load.volley import Room, Shot, volley
from tests.load.wire import Line, framed


async def test_a_volley_counts_who_acknowledged_and_whom_it_reached() -> None:
    line, room = _line(), Room(2)
    shots = [Shot(room, line, b"") for _ in range(3)]
    sending = asyncio.create_task(volley(shots, 1000.0, patience=0.3))
    await asyncio.sleep(0.05)
    for seq, shot in enumerate(shots[:2], start=1):
        shot.acked, shot.seq = shot.due + 0.01, seq
    for seq in (1, 1, 2):
        room.note(seq)
    outcome = await sending
    assert (len(outcome.acks), len(outcome.deliveries)) == (2, 3)
    assert (outcome.missing, outcome.unanswered) == (1, 1)


async def test_what_is_refused_is_waited_for_no_more() -> None:
    shot = Shot(Room(2), _line(), b"")
    shot.refused = True
    assert (await volley([shot], 10.0)).unanswered == 0


async def test_frames_are_read_however_they_come() -> None:
    heard: list[bytes] = []
    line = Line(heard.append)
    answer = b"HTTP/1.1 101 Switching Protocols\r\n\r\n"
    frames = b"\x81\x03one" + b"\x89\x00" + b"\x81\x7e" + (300).to_bytes(2, "big") + b"x" * 300
    for at in range(len(answer + frames)):
        line.data_received((answer + frames)[at : at + 1])
    assert heard == [b"one", b"x" * 300]
    assert framed(b"x" * 300)[:4] == b"\x81\xfe" + (300).to_bytes(2, "big")


def test_the_tail_is_the_tail() -> None:
    values = [float(number) for number in range(1, 101)]
    assert (percentile(values, 0.5), percentile(values, 0.99)) == (51.0, 100.0)


@pytest.mark.postgres
@pytest.mark.redis
async def test_ours_and_the_plain_chat_deliver_all_that_was_acknowledged() -> None:
    words = ["--quick", "--times", "1", "--people", "10", "--halls", "plain", "ours"]
    measured = await messages.run(messages.arguments().parse_args(words))
    for name in ("plain", "ours"):
        [found] = measured[name]
        assert (found["missing"], found["faults"]) == (0, 0)
        assert found["deliveries/s"] > 0


@pytest.mark.postgres
@pytest.mark.redis
async def test_sockets_of_two_processes_hear_one_another() -> None:
    given = argparse.Namespace(people=20, rate=20.0, minutes=0.1)
    rows = {name: found for name, found, _ in await sockets.run(given)}
    assert rows["messages acknowledged, of those sent"] == "120 of 120"
    assert rows["deliveries lost"] == "0 of 2400"
    assert rows["refusals, entries out of order"] == "0 []"


def _line() -> Line:
    return Line(lambda payload: None)
