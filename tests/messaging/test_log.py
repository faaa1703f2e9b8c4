"""L10, F2: what the log refuses leaves no trace; what it takes is numbered without gaps, once."""

import os
import threading

import pytest

from accounts.errors import Refused
from accounts.services.people import suspend
from accounts.services.sessions import end_session
from accounts.shapes import Position
from messaging.client.contents import write_text
from messaging.client.entries import make_message
from messaging.loghash import first_hash, next_hash
from messaging.models import Conversation, Entry
from messaging.services.log import Appended, AppendWish, append_messages
from tests.cast import Cast
from tests.messaging.world import (
    CHANCE,
    Desk,
    Thread,
    World,
    append,
    founding,
    open_desk,
    revoke,
    second_desk,
    start_direct,
)


def outcome(answer: Appended | Refused) -> int | str:
    return answer.seq if isinstance(answer, Appended) else answer.code


def refusal(desk: Desk, thread: Thread, entry: bytes) -> str:
    head = Conversation.objects.get(pk=thread.id).head
    with pytest.raises(Refused) as refused:
        append(desk, thread, entry)
    assert Conversation.objects.get(pk=thread.id).head == head
    assert Entry.objects.filter(conversation=thread.id).count() == head
    return refused.value.code


def test_l10_bytes_that_are_no_entry_are_refused(world: World) -> None:
    assert refusal(world.ines, world.thread, os.urandom(200)) == "malformed"
    assert refusal(world.ines, world.thread, b"") == "malformed"


def test_l10_a_changed_byte_is_refused(world: World) -> None:
    entry = bytearray(world.thread.message(world.ines))
    entry[-1] ^= 1
    assert refusal(world.ines, world.thread, bytes(entry)) == "bad_signature"


def test_l10_an_epoch_does_not_come_by_the_socket(world: World) -> None:
    made = world.thread.renewal(world.ines)
    assert refusal(world.ines, world.thread, made.statement) == "not_allowed"


def test_l10_an_outsider_is_refused_as_if_there_were_nothing(world: World) -> None:
    zoe = open_desk(world.cast.zoe, world.cast.glycines)
    entry = world.thread.message(world.ines)
    assert refusal(zoe, world.thread, entry) == "not_a_member"
    nowhere = Thread(os.urandom(32), (), world.thread.epoch, world.thread.secret, world.thread.place)
    [answer] = append_messages([AppendWish(zoe.caller, nowhere.id, nowhere.message(zoe))])
    assert isinstance(answer, Refused)
    assert answer.code == "not_a_member"


def test_l9_another_conversation_is_refused(world: World) -> None:
    gaetan = open_desk(world.cast.gaetan, world.cast.tilleuls)
    other = start_direct(world.ines, gaetan)
    assert refusal(world.ines, world.thread, other.message(world.ines)) == "wrong_conversation"


def test_f2_a_session_speaks_for_its_own_device_only(world: World) -> None:
    other = second_desk(world.ines)
    world.thread.renew(world.ines)
    entry = world.thread.message(world.ines)
    assert refusal(other, world.thread, entry) == "unknown_device"


def test_l4_past_epoch_is_refused(world: World) -> None:
    late = world.thread.message(world.ines)
    world.thread.renew(world.anne_lise)
    assert refusal(world.ines, world.thread, late) == "past_epoch"


def test_l6_another_history_is_refused(world: World) -> None:
    thread = world.thread
    thread.place = Position(1, os.urandom(32))
    assert refusal(world.ines, thread, thread.message(world.ines)) == "forked"


def test_l5_the_same_client_id_twice_is_refused(world: World) -> None:
    client_id = os.urandom(16)
    append(world.ines, world.thread, world.thread.message(world.ines, client_id=client_id))
    assert (
        refusal(world.ines, world.thread, world.thread.message(world.ines, client_id=client_id))
        == "duplicate"
    )


def test_l5_two_of_one_batch_are_no_exception(world: World) -> None:
    client_id = os.urandom(16)
    wishes = [
        AppendWish(world.ines.caller, world.thread.id, world.thread.message(world.ines, client_id=client_id))
        for _ in range(2)
    ]
    first, second = append_messages(wishes)
    assert isinstance(first, Appended)
    assert isinstance(second, Refused)
    assert second.code == "duplicate"


def test_l5_somebody_elses_entry_again_is_a_replay(world: World) -> None:
    entry = world.thread.message(world.ines)
    append(world.ines, world.thread, entry)
    assert refusal(world.anne_lise, world.thread, entry) == "unknown_device"


def test_e16_a_revocation_makes_the_epoch_stale_until_the_next(world: World) -> None:
    other = second_desk(world.ines)
    world.thread.renew(world.ines)
    append(world.ines, world.thread, world.thread.message(world.ines))
    revoke(world.ines, other.device.id)
    assert refusal(world.anne_lise, world.thread, world.thread.message(world.anne_lise)) == "epoch_stale"
    world.thread.renew(world.anne_lise)
    append(world.anne_lise, world.thread, world.thread.message(world.anne_lise))


def test_l2_a_suspension_is_written_and_asks_for_an_epoch(world: World) -> None:
    suspend(world.cast.anne_lise)
    last = Entry.objects.filter(conversation=world.thread.id).latest("seq")
    assert (last.seq, last.kind, last.device) == (2, "suspended", None)
    assert refusal(world.ines, world.thread, world.thread.message(world.ines)) == "epoch_stale"


