"""Who removes a code de secours, and when: the oldest has the last word (K19, P6, H15, H17)."""

from datetime import timedelta

import pytest
from django.core import mail

from accounts import clock
from accounts.background import settle
from accounts.models import Device, KeyLogEntry, PaperRemoval, Session
from accounts.objects import consent_statement, object_hash
from accounts.protocol import b64
from tests.accounts.browser import Browser, body, code
from tests.accounts.keymaker import Keymaker, Pen, bind
from tests.cast import Cast

HOUR = 3600
pytestmark = pytest.mark.usefixtures("heard")


@pytest.fixture
def maker() -> Keymaker:
    return Keymaker()


@pytest.fixture
def ines(cast: Cast, maker: Keymaker) -> Browser:
    visitor = Browser().sign_in(cast.ines)
    assert visitor.post("keys/start", maker.start()).status_code == 200
    return bind(visitor, maker.browser)


def remove(visitor: Browser, pen: Pen) -> str | None:
    answer = visitor.post("keys/paper/remove", {"device": b64(pen.id)})
    return None if answer.status_code == 200 else code(answer)


def asked(ago: int) -> None:
    PaperRemoval.objects.update(asked_at=clock.now() - timedelta(seconds=ago))


# --- at once ----------------------------------------------------------------------------------------


def test_k19_a_browser_alone_does_not_revoke_a_code(ines: Browser, maker: Keymaker) -> None:
    assert code(ines.post("keys/append", maker.revoke(maker.paper, by=maker.browser))) == "paper_protected"
    assert KeyLogEntry.objects.count() == 3


def test_k19_with_a_consent_of_another_statement_or_key_it_does_not(ines: Browser, maker: Keymaker) -> None:
    sent = maker.revoke(maker.paper, by=maker.browser)
    this = consent_statement(object_hash(maker.statements[-1]))
    for signed in (
        maker.paper.signature(consent_statement(b"x" * 32)),
        maker.browser.signature(this),
        Pen("paper").signature(this),
    ):
        assert code(ines.post("keys/append", sent | {"consent": b64(signed)})) == "paper_protected"
    assert ines.post("keys/append", sent | {"consent": b64(maker.paper.signature(this))}).status_code == 200
    assert Device.objects.get(pk=maker.paper.id).revoked_at is not None


def test_k19_a_younger_code_does_not_revoke_an_older_one(ines: Browser, maker: Keymaker) -> None:
    younger = Pen("paper")
    ines.post("keys/append", maker.add(younger, by=maker.browser))
    assert code(ines.post("keys/append", maker.revoke(maker.paper, by=younger))) == "paper_protected"


def test_k19_an_older_code_revokes_a_younger_one_at_once(ines: Browser, maker: Keymaker) -> None:
    younger = Pen("paper")
    ines.post("keys/append", maker.add(younger, by=maker.browser))
    assert ines.post("keys/append", maker.revoke(younger, by=maker.paper)).status_code == 200


def test_p6_the_owner_puts_out_all_others_in_one_submission(ines: Browser, maker: Keymaker) -> None:
    """A thief with the browser added one more and a code of their own; the code written down ends it all."""
    second, theirs, mine = Pen("browser"), Pen("paper"), Pen("browser")
    for device in (second, theirs):
        assert ines.post("keys/append", maker.add(device, by=maker.browser)).status_code == 200
    owner = Browser().sign_in(Session.objects.latest("pk").person)
    sent = maker.several(
        *(maker.revoke(device, by=maker.paper) for device in (maker.browser, second, theirs)),
        maker.add(mine, by=maker.paper),
    )
    assert owner.post("keys/append", sent).status_code == 200
    active = Device.objects.filter(revoked_at=None)
    assert {bytes(one.pk) for one in active} == {maker.paper.id, mine.id}
    assert ines.stage() == "signed_out"


