"""E15, H10, K14: what an epoch may be, once; and one direct conversation a pair."""

import os
import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from accounts.errors import Refused
from accounts.models import Membership
from accounts.services.keys import start_keys
from accounts.services.people import suspend
from messaging.client.device import new_device
from messaging.client.entries import MadeEpoch
from messaging.errors import AlreadyExists
from messaging.models import Conversation, Entry, Member, Wrap
from messaging.services.epochs import Author, Posted, post_epoch
from tests.messaging.world import (
    CHANCE,
    Desk,
    World,
    append,
    founding,
    now,
    open_desk,
    revoke,
    second_desk,
    start_direct,
    wraps_of,
)


def count() -> tuple[int, int, int, int]:
    return (
        Conversation.objects.count(), Entry.objects.count(), Member.objects.count(), Wrap.objects.count()
    )  # fmt: skip


def refusal(author: Author, conversation: bytes | None, made: MadeEpoch, **changed: object) -> str:
    before = count()
    wraps = changed.get("wraps", wraps_of(made))
    with pytest.raises(Refused) as refused:
        post_epoch(author, conversation=conversation, statement=made.statement, wraps=wraps)  # type: ignore[arg-type]
    assert count() == before
    return refused.value.code


@pytest.fixture
def gaetan(world: World) -> Desk:
    return open_desk(world.cast.gaetan, world.cast.tilleuls)


def test_h10_what_is_no_epoch_is_refused(world: World) -> None:
    message = world.thread.message(world.ines)
    for data in (os.urandom(50), message, b""):
        with pytest.raises(Refused) as refused:
            post_epoch(world.ines.author, conversation=world.thread.id, statement=data, wraps=[])
        assert refused.value.code == "malformed"


def test_e15_the_time_must_be_the_servers(world: World, gaetan: Desk) -> None:
    early, late = (founding(world.ines, [gaetan], at=now() + off) for off in (-660, 660))
    assert refusal(world.ines.author, None, early) == "not_allowed"
    assert refusal(world.ines.author, None, late) == "not_allowed"


def test_e15_a_wrap_for_each_and_no_other(world: World, gaetan: Desk) -> None:
    made = founding(world.ines, [gaetan])
    wraps = wraps_of(made)
    stranger = (os.urandom(32), wraps[0][1])
    swapped = [(wraps[0][0], wraps[1][1]), (wraps[1][0], wraps[0][1])]
    for wrong in (
        [],
        wraps[:1],
        [*wraps, wraps[0]],
        [*wraps, stranger],
        swapped,
        [(c, w[:-1]) for c, w in wraps],
    ):
        assert refusal(world.ines.author, None, made, wraps=wrong) == "bad_wraps"


def test_e15_every_head_must_be_current(world: World, gaetan: Desk) -> None:
    made = founding(world.ines, [gaetan])
    second_desk(gaetan)
    assert refusal(world.ines.author, None, made) == "head_stale"
    renewal = world.thread.renewal(world.ines)
    second_desk(world.anne_lise)
    assert refusal(world.ines.author, world.thread.id, renewal) == "head_stale"


def test_e10_a_device_that_is_not_the_sessions_is_refused(world: World, gaetan: Desk) -> None:
    made = founding(world.ines, [gaetan])
    assert refusal(gaetan.author, None, made) == "unknown_device"
    assert refusal(Author(gaetan.person.pk, new_device(CHANCE).id), None, made) == "unknown_device"


def test_h10_nobody_of_another_organisation(world: World) -> None:
    zoe = open_desk(world.cast.zoe, world.cast.glycines)
    assert refusal(world.ines.author, None, founding(world.ines, [zoe])) == "not_allowed"
    assert refusal(zoe.author, None, founding(zoe, [world.ines])) == "not_allowed"


def test_h10_nobody_who_left_or_is_suspended(world: World, gaetan: Desk) -> None:
    made = founding(world.ines, [gaetan])
    suspend(gaetan.person)
    assert refusal(world.ines.author, None, made) == "not_allowed"
    left = Membership.objects.filter(person=world.cast.anne_lise)
    left.update(ended_at=left.get().created_at)
    assert refusal(world.ines.author, None, founding(world.ines, [world.anne_lise])) == "not_allowed"


def test_h10_an_unknown_kind_is_refused(world: World, gaetan: Desk) -> None:
    assert refusal(world.ines.author, None, founding(world.ines, [gaetan], kind="patient")) == "unknown_kind"


def test_h10_a_pair_has_one_conversation(world: World) -> None:
    for maker, other in ((world.ines, world.anne_lise), (world.anne_lise, world.ines)):
        before = count()
        made = founding(maker, [other])
        with pytest.raises(AlreadyExists) as exists:
            post_epoch(maker.author, conversation=None, statement=made.statement, wraps=wraps_of(made))
        assert exists.value.conversation == world.thread.id
        assert count() == before


def test_h10_a_foreign_conversation_is_as_if_absent(world: World, gaetan: Desk) -> None:
    made = world.thread.renewal(gaetan)
    assert refusal(gaetan.author, world.thread.id, made) == "not_found"
    assert refusal(gaetan.author, os.urandom(32), made) == "not_found"


