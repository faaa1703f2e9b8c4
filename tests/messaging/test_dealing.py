"""F: what an open socket hears, how much at once, and when it hears nothing more."""

import pytest

from accounts import clock
from accounts.models import Session
from accounts.services.people import suspend
from accounts.services.sessions import end_session
from messaging.models import Entry
from messaging.protocol import b64
from tests.messaging.conftest import Limits
from tests.messaging.line import Line, elsewhere, on_line
from tests.messaging.world import Thread, World, append, revoke, second_desk, start_direct

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("exchange_of_this_test")]


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
