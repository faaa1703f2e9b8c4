"""Two tabs of one browser: one of them writes, the other takes over."""

from playwright.sync_api import expect

from tests.e2e.conftest import Stage
from tests.e2e.persona import Persona
from tests.e2e.thread import Thread
from tests.e2e.words import say


def test_a10_two_tabs_show_the_same_and_only_one_writes(stage: Stage) -> None:
    ines, anne_lise = stage.pair()
    first = ines.start_direct(anne_lise.account)
    first.send("Du premier onglet")
    second = _second_tab(ines, anne_lise)
    second.shows("Du premier onglet")
    second.send("Du second onglet")
    first.shows("Du second onglet")
    theirs = anne_lise.open_direct(ines.account)
    theirs.shows("Du second onglet")
    assert first.texts() == second.texts() == theirs.texts() == ["Du premier onglet", "Du second onglet"]


def test_a10_when_the_first_tab_closes_the_second_takes_over(stage: Stage) -> None:
    ines, anne_lise = stage.pair()
    ines.start_direct(anne_lise.account).send("Avant la fermeture")
    second = _second_tab(ines, anne_lise)
    second.shows("Avant la fermeture")
    ines.page.close()
    second.send("Après la fermeture")
    second.last_state("sent")
    theirs = anne_lise.open_direct(ines.account)
    theirs.shows("Après la fermeture")
    theirs.send("Reçu")
    second.shows("Reçu")
    assert second.texts() == theirs.texts() == ["Avant la fermeture", "Après la fermeture", "Reçu"]


def test_signing_out_in_one_tab_signs_the_other_out(stage: Stage) -> None:
    ines, anne_lise = stage.pair()
    ines.start_direct(anne_lise.account).send("Secret")
    second = _second_tab(ines, anne_lise)
    ines.sign_out()
    expect(second.page.get_by_role("heading", name=say("signin.title"))).to_be_visible()
    expect(second.page.get_by_text("Secret")).to_have_count(0)


def _second_tab(persona: Persona, other: Persona) -> Thread:
    page = persona.context.new_page()
    page.goto(persona.page.url)
    thread = Thread(page, other.account.name)
    expect(thread.region).to_be_visible(timeout=20_000)
    return thread
