"""K20: after losing everything. The old log ends and stays readable; the person begins anew."""

import pytest
from django.core import mail

from accounts.background import settle
from accounts.errors import Refused
from accounts.models import Device, KeyLogEntry, Person
from accounts.protocol import b64, octets
from accounts.services.new_start import open_new_start
from tests.accounts.browser import Browser, body, code
from tests.accounts.keymaker import Keymaker, bind
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("heard")


@pytest.fixture
def old() -> Keymaker:
    return Keymaker()


@pytest.fixture
def ines(cast: Cast, old: Keymaker) -> Browser:
    visitor = Browser().sign_in(cast.ines)
    assert visitor.post("keys/start", old.start()).status_code == 200
    return bind(visitor, old.browser)


def test_k20_there_is_no_new_start_before_the_first(cast: Cast) -> None:
    with pytest.raises(Refused, match="conflict"):
        open_new_start(cast.ines)


def test_k20_the_old_log_takes_no_more_and_binds_nobody(cast: Cast, ines: Browser, old: Keymaker) -> None:
    open_new_start(cast.ines)
    assert ines.stage() == "signed_out"
    again = Browser().sign_in(cast.ines)
    assert code(again.post("keys/append", old.renew(by=old.browser))) == "bad_chain"
    challenge = octets(body(again.post("session/challenge"))["challenge"])
    assert code(again.post("session/device", old.browser.binds(challenge))) == "not_allowed"
    assert body(again.get("keys/mine")) == {"chain": None, "statements": [], "head": None, "seeds": []}
    assert KeyLogEntry.objects.count() == 3


def test_k20_a_first_submission_makes_a_new_chain_and_the_old_stays_readable(
    cast: Cast, ines: Browser, old: Keymaker
) -> None:
    open_new_start(cast.ines)
    new, again = Keymaker(), Browser().sign_in(cast.ines)
    assert again.post("keys/start", new.start()).status_code == 200
    colleague = Browser().sign_in(cast.anne_lise)
    for maker in (old, new):
        log = body(colleague.get("keys/log", chain=b64(maker.chain)))
        assert [octets(text) for text in log["statements"]] == maker.statements
        assert log["head"]["n"] == 2
    assert body(bind(again, new.browser).get("devices"))["devices"][0]["device"] == b64(new.browser.id)
    assert Device.objects.count() == 4


def test_k20_the_person_is_told_by_mail(cast: Cast, ines: Browser) -> None:
    mail.outbox.clear()
    open_new_start(Person.objects.get(pk=cast.ines.pk))
    settle()
    (sent,) = mail.outbox
    assert sent.subject == "Un nouveau départ est ouvert pour votre compte Colloque"
