"""The whole way of two people, from the link in a mail to reading everything again in another browser."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Stage
from tests.e2e.people import reset_token
from tests.e2e.words import say

HELLO = "Bonjour, je passe voir Mme Fictive à 14 h."
ANSWER = "Merci, je prépare l'ordonnance."


def test_a_wrong_code_or_password_opens_nothing(stage: Stage) -> None:
    ines = stage.newcomer()
    ines.sign_out()
    ines.page.goto(stage.origin)
    ines.field(say("signin.email")).fill(ines.account.email)
    ines.field(say("signin.password")).fill("Mauvais-mot-de-passe-1")
    ines.press(say("app.continue"))
    expect(ines.page.get_by_text(say("failure.bad_credentials"))).to_be_visible()
    ines.give_password()
    assert ines.account.phone is not None
    ines.field(say("second.code")).fill(ines.account.phone.wrong_code())
    expect(ines.page.get_by_text(say("failure.bad_code"))).to_be_visible()


def test_p2_a_wrong_recovery_code_recovers_nothing(stage: Stage) -> None:
    ines, anne_lise = stage.pair()
    elsewhere = stage.seat(ines.account).sign_in()
    elsewhere.heading(say("recover.title"))
    elsewhere.choose_code()
    elsewhere.field(say("recovery.group", n=1)).fill(" ".join(anne_lise.account.recovery))
    elsewhere.press(say("recover.open"))
    expect(elsewhere.page.get_by_text(say("failure.bad_recovery_code"))).to_be_visible()


def test_an_invitation_works_once(stage: Stage) -> None:
    ines = stage.newcomer()
    thief = stage.seat(ines.account)
    thief.page.goto(f"{stage.origin}/#/invitation/{ines.account.token}")
    thief.heading(say("invite.invalid_title"))


def test_two_people_join_and_talk(stage: Stage) -> None:
    ines, anne_lise = stage.pair()
    hers = ines.start_direct(anne_lise.account)
    hers.send(HELLO)
    hers.last_state("sent")
    theirs = anne_lise.open_direct(ines.account)
    theirs.shows(HELLO)
    hers.last_state("read")
    theirs.quote(HELLO)
    theirs.send(ANSWER)
    hers.shows(ANSWER)
    theirs.last_state("read")
    assert hers.texts() == theirs.texts() == [HELLO, ANSWER]
    assert HELLO in (hers.rows()[-1].quote or "")


def test_p5_a_second_browser_reads_everything_by_the_recovery_code(stage: Stage) -> None:
    ines, anne_lise = stage.pair()
    hers = ines.start_direct(anne_lise.account)
    theirs = None
    for number in range(3):
        hers.send(f"Message {number}")
        theirs = theirs or anne_lise.open_direct(ines.account)
        theirs.shows(f"Message {number}")
        theirs.send(f"Réponse {number}")
        hers.shows(f"Réponse {number}")
    before = hers.texts()
    second = stage.seat(ines.account).sign_in().recover()
    again = second.open_direct(anne_lise.account)
    again.shows("Réponse 2")
    assert again.texts() == before
    again.send("Écrit du nouveau navigateur")
    hers.shows("Écrit du nouveau navigateur")
    assert theirs is not None
    theirs.shows("Écrit du nouveau navigateur")


def test_a_printed_code_signs_a_known_browser_in(stage: Stage) -> None:
    ines, anne_lise = stage.pair()
    ines.start_direct(anne_lise.account).send(HELLO)
    ines.sign_out()
    ines.sign_in_by_printed_code()
    ines.at_home()
    ines.open_direct(anne_lise.account).shows(HELLO)


def test_a_forgotten_password_keeps_the_second_factor_and_the_messages(stage: Stage) -> None:
    ines, anne_lise = stage.pair()
    ines.start_direct(anne_lise.account).send(HELLO)
    ines.sign_out()
    ines.page.goto(f"{stage.origin}/#/mot-de-passe-oublie")
    ines.field(say("signin.email")).fill(ines.account.email)
    ines.press(say("forgot.send"))
    ines.heading(say("forgot.sent_title"))
    ines.account.password = "Encore-Une.Phrase-58"
    ines.page.goto(f"{stage.origin}/#/reinitialiser/{reset_token(stage.server, ines.account)}")
    ines.heading(say("reset.title"))
    ines.field(say("password.new")).fill(ines.account.password)
    ines.press(say("reset.save"))
    ines.heading(say("second.title"))
    ines.field(say("second.code")).fill(ines.account.code())
    ines.at_home()
    ines.open_direct(anne_lise.account).shows(HELLO)


@pytest.mark.parametrize("width", [360])
def test_the_whole_journey_fits_a_narrow_phone(width: int, stage: Stage) -> None:
    phone = {"viewport": {"width": width, "height": 740}, "has_touch": True, "is_mobile": True}
    ines = stage.newcomer(**phone)
    anne_lise = stage.newcomer()
    thread = ines.start_direct(anne_lise.account)
    thread.composer.fill(HELLO)
    ines.press(say("composer.send"))
    thread.last_state("sent")
    theirs = anne_lise.open_direct(ines.account)
    theirs.send("https://exemple.example/" + "long" * 60)
    thread.last_state("read")
    assert ines.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ines.page.get_by_role("link", name=say("thread.back")).click()
    ines.at_home()
    assert ines.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
