"""F8, H3: generated frames and bodies get a code. No traceback, no change, and nobody else notices."""

import json
import logging
import os
import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps

from messaging.client.entries import MadeEpoch
from messaging.protocol import b64
from tests.accounts.browser import Browser, body
from tests.messaging.conftest import Limits
from tests.messaging.line import Line, elsewhere, on_line
from tests.messaging.teams import changed, leaving, start_team
from tests.messaging.world import Thread, World, append, open_desk
from tests.scale import Scale

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("exchange_of_this_test")]


class Garbage:
    """From noise to what is right but for one place; the same in every run."""

    def __init__(self, world: World, seed: int) -> None:
        self._chance = random.Random(seed)
        conversation, entry = b64(world.thread.id), b64(world.thread.message(world.ines))
        made = world.thread.renewal(world.ines)
        team = start_team(world.ines, world.anne_lise)
        gaetan = open_desk(world.cast.gaetan, world.cast.tilleuls)
        leave, grown = b64(leaving(team, world.ines)), changed(team, world.ines, add=[gaetan])
        self._frames: list[dict[str, Any]] = [
            {"type": "append", "ref": 1, "conversation": conversation, "entry": entry},
            {"type": "append", "ref": 4, "conversation": b64(team.id), "entry": leave},
            {"type": "cursor", "conversation": conversation, "seq": 1},
            {"type": "beat", "ref": 2},
            {"type": "look", "conversation": conversation},
            {"type": "whisper", "conversation": conversation, "word": "typing"},
            {"type": "present", "on": True},
            {"type": "marker", "ref": 3, "marker": entry[:300]},
            {"type": "hello", "protocol": 1, "heads": [[conversation, 1]]},
        ]
        self._bodies = [_body(world.thread, made), _body(team, grown)]

    def frames(self, count: int) -> Iterator[str]:
        return (self._one(self._frames) for _ in range(count))

    def bodies(self, count: int) -> Iterator[str]:
        return (self._one(self._bodies) for _ in range(count))

    def _one(self, good: list[dict[str, Any]]) -> str:
        sort = self._chance.random()
        if sort < 0.15:
            return self._noise()
        text = json.dumps(self._changed(dict(self._chance.choice(good))), separators=(",", ":"))
        if sort < 0.3:
            at = self._chance.randrange(len(text))
            return text[:at] + self._chance.choice(["", "\0", "é", "\ud7ff"]) + text[at + 1 :]
        return text

    def _noise(self) -> str:
        size = self._chance.randrange(1, 300)
        return self._chance.randbytes(size).decode("latin-1")

    def _changed(self, frame: dict[str, Any]) -> dict[str, Any]:
        name = self._chance.choice(sorted(frame))
        match self._chance.randrange(5):
            case 0:
                del frame[name]
            case 1:
                frame[self._noise()[:20]] = 1
            case 2 if isinstance(frame[name], str) and len(frame[name]) > 40:
                frame[name] = self._altered(frame[name])
            case 3:
                frame[name] = self._altered(b64(self._chance.randbytes(self._chance.randrange(1, 200))))
            case _:
                frame[name] = self._chance.choice(
                    [None, True, -1, 1.5, 2**53, 10**400, "", [], {}, [[]], "A" * 70_000, "__proto__"]
                )
        return frame

    def _altered(self, text: str) -> str:
        at = self._chance.randrange(len(text))
        other = self._chance.choice([char for char in "ABCxyz_-+/=" if char != text[at]])
        return text[:at] + other + text[at + 1 :]


def _body(thread: Thread, made: MadeEpoch) -> dict[str, Any]:
    return {
        "conversation": b64(thread.id), "statement": b64(made.statement),
        "wraps": [[b64(chain), b64(sealed)] for chain, sealed in made.wraps.items()],
    }  # fmt: skip


def state() -> list[tuple[str, int]]:
    models = apps.get_app_config("messaging").get_models()
    heads = apps.get_model("messaging", "Conversation").objects.values_list("head", flat=True)
    counts = [(model.__name__, model._default_manager.count()) for model in models]
    return [*counts, ("heads", sum(heads))]


async def answers_of(line: Line, frames: Iterator[str]) -> set[str]:
    """One beat after each few hundred: its answer says that all before it was heard."""
    codes: set[str] = set()
    for number, frame in enumerate(frames):
        await line.say(frame)
        if number % 100 == 0:
            codes |= await heard(line, 10_000_000 + number)
    return codes | await heard(line, 99_999_999)


async def heard(line: Line, ref: int) -> set[str]:
    codes = set()
    await line.say({"type": "beat", "ref": ref})
    while (frame := await line.next()) != "heads" and frame.get("ref") != ref:
        assert "close" not in frame, frame
        codes.add(frame.get("code", frame.get("type")))
    return codes


async def test_f8_generated_frames_get_a_code_and_change_nothing(
    world: World, limits: Limits, scale: Scale, caplog: pytest.LogCaptureFixture
) -> None:
    limits(
        bad_frames_minute=10**9,
        frames_socket=(10**9, 0.001),
        append_device=(10**9, 0.001),
        marker_device=(10**9, 0.001),
        sweep_seconds=1,
    )
    garbage = await elsewhere(lambda: Garbage(world, 20_000))
    before = await elsewhere(state)
    async with on_line(world.ines) as line, on_line(world.anne_lise, (world.thread.id, 1)) as her:
        codes = await answers_of(line, garbage.frames(scale.count(18_000, long=450_000)))
        assert {"bad_frame", "malformed"} <= codes
        assert codes <= {
            "bad_frame", "malformed", "newer_version", "bad_signature", "wrong_conversation", "not_a_member",
            "heads",
            "unknown_device", "past_epoch", "not_allowed", "behind",
        }  # fmt: skip
        assert await elsewhere(state) == before
        await elsewhere(lambda: append(world.ines, world.thread, world.thread.message(world.ines)))
        assert (await her.next())["seq"] == 2  # the other socket saw nothing of it
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_h3_generated_bodies_get_a_code_and_change_nothing(world: World, scale: Scale) -> None:
    garbage, before = Garbage(world, 2_000), state()
    visitor = Browser()
    visitor.token = world.ines.token
    for text in garbage.bodies(scale.count(2_000)):
        answer = visitor.client.post(
            "/api/epochs", text.encode("utf-8", "surrogatepass"), content_type="application/json",
            headers={"Origin": "http://localhost:8000"},
        )  # fmt: skip
        assert 400 <= answer.status_code < 500, (answer.status_code, text[:200])
        assert set(body(answer)) == {"code", "retry_after"}
    assert state() == before


def test_h3_a_body_is_sized_before_it_is_parsed(world: World) -> None:
    visitor = Browser()
    visitor.token = world.ines.token
    answer = visitor.post("epochs", {"conversation": None, "statement": "A" * (1024 * 1024), "wraps": []})
    assert (answer.status_code, body(answer)["code"]) == (413, "too_long")


def test_f8_noise_as_an_entry_is_refused(world: World) -> None:
    from accounts.errors import Refused

    for size in (0, 1, 31, 32, 33, 1000, 41_000):
        with pytest.raises(Refused):
            append(world.ines, world.thread, os.urandom(size))
