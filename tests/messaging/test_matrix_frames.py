"""A11, row by row: every frame of the socket, said by everybody who may knock. A frame that is not in the
table fails the build; what is refused changes nothing, and a foreign conversation is as good as none."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import get_args

import pytest

from messaging import protocol
from messaging.client.entries import make_marker
from messaging.protocol import CLOSE, b64
from tests.digest import digest
from tests.messaging.actors import STAGES, Actor, Ground, make_ground
from tests.messaging.line import Line, elsewhere
from tests.messaging.world import Thread, now

Said = dict[str, object]

# How the socket closes on whoever may not have one; None for those whom it greets.
CLOSES: dict[str, int | None] = {
    "nobody": CLOSE["signed_out"],
    "password_only": CLOSE["signed_out"],
    "enrolling": CLOSE["signed_out"],
    "locked": CLOSE["signed_out"],
    "expired": CLOSE["signed_out"],
    "suspended": CLOSE["signed_out"],
    "revoked_device": CLOSE["signed_out"],
    "foreign_origin": CLOSE["not_allowed"],
    "no_origin": CLOSE["not_allowed"],
    "without_device": CLOSE["not_allowed"],
    "other_organisation": None,
    "non_member": None,
    "removed_member": None,
    "member": None,
}


@dataclass(frozen=True)
class FrameRow:
    """`said` in a conversation, by its member Anne-Lise: whole and good, so that whoever else sends it fails
    by who they are. Then what a member hears, and what one who is none; None is silence."""

    said: Callable[[Thread], Said]
    member: str | None
    outsider: str | None


FRAMES: dict[str, FrameRow] = {
    "hello": FrameRow(lambda in_: {"protocol": 1, "heads": []}, "bad_frame", "bad_frame"),
    "append": FrameRow(
        lambda in_: {"ref": 1, "conversation": b64(in_.id), "entry": b64(in_.message(in_.desks[1]))},
        "appended",
        "not_a_member",
    ),
    "cursor": FrameRow(lambda in_: {"conversation": b64(in_.id), "seq": 1}, None, None),
    "beat": FrameRow(lambda in_: {"ref": 1}, "heads", "heads"),
    "marker": FrameRow(lambda in_: {"ref": 1, "marker": b64(_marker(in_))}, "marked", "not_found"),
    "look": FrameRow(lambda in_: {"conversation": b64(in_.id)}, None, None),
    "whisper": FrameRow(lambda in_: {"conversation": b64(in_.id), "word": "typing"}, None, None),
    "present": FrameRow(lambda in_: {"on": True}, None, None),
}
_FENCE = 99


def _marker(in_: Thread) -> bytes:
    desk, place = in_.desks[1], in_.place
    return make_marker(in_.id, desk.log.chain, desk.device, now(), (place, place, None))


def test_a11_every_frame_has_a_row() -> None:
    tags = {kind.__struct_config__.tag for kind in get_args(protocol.FromClient)}
    assert tags == set(FRAMES)


def test_a11_every_actor_has_a_row() -> None:
    assert set(CLOSES) == set(STAGES)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("exchange_of_this_test")
async def test_a11_each_frame_of_each_actor() -> None:
    there = await elsewhere(make_ground)
    # The member first: the exchange then knows of the conversation, and could tell.
    for name in sorted(CLOSES, key=lambda name: name != "member"):
        before = await elsewhere(digest)
        for tag, row in FRAMES.items():
            await _check(there, there.actor(name), tag, row)
        assert name == "member" or await elsewhere(digest) == before, name


async def _check(there: Ground, actor: Actor, tag: str, row: FrameRow) -> None:
    said, closes = {"type": tag, **row.said(there.team)}, CLOSES[actor.name]
    if closes is not None:
        assert await _closed(actor, said) == closes, (actor.name, tag)
        return
    heard = await _heard(actor, said)
    if actor.name == "member":
        assert row.member is None or row.member in heard, tag
        return
    nowhere = replace(there.team, id=os.urandom(32))
    assert heard == [row.outsider], (actor.name, tag)
    assert heard == await _heard(actor, {"type": tag, **row.said(nowhere)}), (actor.name, tag)


async def _closed(actor: Actor, frame: Said) -> int:
    """Whatever they say, nothing else is ever answered."""
    line = Line(actor.token, origin=actor.origin)
    if not await line.connect():
        return CLOSE["not_allowed"]  # another site gets no socket at all
    await line.say(frame)
    return int((await line.next())["close"])


async def _heard(actor: Actor, frame: Said) -> list[str | None]:
    """Everything from the greeting to the answer; for what has none, to that of a question asked after it."""
    line = Line(actor.token)
    assert await line.connect()
    assert (await line.hello())["type"] == "welcome"
    await line.say(frame)
    if "ref" not in frame:
        await line.say({"type": "beat", "ref": _FENCE})
    heard: list[str | None] = []
    while True:
        answer = await line.next()
        if answer.get("ref") == _FENCE:
            break
        heard.append(answer["code"] if answer["type"] == "refused" else answer["type"])
        if answer.get("ref") == frame.get("ref", _FENCE):
            break
    await line.hang_up()
    return heard or [None]