def test_e15_the_loser_of_two_is_refused(world: World) -> None:
    mine, hers = world.thread.renewal(world.ines), world.thread.renewal(world.anne_lise)
    post_epoch(
        world.ines.author, conversation=world.thread.id, statement=mine.statement, wraps=wraps_of(mine)
    )
    assert refusal(world.anne_lise.author, world.thread.id, hers) == "past_epoch"


def test_h10_the_same_bytes_get_the_same_answer(world: World, gaetan: Desk) -> None:
    made, renewal = founding(world.ines, [gaetan]), world.thread.renewal(world.ines)
    for conversation, one in ((None, made), (world.thread.id, renewal)):
        answers = {
            post_epoch(
                world.ines.author, conversation=conversation, statement=one.statement, wraps=wraps_of(one)
            )
            for _ in range(3)
        }
        assert len(answers) == 1


def test_e15_ten_at_the_same_moment_make_one(world: World) -> None:
    renewals = [(desk, world.thread.renewal(desk)) for desk in (world.ines, world.anne_lise) * 5]
    results: list[Posted | str] = []

    def post(desk: Desk, made: MadeEpoch) -> None:
        from django.db import connection

        try:
            results.append(
                post_epoch(
                    desk.author, conversation=world.thread.id, statement=made.statement, wraps=wraps_of(made)
                )
            )
        except Refused as refused:
            results.append(refused.code)
        connection.close()

    threads = [threading.Thread(target=post, args=renewal) for renewal in renewals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(result, Posted) for result in results) == 1
    assert {result for result in results if isinstance(result, str)} == {"past_epoch"}
    assert world.thread.row.head == 2


@pytest.mark.parametrize(("happens", "code"), [("revoke", "head_stale"), ("suspend", "not_allowed")])
def test_h10_a_founding_sees_what_is_about_to_be_committed(
    world: World, gaetan: Desk, happens: str, code: str
) -> None:
    other = second_desk(gaetan)
    made = founding(world.ines, [gaetan])
    done, may_commit = threading.Event(), threading.Event()
    found: list[str] = []

    def change() -> None:
        with transaction.atomic():
            revoke(gaetan, other.device.id) if happens == "revoke" else suspend(gaetan.person)
            done.set()
            may_commit.wait(10)

    def post() -> None:
        try:
            post_epoch(world.ines.author, conversation=None, statement=made.statement, wraps=wraps_of(made))
            found.append("posted")
        except Refused as refused:
            found.append(refused.code)

    threads = [threading.Thread(target=_closing, args=[work]) for work in (change, post)]
    threads[0].start()
    assert done.wait(10)
    threads[1].start()
    threads[1].join(0.5)
    may_commit.set()
    for thread in threads:
        thread.join()
    assert found == [code]
    assert not Member.objects.filter(person=gaetan.person, conversation__kind="direct").exists()


def _closing(work: Callable[[], None]) -> None:
    try:
        work()
    finally:
        connection.close()


def test_e15_entry_members_and_wraps_come_together(world: World, gaetan: Desk) -> None:
    thread = start_direct(world.ines, gaetan)
    assert thread.row.head == 1
    assert {bytes(member.chain) for member in Member.objects.filter(conversation=thread.id)} == {
        world.ines.log.chain, gaetan.log.chain
    }  # fmt: skip
    assert Wrap.objects.filter(conversation=thread.id, seq=1).count() == 2
    append(gaetan, thread, thread.message(gaetan))
    posted = thread.renew(gaetan)
    assert (posted.seq, thread.row.epoch_number, thread.row.epoch_seq) == (3, 1, 3)
    append(world.ines, thread, thread.message(world.ines))


def test_e14_who_was_suspended_is_paused_by_the_next_epoch(world: World) -> None:
    suspend(world.cast.anne_lise)
    member = Member.objects.get(conversation=world.thread.id, person=world.cast.anne_lise)
    assert (member.suspended, member.paused) == (True, False)
    row = world.thread.row
    assert (row.stale, row.head) == (True, 2)
    made = world.thread.renewal(world.ines)  # says nothing of the pause
    assert refusal(world.ines.author, world.thread.id, made) == "not_allowed"


def test_k14_a_start_without_a_sound_own_conversation_changes_nothing(world: World) -> None:
    from accounts.services.keys import Seed
    from messaging.client.device import paper_device
    from messaging.client.person import start_keys as make_keys
    from tests.messaging.world import _caller, sign_in

    device, paper = new_device(CHANCE), paper_device(os.urandom(20))
    started = make_keys(device, paper, now(), CHANCE)
    before = count()
    with pytest.raises(Refused) as refused:
        start_keys(
            _caller(sign_in(world.cast.gaetan)),
            statements=list(started.statements),
            seeds=[Seed(id, 1, sealed) for id, sealed in started.seeds.items()],
            epoch=founding(world.ines, [world.anne_lise]).statement,
            wrap=b"\0" * 1168,
        )
    assert refused.value.code == "unknown_kind"
    world.cast.gaetan.refresh_from_db()
    assert world.cast.gaetan.chain is None
    assert count() == before
