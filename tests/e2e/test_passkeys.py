"""A device that knows its owner, in a real browser: first steps, signing in, unlocking, adding, removing."""

import re

from playwright.sync_api import Locator, expect

from project.demo.mails import read_mails
from tests.e2e.conftest import Stage, StartStage
from tests.e2e.looks import accessible
from tests.e2e.persona import Persona
from tests.e2e.touch import Touch
from tests.e2e.waiting import until
from tests.e2e.words import say

IDLE = {"COLLOQUE_LIMIT_IDLE_SECONDS": "8", "COLLOQUE_LIMIT_SESSION_TOUCH_SECONDS": "1"}
PATIENCE = 20_000
STALE = {"COLLOQUE_LIMIT_FRESH_FACTOR_SECONDS": "1"}


def test_first_steps_with_this_device_and_a_second_one(stage: Stage) -> None:
    ines, touch = _newcomer(stage)
    touch.plug()
    ines.press(say("factor.passkey"), exact=False)
    ines.heading(say("factor.printed_title"))
    accessible(ines.page)
    ines.press(say("factor.second_add"))
    expect(ines.page.get_by_text(say("failure.passkey_known"))).to_be_visible(timeout=PATIENCE)
    touch.plug("usb")
    ines.press(say("factor.second_add"))
    expect(ines.page.get_by_text(say("factor.second_done"))).to_be_visible(timeout=PATIENCE)
    _finish(ines)
    _open_security(ines)
    expect(_rows(ines)).to_have_count(2, timeout=PATIENCE)
    accessible(ines.page)


def test_a_device_that_does_not_know_its_owner_is_told_calmly(stage: Stage) -> None:
    ines, touch = _newcomer(stage)
    touch.plug(knows_owner=False)
    ines.press(say("factor.passkey"), exact=False)
    expect(ines.page.get_by_text(say("failure.passkey_dropped"))).to_be_visible(timeout=PATIENCE)
    touch.plug()
    ines.press(say("factor.passkey"), exact=False)
    ines.heading(say("factor.printed_title"))


def test_a_touch_signs_in_and_unlocks(stage_with: StartStage) -> None:
    stage = stage_with(**IDLE)
    ines, _ = _joined(stage)
    expect(ines.page.get_by_role("heading", name=say("locked.title"))).to_be_visible(timeout=40_000)
    accessible(ines.page)
    ines.press(say("second.passkey"), exact=False)
    ines.at_home()
    ines.sign_out()
    ines.give_password()
    expect(_passkey_button(ines)).to_be_focused()
    accessible(ines.page)
    ines.page.keyboard.press("Enter")
    ines.at_home()


def test_a_removed_device_ends_the_session_that_it_opened(stage: Stage) -> None:
    ines, touch = _joined(stage)
    carried = touch.held()
    other = stage.seat(ines.account)
    finger = Touch(other.context, other.page)
    finger.plug()
    finger.hold(carried)
    other.give_password()
    other.press(say("second.passkey"), exact=False)
    other.recover()
    _open_security(ines)
    touch.plug("usb")
    ines.press(say("factors.add_passkey"))
    expect(_rows(ines)).to_have_count(2, timeout=PATIENCE)
    _rows(ines).first.get_by_role("button").click()
    accessible(ines.page)
    ines.page.get_by_role("dialog").get_by_role("button", name=say("factors.remove")).click()
    expect(_rows(ines)).to_have_count(1, timeout=PATIENCE)
    expect(other.page.get_by_role("heading", name=say("signin.title"))).to_be_visible(timeout=10_000)
    until(lambda: "retiré" in _subjects(stage, ines), "the letter about the removal")


def test_what_needs_a_fresh_factor_asks_for_a_touch_and_goes_on(stage_with: StartStage) -> None:
    stage = stage_with(**STALE)
    ines, _ = _joined(stage)
    _open_security(ines)
    ines.press(say("factors.add_app"))
    asked = ines.page.get_by_role("dialog", name=say("second.title"))
    expect(asked).to_be_visible(timeout=PATIENCE)
    accessible(ines.page)
    asked.get_by_role("button", name=re.compile(re.escape(say("second.passkey")))).click()
    expect(ines.page.locator("p.secret")).to_be_visible(timeout=PATIENCE)


# --- tools ------------------------------------------------------------------------------------------


def _newcomer(stage: Stage) -> tuple[Persona, Touch]:
    """At the choice of a second factor."""
    persona = stage.seat(stage.account())
    persona.look_at_invitation()
    persona.accept_invitation()
    persona.face_factor()
    return persona, Touch(persona.context, persona.page)


def _joined(stage: Stage) -> tuple[Persona, Touch]:
    persona, touch = _newcomer(stage)
    touch.plug()
    persona.press(say("factor.passkey"), exact=False)
    persona.heading(say("factor.printed_title"))
    _finish(persona)
    return persona, touch


def _finish(persona: Persona) -> None:
    persona.read_recovery_code()
    persona.check_recovery_code()
    persona.finish_first_steps()


def _open_security(persona: Persona) -> None:
    persona.page.evaluate("location.hash = '#/securite'")
    persona.heading(say("security.title"))


def _rows(persona: Persona) -> Locator:
    """The devices among the second factors."""
    factors = persona.page.get_by_role("region", name=say("factors.title"), exact=True)
    return factors.locator(".fact").filter(has_text=say("factors.passkey"))


def _passkey_button(persona: Persona) -> Locator:
    return persona.page.get_by_role("button", name=re.compile(re.escape(say("second.passkey"))))


def _subjects(stage: Stage, persona: Persona) -> str:
    mails = read_mails(stage.server.mail)
    return " ".join(mail.subject for mail in mails if mail.to == persona.account.email)
