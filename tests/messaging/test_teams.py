"""E19 to E22, L11 to L13, K20: who comes into a team, who goes, and what each may read. Refusals first."""

import os
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts import clock
from accounts.codec import encode
from accounts.errors import Refused
from accounts.models import Membership, Person, Revocation
from accounts.services.people import resume, suspend
from accounts.shapes import Position
from messaging import queries
from messaging.client.entries import epoch_fields, make_marker
from messaging.epochs import Row
from messaging.loghash import first_hash, next_hash
from messaging.models import Conversation, Entry, Marker, Member
from messaging.queries import conversations_of, heads_of, page_of
from messaging.services.epochs import post_epoch
from messaging.services.log import Appended, AppendWish, append_messages
from messaging.services.markers import MarkerWish, put_markers
from tests.cast import make_person
from tests.messaging.teams import (
    changed,
    hear,
    leave,
    leaving,
    new_start,
    post,
    replaced,
    start_team,
    windows,
)
from tests.messaging.test_epochs import refusal
from tests.messaging.world import (
    Desk,
    Thread,
    World,
    append,
    bind,
    founding,
    now,
    open_desk,
    revoke,
    second_desk,
    sign_in,
    start_direct,
    wraps_of,
)


@pytest.fixture
def gaetan(world: World) -> Desk:
    return open_desk(world.cast.gaetan, world.cast.tilleuls)


@pytest.fixture
def team(world: World) -> Thread:
    """Inès coordinates, Anne-Lise is a member."""
    return start_team(world.ines, world.anne_lise)


def said(desk: Desk, thread: Thread, entry: bytes) -> str:
    with pytest.raises(Refused) as refused:
        append(desk, thread, entry)
    return refused.value.code


def page(desk: Desk, thread: Thread, after: int = 0) -> list[tuple[int, bool, bool]]:
    """Each place: whole or not, with a wrap or not."""
    rows = page_of(desk.person.pk, thread.id, after=after, most=500).rows
    return [(row.seq, row.entry is not None, row.wrap is not None) for row in rows]


# --- who may be named -------------------------------------------------------------------------------


def test_e22_the_kind_of_a_row_is_what_the_directory_says(world: World, team: Thread) -> None:
    person = make_person(world.cast.tilleuls, "helene", "Hélène", "BROUILLON", "60")
    helene = open_desk(person, world.cast.tilleuls)
    Person.objects.filter(pk=person.pk).update(profession="331")
    assert refusal(world.ines.author, team.id, changed(team, world.ines, add=[helene])) == "not_allowed"
    made = changed(team, world.ines, add=[helene], kind="connector")
    assert refusal(world.ines.author, team.id, made) == "not_allowed"
    post(team, world.ines, changed(team, world.ines, add=[helene], kind="other"), helene)


def test_e22_a_health_professional_is_no_other(world: World, team: Thread, gaetan: Desk) -> None:
    made = changed(team, world.ines, add=[gaetan], kind="other")
    assert refusal(world.ines.author, team.id, made) == "not_allowed"


def test_e22_whoever_stays_keeps_the_kind_they_came_with(world: World, team: Thread) -> None:
    Person.objects.filter(pk=world.cast.anne_lise.pk).update(profession="330")
    team.renew(world.ines)


def test_e22_nobody_of_another_organisation_nobody_suspended_nobody_who_left(
    world: World, team: Thread, gaetan: Desk
) -> None:
    zoe = open_desk(world.cast.zoe, world.cast.glycines)
    assert refusal(world.ines.author, team.id, changed(team, world.ines, add=[zoe])) == "not_allowed"
    made = changed(team, world.ines, add=[gaetan])
    suspend(gaetan.person)
    assert refusal(world.ines.author, team.id, made) == "not_allowed"
    resume(gaetan.person)
    Membership.objects.filter(person=gaetan.person).update(ended_at=clock.now())
    assert refusal(world.ines.author, team.id, made) == "not_allowed"
    assert refusal(world.ines.author, None, founding(world.ines, [gaetan], kind="team")) == "not_allowed"


