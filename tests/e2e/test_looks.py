"""Every screen in both themes: nothing that a screen reader or a weak eye stumbles over."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.conftest import Stage
from tests.e2e.words import say

Theme = str
THEMES = ["light", "dark"]


def accessible(page: Page) -> None:
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_on_the_way_in(theme: Theme, stage: Stage) -> None:
    persona = stage.seat(stage.account(), color_scheme=theme)
    persona.page.goto(stage.origin)
    persona.heading(say("signin.title"))
    accessible(persona.page)
    persona.page.goto(f"{stage.origin}/#/mot-de-passe-oublie")
    persona.heading(say("forgot.title"))
    accessible(persona.page)
    for _screen in persona.way_in():
        accessible(persona.page)


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_in_the_threads(theme: Theme, stage: Stage) -> None:
    ines, anne_lise = stage.pair(color_scheme=theme)
    page = ines.page
    thread = ines.start_direct(anne_lise.account)
    accessible(page)
    thread.send("Voir https://exemple.example ou appeler le 04 74 00 00 00")
    thread.last_state("sent")
    theirs = anne_lise.open_direct(ines.account)
    theirs.shows("Voir https://exemple.example ou appeler le 04 74 00 00 00")
    theirs.send("Une réponse")
    thread.shows("Une réponse")
    accessible(page)
    thread.quote("Une réponse")
    accessible(page)
    page.get_by_role("textbox", name=say("list.search")).fill(anne_lise.account.family)
    accessible(page)
    page.get_by_role("button", name=say("list.clear")).click()
    ines.press(say("list.new"))
    page.get_by_role("dialog").wait_for()
    accessible(page)
    page.keyboard.press("Escape")
    ines.press(say("settings.title"))
    accessible(page)
    ines.press(say("settings.security"))
    ines.heading(say("security.title"))
    accessible(page)


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_on_the_ways_back_in(theme: Theme, stage: Stage) -> None:
    ines = stage.newcomer()
    elsewhere = stage.seat(ines.account, color_scheme=theme)
    elsewhere.give_password()
    accessible(elsewhere.page)
    elsewhere.press(say("second.printed"), exact=False)
    accessible(elsewhere.page)
    elsewhere.press(say("second.app"), exact=False)
    elsewhere.give_code()
    elsewhere.heading(say("recover.title"))
    accessible(elsewhere.page)
    phone = stage.seat(ines.account, color_scheme=theme, viewport={"width": 360, "height": 740})
    phone.sign_in().recover()
    accessible(phone.page)
