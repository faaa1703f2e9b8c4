"""The screens of teams: axe in both themes and languages, all within 360 px, all by keyboard."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Stage
from tests.e2e.looks import accessible
from tests.e2e.team import create_team, open_team
from tests.e2e.test_keyboard import Keyboard
from tests.e2e.words import LOOKED_AT, Language, say, speaking

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1440, "height": 900}
TITLE = "Relais du mardi"


@pytest.fixture(params=LOOKED_AT)
def language(request: pytest.FixtureRequest) -> Iterator[Language]:
    with speaking(request.param):
        yield request.param


@pytest.mark.usefixtures("language")
def test_axe_finds_nothing_in_a_team_and_what_opens_over_it(stage: Stage) -> None:
    ines, anne_lise = stage.pair(viewport=DESK)
    page = ines.page
    ines.begin("list.new_team")
    expect(page.get_by_role("dialog", name=say("team.new"))).to_be_visible()
    accessible(page)
    page.keyboard.press("Escape")
    hers = create_team(ines, TITLE, anne_lise.account)
    theirs = open_team(anne_lise, TITLE)
    hers.send("Réunion jeudi")
    theirs.shows("Réunion jeudi")
    theirs.act_on("Réunion jeudi", "sign.agree")
    theirs.composer.fill(f"@{ines.account.given}")
    theirs.composer.press("End")
    expect(anne_lise.page.get_by_role("listbox", name=say("mention.list"))).to_be_visible()
    accessible(anne_lise.page)
    theirs.composer.press("Enter")
    theirs.composer.press("Enter")
    hers.last_reach(say("reach.read_all"))
    accessible(page)
    hers.act_on("Réunion jeudi", "message.details")
    expect(page.get_by_role("dialog", name=say("receipts.title"))).to_be_visible()
    accessible(page)
    page.keyboard.press("Escape")
    for name in ("team.add", "team.rename", "team.leave"):
        hers.card.get_by_role("button", name=say(name), exact=True).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        accessible(page)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_team_fits_into_360_pixels(stage: Stage) -> None:
    ines = stage.newcomer(viewport=PHONE)
    anne_lise = stage.newcomer(viewport=DESK)
    theirs = create_team(anne_lise, TITLE, ines.account)
    theirs.send("Un mot assez long pour passer à la ligne sur un téléphone tenu d’une main")
    hers = open_team(ines, TITLE)
    hers.composer.fill("Bien reçu")
    ines.press(say("composer.send"))
    hers.shows("Bien reçu")
    _fits(ines.page)
    accessible(ines.page)
    ines.press(say("team.card"))
    expect(ines.page.get_by_role("dialog", name=say("team.card"))).to_be_visible()
    _fits(ines.page)
    accessible(ines.page)


def test_a_team_is_made_named_and_spoken_in_by_keyboard_alone(stage: Stage) -> None:
    ines, anne_lise = stage.pair(viewport=DESK)
    keys = Keyboard(ines.page)
    keys.tab_to(say("list.new"))
    keys.press("Enter")
    keys.tab_to(say("list.new_team"))
    keys.press("Enter")
    keys.tab_to(say("team.title"))
    keys.type(TITLE)
    keys.tab_to(say("people.search"))
    keys.type(anne_lise.account.family)
    expect(ines.page.locator("button[aria-pressed]")).to_have_count(1)
    keys.press("ArrowDown")
    keys.press("Enter")
    keys.tab_to(say("team.create_with_one", n=1))
    keys.press("Enter")
    theirs = open_team(anne_lise, TITLE)
    keys.tab_to(say("composer.label_team", name=TITLE))
    keys.type(f"@{anne_lise.account.given}")
    expect(ines.page.get_by_role("listbox", name=say("mention.list"))).to_be_visible()
    keys.press("Enter")
    keys.type("bonjour")
    keys.press("Enter")
    said = f"@{anne_lise.account.name} bonjour"
    expect(theirs.log.locator(".words", has_text=said)).to_be_visible(timeout=20_000)
    keys.press("Escape")
    keys.type("e")
    expect(ines.page.get_by_text(say("message.editing"))).to_be_visible()
    keys.press("Escape")
    keys.press("Escape")
    keys.press("+")
    keys.tab_to(say("sign.heart"))
    keys.press("Enter")
    expect(theirs.log.locator("button[aria-pressed]")).to_have_count(1, timeout=20_000)


def _fits(page: Page) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0, f"{wide} pixels beyond the edge"
