"""T1 to T10 at the server: what a restored one refuses, what it takes back, and from whom. Refusals first."""

import os
from collections.abc import Callable
from functools import partial

import pytest

from accounts import clock
from accounts.errors import Refused
from accounts.models import Device, Session
from accounts.services.histories import check_takes_back, current_history
from accounts.services.people import resume, suspend
from messaging.envelopes import make_suspended
from messaging.models import Conversation, Entry, Member, Wrap
from messaging.queries import page_of
from messaging.services.events import release_held
from messaging.services.restoring import Given, claim
from tests.digest import digest
from tests.messaging.givers import (
    back,
    held_by_a_client,
    keys_back,
    refusal,
    restored_lately,
    say,
    sign_in,
    statements,
)
from tests.messaging.restored import backup, restore
from tests.messaging.teams import changed, hear, leave, post, start_team
from tests.messaging.world import (
    Desk,
    Thread,
    World,
    append,
    open_desk,
    revoke,
    second_desk,
)

HOUR = 3600


@pytest.fixture
def gaetan(world: World) -> Desk:
    return open_desk(world.cast.gaetan, world.cast.tilleuls)


def picture(thread: Thread) -> list[object]:
    """All that the server knows of a conversation and must know again."""
    row = Conversation.objects.filter(pk=thread.id).values_list(
        "kind", "head", "hash", "epoch_number", "epoch_hash", "epoch_seq", "pair"
    )
    entries = Entry.objects.filter(conversation=thread.id).order_by("seq")
    members = Member.objects.filter(conversation=thread.id).order_by("joined", "chain")
    wraps = Wrap.objects.filter(conversation=thread.id).order_by("seq", "chain")
    return [
        list(row),
        list(entries.values_list("seq", "kind", "object", "hash", "h", "device", "client_id", "at")),
        list(
            members.values_list("person", "chain", "role", "joined", "left", "anchor", "paused", "suspended")
        ),
        list(wraps.values_list("seq", "chain", "sealed")),
    ]