def test_f11_nothing_of_an_ended_session_is_taken(world: World) -> None:
    entry, caller = world.thread.message(world.ines), world.ines.caller
    end_session(caller.session)
    [answer] = append_messages([AppendWish(caller, world.thread.id, entry)])
    assert isinstance(answer, Refused)
    assert answer.code == "signed_out"
    assert world.thread.row.head == 1


def test_f11_nothing_of_a_revoked_device_is_taken(world: World) -> None:
    other = second_desk(world.ines)
    world.thread.renew(world.ines)
    entry, caller = world.thread.message(other), other.caller
    revoke(world.ines, other.device.id)
    [answer] = append_messages([AppendWish(caller, world.thread.id, entry)])
    assert isinstance(answer, Refused)
    assert answer.code == "signed_out"


def test_l1_entries_are_numbered_and_hashed_in_order(world: World) -> None:
    for desk in (world.ines, world.anne_lise, world.ines):
        append(desk, world.thread, world.thread.message(desk))
    log_hash = first_hash(world.thread.id)
    rows = list(Entry.objects.filter(conversation=world.thread.id).order_by("seq"))
    assert [row.seq for row in rows] == [1, 2, 3, 4]
    for row in rows:
        log_hash = next_hash(log_hash, row.seq, bytes(row.hash))
        assert bytes(row.h) == log_hash
    assert (world.thread.row.head, bytes(world.thread.row.hash)) == (4, log_hash)


def test_f2_the_same_bytes_get_the_same_answer(world: World) -> None:
    entry = world.thread.message(world.ines)
    first = append(world.ines, world.thread, entry)
    append(world.anne_lise, world.thread, world.thread.message(world.anne_lise))
    wishes = [AppendWish(world.ines.caller, world.thread.id, entry)] * 3
    assert append_messages(wishes) == [first] * 3
    assert world.thread.row.head == 3


def test_f2_one_refused_spoils_nothing_of_its_batch(world: World) -> None:
    good = [world.thread.message(world.ines) for _ in range(3)]
    bad = [os.urandom(64), good[0][:-1] + bytes([good[0][-1] ^ 1]), good[1]]
    entries = [good[0], bad[0], good[1], bad[1], bad[2], good[2]]
    caller = world.ines.caller
    answers = append_messages([AppendWish(caller, world.thread.id, entry) for entry in entries])
    assert [outcome(answer) for answer in answers] == [
        2, "malformed", 3, "bad_signature", 3, 4
    ]  # fmt: skip


def test_f2_what_the_database_refuses_spoils_nothing_else(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A constraint that fires all the same: the batch falls apart into its entries."""
    caller, thread = world.ines.caller, world.thread
    taken = thread.message(world.ines)
    Entry.objects.create(
        conversation_id=thread.id, seq=3, kind="message", object=b"", hash=os.urandom(32), h=b"-" * 32, at=0
    )  # fmt: skip
    answers = append_messages(
        [AppendWish(caller, thread.id, entry) for entry in (taken, thread.message(world.ines))]
    )
    assert [outcome(answer) for answer in answers] == [2, "duplicate"]


def write_in_parallel(thread: Thread, desks: list[Desk], writers: int, each: int) -> list[Appended]:
    """Own threads and connections, as several processes would have; some entries twice."""
    answers: list[Appended] = []
    work = [[(desks[w % 2], thread.message(desks[w % 2])) for _ in range(each)] for w in range(writers)]
    callers = {desk.token: desk.caller for desk in desks}

    def write(entries: list[tuple[Desk, bytes]]) -> None:
        from django.db import connection

        for desk, entry in [*entries, entries[0]]:
            [answer] = append_messages([AppendWish(callers[desk.token], thread.id, entry)])
            assert isinstance(answer, Appended), answer
            answers.append(answer)
        connection.close()

    threads = [threading.Thread(target=write, args=(entries,)) for entries in work]
    for thread_of_work in threads:
        thread_of_work.start()
    for thread_of_work in threads:
        thread_of_work.join()
    return answers


def test_a4_sixteen_parallel_writers_leave_no_gap(world: World) -> None:
    answers = write_in_parallel(world.thread, [world.ines, world.anne_lise], 16, 6)
    seqs = list(
        Entry.objects.filter(conversation=world.thread.id).order_by("seq").values_list("seq", flat=True)
    )
    assert seqs == list(range(1, 16 * 6 + 2))
    assert len(answers) == 16 * 7
    assert {answer.seq for answer in answers} == set(seqs) - {1}


def test_a4_a_large_message_is_taken_and_a_larger_refused(world: World) -> None:
    thread, desk = world.thread, world.ines
    content = write_text("é" * 8000)
    append(desk, thread, make_message(thread.header(desk), thread.secret, content, desk.device, CHANCE))
    oversize = desk.device.signed_object("message", os.urandom(41 * 1024))
    assert refusal(desk, thread, oversize) == "malformed"


def test_the_cast_has_a_conversation_each(world: World, cast: Cast) -> None:
    kinds = sorted(Conversation.objects.values_list("kind", flat=True))
    assert kinds == ["direct", "self", "self"]
    assert founding(world.ines, [world.anne_lise]).wraps.keys() == {
        world.ines.log.chain,
        world.anne_lise.log.chain,
    }
