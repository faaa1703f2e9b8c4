"""What the vectors cannot show of the log: any changed byte, two readers alike, and every code reached."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.objects import object_hash
from accounts.shapes import Position
from messaging.client.entries import make_marker
from messaging.client.following import FollowedLog, RemovedByHost
from messaging.errors import LOG_CODES
from messaging.judging import judge
from messaging.loghash import first_hash
from messaging.marking import judge_marker
from tests import vectors
from tests.vectors.making.deeds import add, epoch, remove
from tests.vectors.making.talk import KNOWN, Talk
from tests.vectors.making.teams import team
from tests.vectors.making.world import key_logs, world

FOLDER = Path(vectors.__file__).parent
# The server's own: about wraps, rates, current heads and pairs, not about the log (E15, E16, F, H10).
SERVERS = {"epoch_stale", "head_stale", "bad_wraps", "exists", "bad_frame", "throttled"}


@cache
def talking() -> tuple[Talk, bytes, bytes]:
    """A conversation with a message and an epoch that would be taken next; judging changes nothing."""
    talk = Talk("changed")
    return talk, talk.message(), talk.draft_epoch(talk.next_draft()).statement


@cache
def leaving() -> tuple[Talk, bytes]:
    talk = team("changed leave")
    return talk, talk.leave(world()["bruno"])


@cache
def joining() -> tuple[FollowedLog, bytes]:
    """What dora sees of a team that she is about to be added to."""
    talk = team("changed joining")
    log = FollowedLog(talk.conversation, key_logs(KNOWN), world()["dora"].chain, talk.log.position)
    return log, epoch(talk, world()["anna"], add("dora"))


def changed(entry: bytes, data: st.DataObject) -> bytes:
    other = bytearray(entry)
    other[data.draw(st.integers(0, len(other) - 1))] ^= data.draw(st.integers(1, 255))
    return bytes(other)


@given(st.data())
def test_l9_any_changed_byte_of_a_message_is_refused(data: st.DataObject) -> None:
    talk, message, _ = talking()
    assert talk.log.judged(changed(message, data)).outcome == "refused"


@given(st.data())
def test_l9_any_changed_byte_of_an_epoch_is_refused_or_waits(data: st.DataObject) -> None:
    talk, _, epoch = talking()
    assert talk.log.judged(changed(epoch, data)).outcome != "accepted"


@given(st.data())
def test_e1_any_changed_byte_of_epoch_0_is_refused(data: st.DataObject) -> None:
    talk, _, _ = talking()
    log = FollowedLog(talk.conversation, key_logs(KNOWN))
    assert log.apply(changed(talk.entries[0], data)).code in (
        "wrong_conversation",
        "malformed",
        "newer_version",
    )


@given(st.data())
def test_l11_any_changed_byte_of_a_leave_is_refused(data: st.DataObject) -> None:
    talk, leave = leaving()
    assert talk.log.judged(leave).outcome == "accepted"
    assert talk.log.judged(changed(leave, data)).outcome == "refused"


@given(st.data())
def test_l14_any_changed_byte_of_a_joining_epoch_is_refused_or_waits(data: st.DataObject) -> None:
    log, joins = joining()
    assert log.judged(joins).outcome == "accepted"
    assert log.judged(changed(joins, data)).outcome != "accepted"


def test_l8_an_unlawful_stub_takes_no_place() -> None:
    talk = team("unlawful")
    log = FollowedLog(talk.conversation, key_logs(KNOWN), world()["bruno"].chain)
    log.apply(talk.entries[0])
    with pytest.raises(RemovedByHost):
        log.apply_stub(bytes(32))
    assert (log.position, log.last) == (talk.log.position, talk.log.last)


def test_l12_stubs_make_the_log_hash_of_those_who_see_it_whole() -> None:
    talk = team("hidden")
    anchor = talk.log.position
    talk.add(talk.message())
    log = FollowedLog(talk.conversation, key_logs(KNOWN), world()["dora"].chain, anchor)
    log.apply_stub(object_hash(talk.entries[-1]))
    assert log.position == talk.log.position


def test_l13_an_anchor_once_borne_out_is_asked_for_no_more() -> None:
    talk = team("borne out")
    log = FollowedLog(talk.conversation, key_logs(KNOWN), world()["dora"].chain, talk.log.position)
    for deed in (add("dora"), remove("dora")):
        talk.add(epoch(talk, world()["anna"], deed))
        assert log.apply(talk.entries[-1]).outcome == "accepted"
    talk.add(talk.message())
    log.apply_stub(object_hash(talk.entries[-1]))
    talk.add(epoch(talk, world()["anna"], add("dora")))
    assert log.joining is not None
    assert log.joining.anchor is None
    assert log.apply(talk.entries[-1]).outcome == "accepted"


@given(st.binary(max_size=300))
def test_l2_any_bytes_get_a_verdict(data: bytes) -> None:
    assert talking()[0].log.judged(data).outcome == "refused"


def test_l3_two_readers_who_know_different_key_logs_apply_one_log_alike() -> None:
    talk = Talk("readers", heads={"anna": 4, "bruno": 3})
    for device in ("anna-1", "anna-2"):
        talk.add(talk.message(device=world()["anna"].devices[device]))
    early = FollowedLog(talk.conversation, key_logs({"anna": 4, "bruno": 3}))
    late = FollowedLog(talk.conversation, key_logs(KNOWN))
    verdicts = [(early.apply(entry).outcome, late.apply(entry).outcome) for entry in talk.entries]
    assert verdicts == [("accepted", "accepted")] * 3
    assert early.hashes == late.hashes


def test_l3_what_waits_takes_no_place_and_comes_again() -> None:
    talk = Talk("waits")
    log = FollowedLog(talk.conversation, {})
    assert log.apply(talk.entries[0]).outcome == "waiting"
    assert log.hashes == [first_hash(talk.conversation)]
    log.key_logs = key_logs(KNOWN)
    assert log.apply(talk.entries[0]).outcome == "accepted"


def test_l1_a_refused_entry_keeps_its_place_in_the_hash() -> None:
    talk = Talk("place")
    before = talk.log.hashes[-1]
    talk.add(b"garbage")
    assert (talk.log.verdicts[-1].code, talk.log.head) == ("malformed", 2)
    assert talk.log.hashes[-1] != before
    talk.add(talk.message())
    assert talk.log.verdicts[-1].outcome == "accepted"


def test_l10_judging_changes_nothing() -> None:
    talk = Talk("nothing")
    entry = talk.message()
    assert [judge(entry, 2, talk.log).outcome for _ in range(2)] == ["accepted"] * 2
    assert talk.log.head == 1


def test_e14_nothing_is_sealed_to_a_paused_row() -> None:
    talk, bruno = Talk("pausing"), world()["bruno"]
    talk.add(talk.suspend("bruno"))
    rows = tuple(replace(row, paused=row.chain == bruno.chain) for row in talk.next_draft().rows)
    made = talk.renew(rows=rows, change=[["pause", bruno.chain]])
    assert talk.log.verdicts[-1].outcome == "accepted"
    assert set(made.wraps) == {world()["anna"].chain}


def test_r3_l13_what_a_marker_says_of_before_ones_own_view_is_not_compared() -> None:
    talk, bruno = team("lagging"), world()["bruno"]
    talk.add(talk.message())
    log = FollowedLog(talk.conversation, key_logs(KNOWN), world()["dora"].chain, talk.log.position)
    talk.add(epoch(talk, world()["anna"], add("dora")))
    log.apply(talk.entries[-1])

    def outcome(read: Position) -> str:
        reached = (talk.log.position, talk.log.position, read)
        marker = make_marker(talk.conversation, bruno.chain, bruno.first, 1, reached)
        return judge_marker(marker, log).outcome

    assert outcome(Position(1, bytes(32))) == "accepted"
    assert outcome(Position(2, talk.log.hashes[2])) == "accepted"
    assert outcome(Position(2, bytes(32))) == "refused"


@given(st.data())
def test_r3_any_changed_byte_of_a_marker_is_not_taken(data: st.DataObject) -> None:
    vector = json.loads((FOLDER / "markers" / "first.json").read_text())["input"]
    log = FollowedLog(bytes.fromhex(vector["conversation"]), key_logs(KNOWN))
    for entry in vector["entries"]:
        log.apply(bytes.fromhex(entry))
    marker = bytes.fromhex(vector["marker"])
    assert judge_marker(marker, log).outcome == "accepted"
    assert judge_marker(changed(marker, data), log).outcome == "refused"


@pytest.mark.parametrize("code", sorted(set(LOG_CODES) - SERVERS))
def test_x_every_code_of_a_log_is_reached_by_a_vector(code: str) -> None:
    folders = ("judging", "teams", "joining", "markers")
    assert any(
        json.loads(path.read_text())["code"] == code
        for name in folders
        for path in (FOLDER / name).glob("*.json")
    )