class TestRefusals:
    def test_t1_h20_nothing_is_taken_in_a_first_history_nor_for_another_one_nor_too_late(
        self, world: World
    ) -> None:
        first = bytes(current_history().id)
        with pytest.raises(Refused, match="not_allowed"):
            check_takes_back(first)
        restore(backup())
        with pytest.raises(Refused, match="conflict"):
            check_takes_back(first)
        check_takes_back(bytes(current_history().id))
        restored_lately(73 * HOUR)
        with pytest.raises(Refused, match="not_allowed"):
            check_takes_back(bytes(current_history().id))

    def test_t1_every_session_ends(self, world: World) -> None:
        assert Session.objects.filter(ended_at=None).exists()
        before = bytes(current_history().id)
        restore(backup())
        assert not Session.objects.filter(ended_at=None).exists()
        assert bytes(current_history().id) != before

    def test_t2_nobody_appends_during_the_grace(self, world: World) -> None:
        thread = world.thread
        restore(backup())
        sign_in(world.ines)
        entry, epoch = thread.message(world.ines), thread.renewal(world.ines)
        for attempt in (
            lambda: append(world.ines, thread, entry),
            lambda: thread.post(world.ines, epoch),
            lambda: start_team(world.ines, world.anne_lise),
            lambda: second_desk(world.ines),
        ):
            with pytest.raises(Refused, match="restoring") as refused:
                attempt()
            assert 0 < (refused.value.retry_after or 0) <= 601
        restored_lately()
        append(world.ines, thread, entry)
        second_desk(world.ines)

    def test_t3_a_claim_holds_a_conversation_and_a_false_one_only_once(self, world: World) -> None:
        thread = world.thread
        restore(backup())
        restored_lately()
        sign_in(world.ines)
        claim(world.anne_lise.person.pk, current_history(), {thread.id: thread.row.head + 3})
        assert refusal(lambda: append(world.ines, thread, thread.message(world.ines))) == "restoring"
        Conversation.objects.update(held_until=clock.ago(1))
        release_held()
        claim(world.anne_lise.person.pk, current_history(), {thread.id: thread.row.head + 9})
        append(world.ines, thread, thread.message(world.ines))

    def test_t3_nobody_claims_for_a_conversation_of_others_or_in_a_first_history(
        self, world: World, gaetan: Desk
    ) -> None:
        claim(world.ines.person.pk, current_history(), {world.thread.id: 90})
        restore(backup())
        restored_lately()
        claim(gaetan.person.pk, current_history(), {world.thread.id: 90, os.urandom(32): 90})
        sign_in(world.ines)
        append(world.ines, world.thread, world.thread.message(world.ines))

    def test_t7_nobody_but_a_member_gives_back(self, world: World, gaetan: Desk) -> None:
        rows, thread = backup(), world.thread
        say(world.ines, thread)
        given = held_by_a_client(thread, 1)
        restore(rows)
        before = digest()
        assert refusal(lambda: back(gaetan, thread, given, 1)) == "not_found"
        assert digest() == before

    def test_t7_a_conversation_that_is_gone_comes_back_only_by_its_founders(
        self, world: World, gaetan: Desk
    ) -> None:
        rows = backup()
        team = start_team(world.ines, world.anne_lise)
        post(team, world.ines, changed(team, world.ines, add=[gaetan]), gaetan)
        given = held_by_a_client(team, 0)
        restore(rows)
        assert refusal(lambda: back(gaetan, team, given, 0)) == "not_found"
        assert refusal(lambda: back(world.ines, team, given[1:], 1)) == "not_found"
        assert not Conversation.objects.filter(pk=team.id).exists()

    @pytest.mark.parametrize(
        ("spoil", "code"),
        [
            (lambda given: given[::-1], "forked"),
            (lambda given: [*given, given[0]], "replayed"),
            (lambda given: [Given(_altered(given[0].entry), 1)], "bad_signature"),
            (lambda given: [Given(b"\x80", 1)], "malformed"),
            (lambda given: given[1:], "forked"),
        ],
    )
    def test_t7_what_the_log_would_not_have_taken_is_refused_whole(
        self, world: World, spoil: Callable[[list[Given]], list[Given]], code: str
    ) -> None:
        rows, thread = backup(), world.thread
        for text in ("un", "deux", "trois"):
            say(world.ines, thread, text)
        given = spoil(held_by_a_client(thread, 1))
        restore(rows)
        before = digest()
        assert refusal(lambda: back(world.anne_lise, thread, given, 1)) == code
        assert digest() == before

    def test_t7_another_entry_in_a_place_that_is_taken_is_another_log(self, world: World) -> None:
        rows, thread = backup(), world.thread
        lost = thread.message(world.ines, "perdu")
        append(world.ines, thread, lost)
        given = held_by_a_client(thread, 1)
        restore(rows)
        restored_lately()
        sign_in(world.ines)
        append(world.ines, thread, thread.message(world.ines, "à sa place"))
        before = digest()
        assert refusal(lambda: back(world.anne_lise, thread, given, 1)) == "forked"
        assert refusal(lambda: back(world.anne_lise, thread, given, 7)) == "head_stale"
        assert digest() == before

    def test_t9_nobody_is_suspended_on_the_giver_s_word(self, world: World, gaetan: Desk) -> None:
        team = start_team(world.ines, world.anne_lise, gaetan)
        restore(backup())
        forged = Given(make_suspended(team.id, world.ines.log.chain, 5), 5)
        hear(team)
        own = Given(team.message(gaetan), 6)
        for part in ([forged], [forged, own]):
            before = digest()
            assert refusal(partial(back, gaetan, team, part, 1)) == "not_allowed"
            assert digest() == before

    def test_t6_a_key_log_takes_no_other_continuation_and_from_no_stranger(
        self, world: World, gaetan: Desk
    ) -> None:
        rows = backup()
        second_desk(world.ines)
        held = statements(world.ines)
        restore(rows)
        sign_in(world.ines, gaetan)
        zoe = open_desk(world.cast.zoe, world.cast.glycines)
        cases = [
            (zoe, 2, held[3:], "not_found"),
            (gaetan, 3, held[3:], "bad_chain"),
            (gaetan, 1, held[3:], "bad_chain"),
            (gaetan, 2, [_altered(held[3])], "bad_signature"),
        ]
        for desk, after, given, code in cases:
            before = digest()
            assert refusal(partial(keys_back, desk, world.ines, after, given)) == code
            assert digest() == before