def test_p6_one_bad_statement_undoes_the_whole_submission(ines: Browser, maker: Keymaker) -> None:
    younger, second = Pen("paper"), Pen("browser")
    ines.post("keys/append", maker.add(younger, by=maker.browser))
    ines.post("keys/append", maker.add(second, by=maker.browser))
    sent = maker.several(maker.revoke(second, by=younger), maker.revoke(maker.paper, by=younger))
    assert code(ines.post("keys/append", sent)) == "paper_protected"
    assert not Device.objects.exclude(revoked_at=None).exists()


# --- slowly -----------------------------------------------------------------------------------------


def test_h17_only_a_fresh_factor_of_a_bound_device_asks(cast: Cast, ines: Browser, maker: Keymaker) -> None:
    assert remove(Browser().sign_in(cast.ines), maker.paper) == "not_allowed"
    Session.objects.update(fresh_factor_at=clock.ago(301))
    assert remove(ines, maker.paper) == "fresh_factor_needed"
    assert not PaperRemoval.objects.exists()


def test_h17_a_browser_a_foreign_code_and_none_are_not_found(
    cast: Cast, ines: Browser, maker: Keymaker
) -> None:
    other = Keymaker()
    Browser().sign_in(cast.anne_lise).post("keys/start", other.start())
    for pen in (maker.browser, other.paper, Pen("paper")):
        assert remove(ines, pen) == "not_found"


def test_k19_a_removal_stands_after_72_hours_and_for_30_days(
    cast: Cast, ines: Browser, maker: Keymaker
) -> None:
    assert remove(ines, maker.paper) is None
    sent = maker.revoke(maker.paper, by=maker.browser)
    for ago in (0, 72 * HOUR - 60, 30 * 24 * HOUR + 60):
        asked(ago)
        assert code(ines.post("keys/append", sent)) == "paper_protected", ago
    asked(72 * HOUR)
    assert ines.post("keys/append", sent).status_code == 200


def test_h17_any_device_cancels_it(cast: Cast, ines: Browser, maker: Keymaker) -> None:
    second = Pen("browser")
    ines.post("keys/append", maker.add(second, by=maker.browser))
    remove(ines, maker.paper)
    phone = bind(Browser().sign_in(cast.ines), second)
    assert phone.post("keys/paper/keep", {"device": b64(maker.paper.id)}).status_code == 200
    asked(80 * HOUR)
    assert code(ines.post("keys/append", maker.revoke(maker.paper, by=maker.browser))) == "paper_protected"


def test_h17_asking_again_neither_hurries_nor_delays(ines: Browser, maker: Keymaker) -> None:
    remove(ines, maker.paper)
    asked(71 * HOUR)
    before = PaperRemoval.objects.get().asked_at
    remove(ines, maker.paper)
    assert PaperRemoval.objects.get().asked_at == before


def test_h15_devices_are_listed_with_their_use_and_what_is_asked(ines: Browser, maker: Keymaker) -> None:
    remove(ines, maker.paper)
    listed = body(ines.get("devices"))
    browser, paper = listed["devices"]
    assert (browser["device"], browser["browser"]) == (b64(maker.browser.id), "other")
    assert browser["last_used"] is not None
    assert (paper["device"], paper["last_used"], paper["browser"]) == (b64(maker.paper.id), None, None)
    (removal,) = listed["removals"]
    due = clock.seconds(PaperRemoval.objects.get().asked_at) + 72 * HOUR
    assert removal == {"device": b64(maker.paper.id), "due": due}


def test_the_person_is_told_by_mail_without_a_name_of_anything(ines: Browser, maker: Keymaker) -> None:
    mail.outbox.clear()
    second = Pen("browser")
    ines.post("keys/append", maker.add(second, by=maker.browser))
    ines.post("keys/append", maker.revoke(second, by=maker.browser))
    remove(ines, maker.paper)
    ines.post("keys/paper/keep", {"device": b64(maker.paper.id)})
    settle()
    subjects = [sent.subject for sent in mail.outbox]
    assert len(subjects) == 4
    assert "ajouté" in subjects[0]
    assert "retiré" in subjects[1]
    assert "retrait" in subjects[2]
    assert "conservé" in subjects[3]
    for sent in mail.outbox:
        assert b64(second.id) not in sent.body
        assert "Firefox" not in sent.body
