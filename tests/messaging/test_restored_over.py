"""What was over before the backup stays over, whoever gives it back (PROTOCOL.md T1, T2, T7)."""

import os
from datetime import timedelta
from functools import partial

import pytest

from accounts import clock
from accounts.models import Device, PaperRemoval, PasswordReset
from accounts.services.people import suspend
from messaging.models import Entry
from messaging.services.events import release_held
from messaging.services.restoring import Given
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
from tests.messaging.teams import new_start, start_team
from tests.messaging.world import Desk, World, open_desk, revoke, second_desk


@pytest.fixture
def gaetan(world: World) -> Desk:
    return open_desk(world.cast.gaetan, world.cast.tilleuls)


def test_t1_k19_no_link_and_no_removal_of_a_code_outlives_its_history(world: World) -> None:
    now, person = clock.now(), world.ines.person
    PasswordReset.objects.create(
        person=person, token_hash=os.urandom(32), created_at=now, expires_at=now + timedelta(hours=1)
    )
    paper = Device.objects.get(person=person, sort=Device.Sort.PAPER)
    PaperRemoval.objects.create(device=paper, asked_at=now - timedelta(hours=73))
    restore(backup())
    assert not PasswordReset.objects.exists()
    assert not PaperRemoval.objects.exists()


def test_e16_t7_nobody_speaks_by_anothers_hand_who_was_out_before_the_backup(
    world: World, gaetan: Desk
) -> None:
    phone = second_desk(world.ines)
    talk, team = world.thread, start_team(world.ines, world.anne_lise, gaetan)
    talk.renew(world.ines)
    forged = talk.message(phone), talk.renewal(phone).statement, team.message(gaetan)
    revoke(world.ines, phone.device.id)
    suspend(gaetan.person)
    restore(backup())
    for thread, entry in ((talk, forged[0]), (talk, forged[1]), (team, forged[2])):
        before = digest()
        part = [Given(entry, clock.seconds(clock.now()))]
        assert refusal(partial(back, world.anne_lise, thread, part, thread.row.head)) == "epoch_stale"
        assert digest() == before


def test_e16_t7_who_was_revoked_since_said_before_what_they_said(world: World) -> None:
    phone, thread = second_desk(world.ines), world.thread
    thread.renew(world.ines)
    rows = backup()
    say(phone, thread)
    given = held_by_a_client(thread, 2)
    revoke(world.ines, phone.device.id)
    held = statements(world.ines)
    restore(rows)
    sign_in(world.anne_lise)
    keys_back(world.anne_lise, world.ines, 3, held[4:])
    assert back(world.anne_lise, thread, given, 2).n == 3


def test_k20_t2_who_starts_anew_during_the_wait_is_paused_when_it_is_over(world: World, gaetan: Desk) -> None:
    team = start_team(world.ines, world.anne_lise, gaetan)
    restore(backup())
    new_start(gaetan)
    assert team.row.head == 1
    restored_lately()
    release_held()
    assert team.row.stale
    assert Entry.objects.filter(conversation=team.id, kind="suspended").count() == 1
    assert release_held() == 0