class TestTaking:
    def test_t7_t10_messages_come_back_as_they_were_and_twice_is_once(self, world: World) -> None:
        rows, thread = backup(), world.thread
        for desk in (world.ines, world.anne_lise, world.ines):
            say(desk, thread)
        before, given = picture(thread), held_by_a_client(thread, 1)
        restore(rows)
        assert picture(thread) != before
        place = back(world.anne_lise, thread, given[:2], 1)
        assert place.n == 3
        assert back(world.ines, thread, given, 1) == back(world.anne_lise, thread, given[1:], 2)
        assert picture(thread) == before

    def test_t7_t8_epochs_removals_and_leaves_come_back_with_windows_and_wraps(
        self, world: World, gaetan: Desk
    ) -> None:
        rows = backup()
        team = start_team(world.ines, world.anne_lise)
        say(world.anne_lise, team)
        post(team, world.ines, changed(team, world.ines, add=[gaetan]), gaetan)
        say(gaetan, team)
        leave(team, gaetan)
        team.desks = (world.ines, world.anne_lise)
        post(team, world.ines, changed(team, world.ines, remove=[gaetan]))
        say(world.ines, team)
        before, given = picture(team), held_by_a_client(team, 0)
        restore(rows)
        back(world.anne_lise, team, given, 0)
        assert picture(team) == before
        page = page_of(gaetan.person.pk, team.id, after=0, most=500)
        assert [row.seq for row in page.rows] == [3, 4, 5]

    def test_t3_what_is_claimed_and_given_back_frees_the_conversation(self, world: World) -> None:
        rows, thread = backup(), world.thread
        say(world.ines, thread)
        given = held_by_a_client(thread, 1)
        restore(rows)
        restored_lately()
        sign_in(world.ines)
        claim(world.anne_lise.person.pk, current_history(), {thread.id: 2})
        assert refusal(lambda: append(world.ines, thread, thread.message(world.ines))) == "restoring"
        back(world.anne_lise, thread, given, 1)
        append(world.ines, thread, thread.message(world.ines))

    def test_t8_a_wrap_that_is_not_the_maker_s_is_left_out(self, world: World) -> None:
        rows, thread = backup(), world.thread
        thread.renew(world.ines)
        [epoch] = held_by_a_client(thread, 1)
        (mine, good), (yours, _) = epoch.wraps
        restore(rows)
        back(world.anne_lise, thread, [Given(epoch.entry, epoch.at, [(mine, good), (yours, good)])], 1)
        kept = Wrap.objects.filter(conversation=thread.id, seq=2).values_list("chain", flat=True)
        assert [bytes(chain) for chain in kept] == [mine]

    def test_t7_times_lie_between_the_entry_before_and_now(self, world: World) -> None:
        rows, thread = backup(), world.thread
        say(world.ines, thread)
        say(world.ines, thread)
        first, second = held_by_a_client(thread, 1)
        restore(rows)
        back(world.ines, thread, [Given(first.entry, 0), Given(second.entry, 2**50)], 1)
        times = list(
            Entry.objects.filter(conversation=thread.id).order_by("seq").values_list("at", flat=True)
        )
        assert times == sorted(times)
        assert times[-1] <= clock.seconds(clock.now())

    def test_t9_a_suspension_comes_back_that_somebody_else_has_seen(self, world: World, gaetan: Desk) -> None:
        rows = backup()
        team = start_team(world.ines, world.anne_lise, gaetan)
        suspend(gaetan.person)
        hear(team)
        paused = [(gaetan, {"paused": True, "wrap": None})]
        post(team, world.ines, changed(team, world.ines, rows=paused))
        before, given = picture(team), held_by_a_client(team, 0)
        restore(rows)
        assert refusal(lambda: back(world.ines, team, given, 0)) == "not_allowed"
        back(world.anne_lise, team, given, 0)
        assert picture(team) == before

    def test_t2_t9_who_is_suspended_again_is_said_to_be_when_the_wait_is_over(
        self, world: World, gaetan: Desk
    ) -> None:
        team = start_team(world.ines, world.anne_lise, gaetan)
        restore(backup())
        suspend(gaetan.person)
        assert team.row.head == 1
        assert release_held() == 0
        restored_lately()
        assert release_held() > 0
        assert Entry.objects.filter(conversation=team.id, kind="suspended").count() == 1
        resume(gaetan.person)

    def test_t6_statements_come_back_from_a_colleague_with_what_they_revoke(
        self, world: World, gaetan: Desk
    ) -> None:
        phone = second_desk(world.ines)
        rows = backup()
        revoke(world.ines, phone.device.id)
        held = statements(world.ines)
        restore(rows)
        sign_in(gaetan, phone)
        assert Device.objects.get(pk=phone.device.id).revoked_at is None
        head = keys_back(gaetan, world.ines, 3, held[4:])
        assert head == world.ines.log.head
        assert keys_back(gaetan, world.ines, 3, held[4:]) == head
        assert Device.objects.get(pk=phone.device.id).revoked_at is not None
        assert not Session.objects.filter(device=phone.device.id, ended_at=None).exists()
        assert Conversation.objects.get(pk=world.thread.id).stale

    def test_t6_t7_an_epoch_waits_for_the_key_log_that_it_names(self, world: World) -> None:
        rows, thread = backup(), world.thread
        second_desk(world.ines)
        thread.renew(world.ines)
        before, held, given = picture(thread), statements(world.ines), held_by_a_client(thread, 1)
        restore(rows)
        assert refusal(lambda: back(world.anne_lise, thread, given, 1)) == "head_stale"
        sign_in(world.ines)
        keys_back(world.ines, world.ines, 2, held[3:])
        back(world.anne_lise, thread, given, 1)
        assert picture(thread) == before
        assert not Conversation.objects.get(pk=thread.id).stale


def _altered(entry: bytes) -> bytes:
    return entry[:-1] + bytes([entry[-1] ^ 1])
