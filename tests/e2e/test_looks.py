"""Every screen in both themes and languages: nothing that a screen reader or a weak eye stumbles over."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Stage, StartStage
from tests.e2e.looks import accessible
from tests.e2e.people import reset_token
from tests.e2e.words import LOOKED_AT, Language, say, speaking

TEXT = "Voir https://exemple.example ou appeler le 04 74 00 00 00"
PHONE = {"width": 360, "height": 740}
_IDLE = (
    "from accounts import clock; from accounts.models import Session; "
    "print(Session.objects.filter(person__email='{}').update(last_seen_at=clock.ago(7200)))"
)

_FROM_A_NEWER_VERSION = """async () => {
  for (const { name } of await indexedDB.databases()) {
    await new Promise((done) => { indexedDB.open(name, 1_000).onsuccess = done; });
  }
}"""


@pytest.fixture(params=LOOKED_AT, autouse=True)
def language(request: pytest.FixtureRequest) -> Iterator[Language]:
    with speaking(request.param):
        yield request.param


def test_axe_finds_what_is_wrong(stage: Stage) -> None:
    page = stage.seat(stage.account()).page
    page.goto(stage.origin)
    page.get_by_role("heading", name=say("signin.title")).evaluate(
        "(heading) => { heading.style.color = '#eee'; heading.style.background = '#fff'; }"
    )
    with pytest.raises(AssertionError, match="contrast"):
        accessible(page)


def test_axe_finds_nothing_on_the_way_in(stage: Stage) -> None:
    persona = stage.seat(stage.account())
    persona.page.goto(stage.origin)
    persona.heading(say("signin.title"))
    accessible(persona.page)
    for _screen in persona.way_in():
        accessible(persona.page)


def test_axe_finds_nothing_in_the_threads(stage: Stage) -> None:
    ines, anne_lise = stage.pair()
    page = ines.page
    thread = ines.start_direct(anne_lise.account)
    accessible(page)
    thread.send(TEXT)
    thread.last_state("sent")
    theirs = anne_lise.open_direct(ines.account)
    theirs.shows(TEXT)
    theirs.send("Une réponse")
    thread.shows("Une réponse")
    accessible(page)
    thread.quote("Une réponse")
    accessible(page)
    page.get_by_role("textbox", name=say("list.search")).fill(anne_lise.account.family)
    accessible(page)
    page.get_by_role("button", name=say("list.clear")).click()


def test_axe_finds_nothing_in_what_opens_over_the_threads(stage: Stage) -> None:
    ines, anne_lise = stage.pair()
    page = ines.page
    ines.start_direct(anne_lise.account)
    ines.begin("list.new_person")
    expect(page.get_by_role("dialog", name=say("people.title"))).to_be_visible()
    accessible(page)
    page.keyboard.press("Escape")
    ines.press(say("compare.open"))
    expect(page.get_by_role("dialog", name=say("compare.title")).get_by_role("listitem")).to_have_count(12)
    accessible(page)
    page.keyboard.press("Escape")
    ines.press(say("settings.title"))
    accessible(page)
    ines.press(say("settings.shortcuts"))
    expect(page.get_by_role("dialog", name=say("keys.title"))).to_be_visible()
    accessible(page)
    page.keyboard.press("Escape")
    ines.press(say("settings.title"))
    ines.press(say("settings.security"))
    ines.heading(say("security.title"))
    accessible(page)


def test_axe_finds_nothing_on_the_card_of_a_person_on_a_phone(stage: Stage) -> None:
    anne_lise = stage.newcomer()
    ines = stage.newcomer(viewport=PHONE)
    ines.start_direct(anne_lise.account)
    ines.press(say("thread.card"))
    expect(ines.page.get_by_role("dialog", name=say("thread.card"))).to_be_visible()
    accessible(ines.page)


def test_axe_finds_nothing_while_the_line_is_down(stage_with: StartStage) -> None:
    stage = stage_with()
    ines, anne_lise = stage.pair()
    thread = ines.start_direct(anne_lise.account)
    thread.send("En ligne")
    thread.acknowledged()
    stage.server.stop()
    ines.offline()
    accessible(ines.page)
    thread.send("Hors ligne")
    thread.last_state("queued", within=30)
    accessible(ines.page)


def test_axe_finds_nothing_where_nothing_could_be_opened(stage: Stage) -> None:
    ines = stage.newcomer()
    ines.page.goto(f"{stage.origin}/logo.svg")
    ines.page.evaluate(_FROM_A_NEWER_VERSION)
    ines.page.goto(stage.origin)
    ines.heading(say("broken.title"))
    accessible(ines.page)


def test_axe_finds_nothing_on_the_lock(stage: Stage) -> None:
    ines = stage.newcomer()
    stage.server.manage("shell", "-c", _IDLE.format(ines.account.email))
    ines.page.reload()
    ines.heading(say("locked.title"))
    accessible(ines.page)


def test_axe_finds_nothing_on_the_ways_back_in(stage: Stage) -> None:
    ines = stage.newcomer()
    elsewhere = stage.seat(ines.account)
    elsewhere.give_password()
    accessible(elsewhere.page)
    elsewhere.press(say("second.printed"), exact=False)
    accessible(elsewhere.page)
    elsewhere.press(say("second.app"), exact=False)
    elsewhere.give_code()
    elsewhere.heading(say("recover.title"))
    accessible(elsewhere.page)
    phone = stage.seat(ines.account, viewport=PHONE).sign_in(shared=True).recover()
    accessible(phone.page)
    phone.sign_out()
    expect(phone.page.get_by_text(say("left.title"))).to_be_visible()
    accessible(phone.page)


def test_axe_finds_nothing_where_links_of_mails_lead(stage: Stage) -> None:
    ines = stage.newcomer()
    stray = stage.seat(ines.account)
    stray.page.goto(f"{stage.origin}/#/invitation/{ines.account.token}")
    stray.heading(say("invite.invalid_title"))
    accessible(stray.page)
    stray.page.goto(f"{stage.origin}/#/mot-de-passe-oublie")
    stray.heading(say("forgot.title"))
    accessible(stray.page)
    stray.field(say("signin.email")).fill(ines.account.email)
    stray.press(say("forgot.send"))
    stray.heading(say("forgot.sent_title"))
    accessible(stray.page)
    stray.page.goto(f"{stage.origin}/#/reinitialiser/{reset_token(stage.server, ines.account)}")
    stray.heading(say("reset.title"))
    accessible(stray.page)
