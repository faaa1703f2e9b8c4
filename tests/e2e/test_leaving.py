"""Locking, leaving, and what stays behind: nothing that opens anything."""

from playwright.sync_api import expect

from tests.e2e.conftest import Stage, StartStage
from tests.e2e.looks import accessible
from tests.e2e.words import say

IDLE = {"COLLOQUE_LIMIT_IDLE_SECONDS": "6", "COLLOQUE_LIMIT_SESSION_TOUCH_SECONDS": "1"}


def test_an_idle_session_locks_and_a_code_unlocks_it(stage_with: StartStage) -> None:
    stage = stage_with(**IDLE)
    anne_lise, ines = stage.pair()  # who waits for the lock comes last
    thread = ines.start_direct(anne_lise.account)
    thread.send("Avant le verrou")
    expect(ines.page.get_by_role("heading", name=say("locked.title"))).to_be_visible(timeout=40_000)
    expect(ines.page.get_by_text("Avant le verrou")).to_have_count(0)
    ines.unlock()
    ines.open_direct(anne_lise.account).shows("Avant le verrou")


def test_a_lock_survives_a_reload(stage_with: StartStage) -> None:
    stage = stage_with(**IDLE)
    ines = stage.newcomer()
    expect(ines.page.get_by_role("heading", name=say("locked.title"))).to_be_visible(timeout=40_000)
    ines.page.reload()
    ines.heading(say("locked.title"))
    accessible(ines.page)


def test_on_a_shared_computer_nothing_stays_after_leaving(stage: Stage) -> None:
    ines, anne_lise = stage.pair()
    ines.start_direct(anne_lise.account).send("Ne doit pas rester")
    shared = stage.seat(ines.account).sign_in(shared=True).recover()
    shared.open_direct(anne_lise.account).shows("Ne doit pas rester")
    assert [name for name in shared.stores() if name.startswith("IndexedDB")] != []
    shared.sign_out()
    expect(shared.page.get_by_text(say("left.title"))).to_be_visible()
    assert [name for name in shared.stores() if not name.startswith("localStorage colloque.")] == []


def test_leaving_an_own_computer_closes_what_is_kept(stage: Stage) -> None:
    ines, anne_lise = stage.pair()
    ines.start_direct(anne_lise.account).send("Gardé et fermé")
    ines.sign_out()
    expect(ines.page.get_by_role("heading", name=say("signin.title"))).to_be_visible()
    ines.page.goto(stage.origin)
    expect(ines.page.get_by_text("Gardé et fermé")).to_have_count(0)
    ines.sign_in()
    ines.at_home()
    ines.open_direct(anne_lise.account).shows("Gardé et fermé")
