"""What the host does while one browser adds another: it carries, once, for ten minutes (D, H16)."""

from typing import Any

import pytest

from accounts import clock
from accounts.models import Pairing, Session
from accounts.protocol import b64
from accounts.publickeys import SEALED_SECRET
from accounts.services.forgetting import forget_expired
from tests.accounts.browser import Browser, body, code
from tests.accounts.keymaker import Keymaker, Pen, bind
from tests.cast import Cast, unused_code

pytestmark = pytest.mark.usefixtures("heard")
MAC, SIGNATURE = b64(b"m" * 32), b64(b"s" * 64)


@pytest.fixture
def new() -> Pen:
    return Pen("browser")


@pytest.fixture
def old_browser(cast: Cast) -> Browser:
    """Somebody's first browser, bound, with a factor given a moment ago."""
    maker, visitor = Keymaker(), Browser().sign_in(cast.ines)
    assert visitor.post("keys/start", maker.start()).status_code == 200
    return bind(visitor, maker.browser)


@pytest.fixture
def new_browser(cast: Cast, old_browser: Browser) -> Browser:
    return Browser().sign_in(cast.ines)


def offered(pen: Pen) -> dict[str, Any]:
    return {"device": {"id": b64(pen.id), "sign": b64(pen.sign), "unseal": b64(pen.unseal)}, "mac": MAC}


def answer(pairing: str) -> dict[str, str]:
    return {"pairing": pairing, "map": b64(b"a map"), "sealed": b64(b"x" * SEALED_SECRET), "mac": MAC}


def offer(visitor: Browser, pen: Pen) -> str:
    return str(body(visitor.post("pairing/offer", offered(pen)))["pairing"])


def state(visitor: Browser, pairing: str) -> str:
    return str(body(visitor.get("pairing", pairing=pairing))["state"])


def test_h16_only_a_browser_that_is_no_device_of_somebody_with_keys_offers(
    cast: Cast, old_browser: Browser, new: Pen
) -> None:
    without_keys = Browser().sign_in(cast.gaetan)
    for visitor in (old_browser, without_keys):
        assert code(visitor.post("pairing/offer", offered(new))) == "not_allowed"
    assert not Pairing.objects.exists()


def test_h16_nobody_but_a_device_of_the_same_person_takes(
    cast: Cast, old_browser: Browser, new_browser: Browser, new: Pen
) -> None:
    offer(new_browser, new)
    maker, colleague = Keymaker(), Browser().sign_in(cast.anne_lise)
    colleague.post("keys/start", maker.start())
    assert code(bind(colleague, maker.browser).post("pairing/take")) == "not_found"
    assert code(new_browser.post("pairing/take")) == "not_allowed"
    assert Pairing.objects.get().state == "open"


def test_d1_an_offer_is_taken_once(old_browser: Browser, new_browser: Browser, new: Pen) -> None:
    pairing = offer(new_browser, new)
    taken = body(old_browser.post("pairing/take"))
    assert (taken["pairing"], taken["device"], taken["mac"]) == (pairing, offered(new)["device"], MAC)
    assert set(taken) == {"pairing", "device", "mac", "browser", "platform", "at"}
    assert code(old_browser.post("pairing/take")) == "not_found"
    assert state(new_browser, pairing) == "taken"


def test_d1_an_offer_lives_ten_minutes(old_browser: Browser, new_browser: Browser, new: Pen) -> None:
    pairing = offer(new_browser, new)
    Pairing.objects.update(created_at=clock.ago(600))
    assert code(old_browser.post("pairing/take")) == "not_found"
    assert state(new_browser, pairing) == "over"
    Pairing.objects.update(created_at=clock.ago(601))
    assert forget_expired()["pairings"] == 1


def test_d1_a_second_offer_ends_the_first(
    cast: Cast, old_browser: Browser, new_browser: Browser, new: Pen
) -> None:
    first = offer(new_browser, new)
    second = offer(Browser().sign_in(cast.ines), Pen("browser"))
    assert code(new_browser.get("pairing", pairing=first)) == "not_found"
    assert body(old_browser.post("pairing/take"))["pairing"] == second


def test_h16_no_other_session_sees_or_moves_it(
    cast: Cast, old_browser: Browser, new_browser: Browser, new: Pen
) -> None:
    pairing = offer(new_browser, new)
    old_browser.post("pairing/take")
    others = [Browser().sign_in(who) for who in (cast.ines, cast.anne_lise)]
    for other in others:
        assert code(other.get("pairing", pairing=pairing)) == "not_found"
        assert code(other.post("pairing/drop", {"pairing": pairing})) == "not_found"
        sent = {"pairing": pairing, "countersign": SIGNATURE}
        assert code(other.post("pairing/countersign", sent)) == "not_found"
    assert Pairing.objects.get().state == "taken"


def test_d4_the_answer_needs_a_fresh_factor(
    cast: Cast, old_browser: Browser, new_browser: Browser, new: Pen
) -> None:
    pairing = offer(new_browser, new)
    old_browser.post("pairing/take")
    Session.objects.update(fresh_factor_at=clock.ago(301))
    assert code(old_browser.post("pairing/answer", answer(pairing))) == "fresh_factor_needed"
    assert state(new_browser, pairing) == "taken"
    old_browser.post("factor/fresh", {"code": unused_code(cast.ines)})
    assert old_browser.post("pairing/answer", answer(pairing)).status_code == 200


def test_h16_each_step_comes_once_and_in_order(old_browser: Browser, new_browser: Browser, new: Pen) -> None:
    pairing = offer(new_browser, new)
    signed = {"pairing": pairing, "countersign": SIGNATURE}
    assert code(old_browser.post("pairing/answer", answer(pairing))) == "not_found"  # not taken
    old_browser.post("pairing/take")
    assert code(new_browser.post("pairing/countersign", signed)) == "conflict"
    assert old_browser.post("pairing/answer", answer(pairing)).status_code == 200
    assert code(old_browser.post("pairing/answer", answer(pairing))) == "conflict"
    seen = body(new_browser.get("pairing", pairing=pairing))
    assert (seen["state"], seen["map"], seen["mac"]) == ("answered", b64(b"a map"), MAC)
    assert new_browser.post("pairing/countersign", signed).status_code == 200
    assert code(new_browser.post("pairing/countersign", signed)) == "conflict"
    assert body(old_browser.get("pairing", pairing=pairing))["countersign"] == SIGNATURE


def test_h16_dropped_by_either_it_holds_nothing(old_browser: Browser, new_browser: Browser, new: Pen) -> None:
    pairing = offer(new_browser, new)
    old_browser.post("pairing/take")
    old_browser.post("pairing/answer", answer(pairing))
    assert old_browser.post("pairing/drop", {"pairing": pairing}).status_code == 200
    seen = body(new_browser.get("pairing", pairing=pairing))
    assert (seen["state"], seen["map"], seen["sealed"]) == ("over", None, None)
    signed = {"pairing": pairing, "countersign": SIGNATURE}
    assert code(new_browser.post("pairing/countersign", signed)) == "conflict"


def test_offers_are_throttled(old_browser: Browser, new_browser: Browser, new: Pen) -> None:
    for _ in range(10):
        assert new_browser.post("pairing/offer", offered(new)).status_code == 200
    assert code(new_browser.post("pairing/offer", offered(new))) == "throttled"