def test_e20_a_member_changes_nobody(world: World, team: Thread, gaetan: Desk) -> None:
    for made in (
        changed(team, world.anne_lise, add=[gaetan]),
        changed(team, world.anne_lise, remove=[world.ines]),
        changed(team, world.anne_lise, rows=[(world.anne_lise, {"role": "coordinator"})]),
    ):
        assert refusal(world.anne_lise.author, team.id, made) == "not_allowed"


def test_e15_whoever_comes_is_named_at_their_newest_head(world: World, team: Thread, gaetan: Desk) -> None:
    made = changed(team, world.ines, add=[gaetan])
    second_desk(gaetan)
    assert refusal(world.ines.author, team.id, made) == "head_stale"


def test_e15_a_wrap_for_whoever_comes_too(world: World, team: Thread, gaetan: Desk) -> None:
    made = changed(team, world.ines, add=[gaetan])
    without = [one for one in wraps_of(made) if one[0] != gaetan.log.chain]
    assert refusal(world.ines.author, team.id, made, wraps=without) == "bad_wraps"


def test_e5_more_than_two_hundred_are_refused_before_anybody_is_looked_for(
    world: World, team: Thread
) -> None:
    draft = team.draft()
    rows = tuple(replace_chain(draft.rows[0], bytes([n // 256, n % 256]) * 16) for n in range(201))
    statement = with_rows(team, world.ines, rows)
    with CaptureQueriesContext(connection) as seen, pytest.raises(Refused) as refused:
        post_epoch(world.ines.author, conversation=team.id, statement=statement, wraps=[])
    assert (refused.value.code, len(seen)) == ("bad_roster", 0)


def test_h10_an_epoch_of_a_team_by_whoever_is_out_is_as_if_absent(
    world: World, team: Thread, gaetan: Desk
) -> None:
    assert refusal(gaetan.author, team.id, changed(team, gaetan)) == "not_found"
    made = team.renewal(world.anne_lise)
    leave(team, world.anne_lise)
    assert refusal(world.anne_lise.author, team.id, made) == "not_found"


def test_e20_the_next_epoch_removes_who_left_or_is_refused(world: World, team: Thread) -> None:
    leave(team, world.anne_lise)
    assert refusal(world.ines.author, team.id, team.renewal(world.ines)) == "not_allowed"
    post(team, world.ines, changed(team, world.ines, remove=[world.anne_lise]))


def test_e14_the_next_epoch_pauses_who_was_suspended_or_is_refused(
    world: World, team: Thread, gaetan: Desk
) -> None:
    post(team, world.ines, changed(team, world.ines, add=[gaetan]), gaetan)
    suspend(world.cast.anne_lise)
    hear(team)
    assert said(world.ines, team, team.message(world.ines)) == "epoch_stale"
    assert refusal(world.ines.author, team.id, team.renewal(world.ines)) == "not_allowed"
    made = changed(team, world.ines, rows=[(world.anne_lise, {"paused": True, "wrap": None})])
    post(team, world.ines, made)
    resume(world.cast.anne_lise)
    mine = changed(team, gaetan, rows=[(world.anne_lise, {"paused": False})])
    assert refusal(gaetan.author, team.id, mine) == "not_allowed"
    post(team, world.ines, changed(team, world.ines, rows=[(world.anne_lise, {"paused": False})]))
    append(world.ines, team, team.message(world.ines))


@pytest.mark.parametrize(("happens", "code"), [("revoke", "head_stale"), ("suspend", "not_allowed")])
def test_e15_whoever_comes_is_seen_as_they_are_about_to_be(
    world: World, team: Thread, gaetan: Desk, happens: str, code: str
) -> None:
    """A revocation that is not committed yet comes wholly before the epoch, or wholly after it."""
    other = second_desk(gaetan)
    made = changed(team, world.ines, add=[gaetan])
    done, may_commit = threading.Event(), threading.Event()
    found: list[str] = []

    def change() -> None:
        with transaction.atomic():
            revoke(gaetan, other.device.id) if happens == "revoke" else suspend(gaetan.person)
            done.set()
            may_commit.wait(10)

    def try_to_add() -> None:
        try:
            post(team, world.ines, made, gaetan)
            found.append("posted")
        except Refused as refused:
            found.append(refused.code)

    threads = [threading.Thread(target=closing, args=[work]) for work in (change, try_to_add)]
    threads[0].start()
    assert done.wait(10)
    threads[1].start()
    threads[1].join(0.5)
    may_commit.set()
    for thread in threads:
        thread.join()
    assert found == [code]


# --- who left ---------------------------------------------------------------------------------------


def test_l11_nobody_leaves_a_direct_conversation(world: World) -> None:
    assert said(world.ines, world.thread, leaving(world.thread, world.ines)) == "not_allowed"


def test_l11_nobody_leaves_for_another(world: World, team: Thread) -> None:
    assert said(world.ines, team, leaving(team, world.anne_lise)) == "unknown_device"
    assert windows(team, world.anne_lise) == [(1, None)]


def test_l11_whoever_left_is_out_and_hears_the_same_answer_again(world: World, team: Thread) -> None:
    append(world.ines, team, team.message(world.ines))
    entry = leaving(team, world.anne_lise)
    first = append(world.anne_lise, team, entry)
    assert windows(team, world.anne_lise) == [(1, first.seq)]
    assert append(world.anne_lise, team, entry) == first
    assert said(world.anne_lise, team, team.message(world.anne_lise)) == "not_a_member"
    assert [head[0] for head in heads_of(world.cast.anne_lise.pk)] == [world.anne_lise.own, world.thread.id]
    told = Revocation.objects.latest("n")
    assert (told.what, told.person) == ("member", world.cast.anne_lise.pk)
    assert bytes(told.conversation or b"") == team.id


def test_e16_nothing_is_said_after_a_leave_before_the_next_epoch(world: World, team: Thread) -> None:
    leave(team, world.anne_lise)
    assert said(world.ines, team, team.message(world.ines)) == "epoch_stale"
    post(team, world.ines, changed(team, world.ines, remove=[world.anne_lise]))
    append(world.ines, team, team.message(world.ines))


def test_l11_one_batch_holds_a_leave_and_what_others_say(world: World, team: Thread, gaetan: Desk) -> None:
    post(team, world.ines, changed(team, world.ines, add=[gaetan]), gaetan)
    wishes = [
        (world.anne_lise, team.message(world.anne_lise)),
        (world.anne_lise, leaving(team, world.anne_lise)),
        (world.anne_lise, team.message(world.anne_lise)),
        (world.ines, team.message(world.ines)),
        (gaetan, leaving(team, gaetan)),
    ]
    answers = append_messages([AppendWish(desk.caller, team.id, entry) for desk, entry in wishes])
    told = [one.seq if isinstance(one, Appended) else one.code for one in answers]
    assert told == [3, 4, "not_a_member", "epoch_stale", 5]
    assert (windows(team, world.anne_lise), windows(team, gaetan)) == ([(1, 4)], [(2, 5)])


def test_l11_who_is_suspended_by_now_leaves_nothing_behind(world: World, team: Thread) -> None:
    """Suspended, resumed and gone within one epoch: the next one removes them and pauses nobody."""
    suspend(world.cast.anne_lise)
    resume(world.cast.anne_lise)
    hear(team)
    again = open_again(world.anne_lise)
    leave(team, again)
    post(team, world.ines, changed(team, world.ines, remove=[world.anne_lise]))
    assert not team.row.stale
    append(world.ines, team, team.message(world.ines))


def test_r2_what_somebody_said_of_their_reading_goes_with_them(world: World, team: Thread) -> None:
    assert put_markers([MarkerWish(world.anne_lise.caller, team_marker(team, world.anne_lise))]) == [None]
    assert Marker.objects.filter(conversation=team.id).count() == 1
    leave(team, world.anne_lise)
    assert not Marker.objects.filter(conversation=team.id).exists()
    [answer] = put_markers([MarkerWish(world.anne_lise.caller, team_marker(team, world.anne_lise))])
    assert isinstance(answer, Refused)
    assert answer.code == "not_found"


# --- what each may read -----------------------------------------------------------------------------


def test_h12_an_outsider_reads_nothing(world: World, team: Thread, gaetan: Desk) -> None:
    with pytest.raises(Refused) as refused:
        page_of(gaetan.person.pk, team.id, after=0, most=500)
    assert refused.value.code == "not_found"


def test_l13_whoever_comes_later_reads_from_their_anchor_on(world: World, team: Thread, gaetan: Desk) -> None:
    append(world.ines, team, team.message(world.ines))
    hear(team)
    made = changed(team, world.ines, add=[gaetan])
    append(world.anne_lise, team, team.message(world.anne_lise))  # not seen by the one who adds
    post(team, world.ines, made, gaetan)
    assert page(gaetan, team) == [(3, False, False), (4, True, True)]
    [own] = [own for own in conversations_of(gaetan.person.pk) if own.conversation.kind == "team"]
    anchor = Entry.objects.get(conversation=team.id, seq=2)
    assert (own.window.anchor, bytes(own.window.anchor_hash)) == (2, bytes(anchor.h))
    stub = page_of(gaetan.person.pk, team.id, after=0, most=500).rows[0].stub
    assert stub == bytes(Entry.objects.get(conversation=team.id, seq=3).hash)
    assert page(world.ines, team)[0] == (1, True, True)


def test_h12_whoever_is_out_reads_up_to_there_and_no_further(
    world: World, team: Thread, gaetan: Desk
) -> None:
    post(team, world.ines, changed(team, world.ines, add=[gaetan]), gaetan)
    removed = post(team, world.ines, changed(team, world.ines, remove=[world.anne_lise])).seq
    append(world.ines, team, team.message(world.ines))
    seen = page_of(world.cast.anne_lise.pk, team.id, after=0, most=500)
    assert page(world.anne_lise, team) == [(1, True, True), (2, True, True), (3, True, False)]
    h = bytes(Entry.objects.get(conversation=team.id, seq=removed).h)
    assert (seen.head, seen.hash) == (removed, h)
    [own] = [own for own in conversations_of(world.cast.anne_lise.pk) if own.conversation.kind == "team"]
    assert (own.window.left, own.head, own.hash) == (removed, removed, h)
    assert {member.person_id for member in own.persons} == {
        world.cast.ines.pk, world.cast.anne_lise.pk, gaetan.person.pk
    }  # fmt: skip


def test_h12_between_two_stays_there_are_stubs(world: World, team: Thread) -> None:
    post(team, world.ines, changed(team, world.ines, remove=[world.anne_lise]))
    for _ in range(2):
        append(world.ines, team, team.message(world.ines))
    hear(team)
    post(team, world.ines, changed(team, world.ines, add=[world.anne_lise]), world.anne_lise)
    append(world.ines, team, team.message(world.ines))
    assert windows(team, world.anne_lise) == [(1, 2), (5, None)]
    assert page(world.anne_lise, team) == [
        (1, True, True), (2, True, False), (3, False, False), (4, False, False), (5, True, True),
        (6, True, False),
    ]  # fmt: skip
    [own] = [own for own in conversations_of(world.cast.anne_lise.pk) if own.conversation.kind == "team"]
    assert (own.window.anchor, bytes(own.window.anchor_hash)) == (0, first_hash(team.id))
    assert own.window.left is None


def test_h12_stubs_come_in_pages_too_and_cost_one_question_more(world: World, team: Thread) -> None:
    post(team, world.ines, changed(team, world.ines, remove=[world.anne_lise]))
    fill(team, 1200)
    post(team, world.ines, changed(team, world.ines, add=[world.anne_lise]), world.anne_lise)
    with CaptureQueriesContext(connection) as plain:
        page_of(world.cast.ines.pk, team.id, after=0, most=500)
    with CaptureQueriesContext(connection) as seen:
        rows = page_of(world.cast.anne_lise.pk, team.id, after=0, most=500).rows
    assert len(rows) == 500
    assert len(seen) == len(plain) + 1
    seqs = [row[0] for row in page(world.anne_lise, team, after=500)]
    assert seqs == list(range(501, 1001))


def test_h12_a_stub_does_not_say_when_others_wrote(world: World, team: Thread, gaetan: Desk) -> None:
    """It carries the time of the epoch that ends the gap, also when that is on another page."""
    post(team, world.ines, changed(team, world.ines, remove=[world.anne_lise]))
    fill(team, 3)  # 3, 4, 5
    back = post(team, world.ines, changed(team, world.ines, add=[world.anne_lise]), world.anne_lise).seq
    post(team, world.ines, changed(team, world.ines, remove=[world.anne_lise]))
    fill(team, 2)  # 8, 9
    hear(team)
    made = changed(team, world.ines, add=[gaetan])
    append(world.ines, team, team.message(world.ines))
    post(team, world.ines, made, gaetan)
    again = post(team, world.ines, changed(team, world.ines, add=[world.anne_lise]), world.anne_lise).seq
    for place in Entry.objects.filter(conversation=team.id):
        Entry.objects.filter(pk=place.pk).update(at=1_000_000 + 60 * place.seq)
    told = {row.seq: row.at for row in pages(world.anne_lise, team, 4) if row.entry is None}
    first, second = (1_000_000 + 60 * seq for seq in (back, again))
    assert told == {3: first, 4: first, 5: first, 8: second, 9: second, 10: second, 11: second}
    assert [row.at for row in pages(gaetan, team, 1)][:2] == [1_000_000 + 60 * 11] * 2
    whole = [(row.seq, row.at) for row in pages(world.anne_lise, team, 4) if row.entry is not None]
    assert all(at == 1_000_000 + 60 * seq for seq, at in whole)


def pages(desk: Desk, thread: Thread, most: int) -> list[queries.Row]:
    rows: list[queries.Row] = []
    while more := page_of(desk.person.pk, thread.id, after=rows[-1].seq if rows else 0, most=most).rows:
        rows += more
    return rows


# --- chain ids that are over ------------------------------------------------------------------------


def test_k20_the_old_rows_serve_nobody_until_an_epoch_names_the_new_chain(world: World, team: Thread) -> None:
    old = world.anne_lise.log.chain
    again = new_start(world.anne_lise)
    assert [head[0] for head in heads_of(world.cast.anne_lise.pk)] == [again.own]
    with pytest.raises(Refused):
        page_of(world.cast.anne_lise.pk, team.id, after=0, most=500)
    last = Entry.objects.filter(conversation=team.id).latest("seq")
    assert last.kind == "suspended"
    assert world.thread.row.head == 1  # E13 needs the row unpaused
    hear(team)
    assert refusal(world.ines.author, team.id, changed(team, world.ines, add=[again])) == "not_allowed"
    post(team, world.ines, changed(team, world.ines, add=[again], remove=[old]), again)
    assert page(again, team) == [(3, True, True)]


def test_k20_nobody_resumes_a_chain_that_is_over(world: World, team: Thread, gaetan: Desk) -> None:
    post(team, world.ines, changed(team, world.ines, add=[gaetan]), gaetan)
    old = world.anne_lise
    new_start(world.anne_lise)
    hear(team)
    post(team, world.ines, changed(team, world.ines, rows=[(old, {"paused": True, "wrap": None})]))
    append(gaetan, team, team.message(gaetan))
    hear(team)
    made = changed(team, world.ines, rows=[(old, {"paused": False})])
    assert refusal(world.ines.author, team.id, made) == "not_allowed"


def test_e13_only_the_new_chain_of_the_same_person_takes_the_place(world: World, gaetan: Desk) -> None:
    old = world.anne_lise.log.chain
    thread = world.thread
    assert refusal(world.ines.author, thread.id, replaced(thread, world.ines, old, gaetan)) == "not_allowed"
    again = new_start(world.anne_lise)
    post(thread, world.ines, replaced(thread, world.ines, old, again), again)
    assert windows(thread, world.anne_lise) == [(1, 2)]
    assert page(again, thread) == [(2, True, True)]
    assert not Revocation.objects.filter(what="member").exists()


def test_h10_a_pair_begins_anew_when_nobody_can_go_on_in_the_first(world: World) -> None:
    first = world.thread.id
    ines, anne_lise = new_start(world.ines), new_start(world.anne_lise)
    second = start_direct(ines, anne_lise)
    assert second.id != first
    assert Conversation.objects.filter(pair=None, pk=first).exists()


# --- what it costs ----------------------------------------------------------------------------------


def test_l10_an_append_in_a_team_of_fifty_costs_what_it_costs_between_two(world: World, team: Thread) -> None:
    append(world.ines, world.thread, world.thread.message(world.ines))
    with CaptureQueriesContext(connection) as between_two:
        append(world.ines, world.thread, world.thread.message(world.ines))
    crowd(team, world, 48)
    append(world.ines, team, team.message(world.ines))
    with CaptureQueriesContext(connection) as of_fifty:
        append(world.ines, team, team.message(world.ines))
    assert len(of_fifty) == len(between_two)


def test_h11_a_list_of_teams_costs_the_same_whatever_happened_in_them(world: World, team: Thread) -> None:
    with CaptureQueriesContext(connection) as short:
        conversations_of(world.cast.ines.pk)
    for _ in range(3):
        post(team, world.ines, changed(team, world.ines, remove=[world.anne_lise]))
        post(team, world.ines, changed(team, world.ines, add=[world.anne_lise]), world.anne_lise)
    with CaptureQueriesContext(connection) as long:
        own = conversations_of(world.cast.ines.pk)
    assert len(short) == len(long)
    assert [len(one.persons) for one in own] == [1, 2, 2]


# --- how it is set up -------------------------------------------------------------------------------


def open_again(desk: Desk) -> Desk:
    """The same browser, signed in anew."""
    token = sign_in(desk.person)
    bind(token, desk.device)
    return replace(desk, token=token)


def replace_chain(row: Row, chain: bytes) -> Row:
    return replace(row, chain=chain)


def with_rows(thread: Thread, maker: Desk, rows: tuple[Row, ...]) -> bytes:
    draft = replace(thread.draft(), rows=rows)
    return maker.device.signed_object("epoch", encode(epoch_fields(draft, os.urandom(32))))


def closing(work: Callable[[], None]) -> None:
    try:
        work()
    finally:
        connection.close()


def team_marker(thread: Thread, desk: Desk) -> bytes:
    place = Position(1, bytes(Entry.objects.get(conversation=thread.id, seq=1).h))
    return make_marker(thread.id, desk.log.chain, desk.device, 1, (place, place, place), now())


def fill(thread: Thread, count: int) -> None:
    row = thread.row
    log_hash, rows = bytes(row.hash), []
    for seq in range(row.head + 1, row.head + count + 1):
        entry_hash = os.urandom(32)
        log_hash = next_hash(log_hash, seq, entry_hash)
        rows.append(
            Entry(
                conversation_id=thread.id, seq=seq, kind="message", object=bytes(300), hash=entry_hash,
                h=log_hash, device=os.urandom(32), client_id=os.urandom(16), at=seq,
            )
        )  # fmt: skip
    Entry.objects.bulk_create(rows, batch_size=500)
    Conversation.objects.filter(pk=thread.id).update(head=row.head + count, hash=log_hash)
    hear(thread)


def crowd(thread: Thread, world: World, count: int) -> None:
    """Members as the table has them: what an append costs does not depend on their keys."""
    for n in range(count):
        person = make_person(world.cast.tilleuls, f"p{n}", "Personne", f"NUMÉRO {n}", "60", factor=False)
        chain = os.urandom(32)
        Person.objects.filter(pk=person.pk).update(chain=chain, key_head_n=2, key_head_hash=os.urandom(32))
        Member.objects.create(
            conversation_id=thread.id, person=person, chain=chain, role="member", joined=1, anchor=0,
            anchor_hash=first_hash(thread.id),
        )  # fmt: skip
