"""Where one is signed in, and ending it there, as a person does it: two browsers of Inès."""

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Stage
from tests.e2e.looks import accessible
from tests.e2e.persona import Persona
from tests.e2e.words import LOCALES, Language, say, speaking

PHONE = {"width": 360, "height": 740}
AT_ONCE = 10_000  # 5 s to close the socket, and a moment to ask why


def test_a_session_ended_elsewhere_leaves_its_screen_at_once(stage: Stage) -> None:
    ines = stage.newcomer()
    lost = stage.seat(ines.account).sign_in_by_printed_code().recover()
    _open_security(ines)
    here, there = _rows(ines).all()
    expect(here).to_contain_text(say("sessions.here"))
    expect(here.get_by_role("button")).to_have_count(0)
    there.get_by_role("button").click()
    _confirm(ines)
    expect(ines.page.get_by_text(say("sessions.ended"))).to_be_visible()
    expect(_rows(ines)).to_have_count(1)
    expect(lost.page.get_by_role("heading", name=say("signin.title"))).to_be_visible(timeout=AT_ONCE)


def test_one_that_is_over_by_then_is_no_fault(stage: Stage) -> None:
    ines = stage.newcomer()
    gone = stage.seat(ines.account).sign_in_by_printed_code().recover()
    _open_security(ines)
    expect(_rows(ines)).to_have_count(2)
    gone.sign_out()
    _rows(ines).last.get_by_role("button").click()
    _confirm(ines)
    expect(ines.page.get_by_text(say("sessions.ended"))).to_be_visible()
    expect(_rows(ines)).to_have_count(1)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_all_others_are_ended_from_a_phone_with_the_keyboard(stage: Stage, language: Language) -> None:
    with speaking(language):
        ines = stage.newcomer(viewport=PHONE, locale=LOCALES[language])
        stage.seat(ines.account).sign_in_by_printed_code().recover()
        _open_security(ines)
        expect(_rows(ines)).to_have_count(2)
        accessible(ines.page)
        assert ines.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        ines.page.get_by_role("button", name=say("sessions.end_others"), exact=True).press("Enter")
        expect(_dialog(ines)).to_be_visible()
        accessible(ines.page)
        _dialog(ines).get_by_role("button", name=say("sessions.end"), exact=True).press("Enter")
        expect(_rows(ines)).to_have_count(1)


def _open_security(persona: Persona) -> None:
    persona.page.evaluate("location.hash = '#/securite'")
    persona.heading(say("security.title"))
    expect(_rows(persona).first).to_be_visible()


def _rows(persona: Persona) -> Locator:
    sessions = persona.page.get_by_role("region", name=say("sessions.title"), exact=True)
    return sessions.locator(".fact")


def _dialog(persona: Persona) -> Locator:
    return persona.page.get_by_role("dialog")


def _confirm(persona: Persona) -> None:
    _dialog(persona).get_by_role("button", name=say("sessions.end"), exact=True).click()
