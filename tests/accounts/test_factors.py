import base64
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.db import OperationalError, connection

from accounts import clock
from accounts.background import settle
from accounts.errors import Refused
from accounts.limits import rate
from accounts.models import Bucket, Person, PrintedCode, Session, TotpFactor
from accounts.services.factors import give_fresh_factor
from accounts.services.printed import new_codes, replace_codes, spend_printed
from tests.accounts.browser import Browser, body, code, stage
from tests.accounts.conftest import Limits
from tests.cast import SEED, Cast, code_now, make_person, unused_code

TRIES = 50
MANY = (1000, 1.0)


def test_one_code_used_50_times_in_parallel_succeeds_once(cast: Cast, limits: Limits) -> None:
    limits(code_session=MANY)
    Browser().sign_in(cast.ines)
    session = Session.objects.select_related("person").get(ended_at=None)
    typed = unused_code(cast.ines)
    assert _successes(lambda: give_fresh_factor(session, typed)) == 1


def test_one_code_signs_one_of_50_browsers_in(cast: Cast, limits: Limits) -> None:
    limits(code_account=MANY, code_source=MANY, password_account=MANY, password_source=MANY)
    browsers = [Browser() for _ in range(TRIES)]
    for visitor in browsers:
        visitor.give_password(cast.ines)
    typed = unused_code(cast.ines)
    with ThreadPoolExecutor(16) as pool:
        answers = list(
            pool.map(
                lambda visitor: _closing(lambda: visitor.post("sign-in/code", {"code": typed})), browsers
            )
        )
    assert [answer.status_code for answer in answers].count(200) == 1
    assert [visitor.stage() for visitor in browsers].count("signed_in") == 1


def test_one_printed_code_used_50_times_in_parallel_succeeds_once(cast: Cast) -> None:
    codes = new_codes()
    replace_codes(cast.ines, codes)
    assert _successes(lambda: spend_printed(cast.ines, codes.plain[3])) == 1


def test_a_code_is_not_taken_again_in_its_own_or_the_next_step(cast: Cast, visitor: Browser) -> None:
    typed = unused_code(cast.ines)
    visitor.give_password(cast.ines)
    assert stage(visitor.post("sign-in/code", {"code": typed})) == "signed_in"
    again = Browser()
    again.give_password(cast.ines)
    assert code(again.post("sign-in/code", {"code": typed})) == "bad_code"


def test_an_earlier_code_is_not_taken_after_a_later_one(cast: Cast, visitor: Browser) -> None:
    earlier = code_now(steps=-1)
    visitor.sign_in(cast.ines)
    assert code(visitor.post("factor/fresh", {"code": earlier})) == "bad_code"


@pytest.mark.parametrize("steps", [-3, -2, 2, 3, 1000])
def test_a_code_of_another_time_is_refused(steps: int, cast: Cast, visitor: Browser) -> None:
    visitor.give_password(cast.ines)
    assert code(visitor.post("sign-in/code", {"code": code_now(steps=steps)})) == "bad_code"


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_one_step_off_is_taken(steps: int, cast: Cast, visitor: Browser) -> None:
    _away_from_the_edge_of_a_step()
    visitor.give_password(cast.ines)
    assert stage(visitor.post("sign-in/code", {"code": code_now(steps=steps)})) == "signed_in"


@pytest.mark.parametrize("typed", ["", " ", "00000", "0000000", "abcdef", "١٢٣٤٥٦", "123456'--"])
def test_what_is_no_code_is_refused(typed: str, cast: Cast, visitor: Browser) -> None:
    visitor.give_password(cast.ines)
    assert code(visitor.post("sign-in/code", {"code": typed})) in ("bad_code", "bad_request")


def test_somebody_elses_code_is_refused(cast: Cast, visitor: Browser) -> None:
    sealed = TotpFactor.objects.get(user=cast.zoe).key_sealed
    TotpFactor.objects.filter(user=cast.ines).update(key_sealed=sealed)  # a row moved in the database
    visitor.give_password(cast.ines)
    assert code(visitor.post("sign-in/code", {"code": code_now()})) == "unavailable"


def test_an_unconfirmed_factor_opens_nothing(cast: Cast, visitor: Browser) -> None:
    TotpFactor.objects.filter(user=cast.ines).update(confirmed=False)
    assert stage(visitor.give_password(cast.ines)) == "enrol_factor"
    assert code(visitor.post("sign-in/code", {"code": code_now()})) == "second_factor_needed"


def test_a_factor_taken_away_closes_the_open_session(cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.ines)
    TotpFactor.objects.filter(user=cast.ines).delete()
    assert code(visitor.get("people")) == "second_factor_needed"


def test_wrong_codes_in_a_row_back_off(cast: Cast, visitor: Browser) -> None:
    visitor.give_password(cast.ines)
    assert code(visitor.post("sign-in/code", {"code": "000000"})) == "bad_code"
    answer = visitor.post("sign-in/code", {"code": unused_but_backed_off(cast.ines)})
    assert code(answer) == "throttled"
    assert body(answer)["retry_after"] >= 1


def test_the_wait_after_wrong_codes_has_an_end(cast: Cast, visitor: Browser) -> None:
    visitor.give_password(cast.ines)
    TotpFactor.objects.update(throttling_failure_count=50, throttling_failure_timestamp=clock.now())
    answer = visitor.post("sign-in/code", {"code": unused_but_backed_off(cast.ines)})
    assert code(answer) == "throttled"
    assert 55 <= body(answer)["retry_after"] <= 60
    TotpFactor.objects.update(throttling_failure_timestamp=clock.ago(61))
    assert stage(visitor.post("sign-in/code", {"code": unused_but_backed_off(cast.ines)})) == "signed_in"


@pytest.mark.parametrize("path", ["sign-in/code", "sign-in/printed"])
def test_a_slowed_source_uses_no_try_of_the_account_up(
    path: str, cast: Cast, visitor: Browser, limits: Limits
) -> None:
    limits(code_source=(1, 3600), code_account=(2, 7200), printed_account=(2, 7200))
    visitor.give_password(cast.ines)
    for _ in range(4):
        visitor.post(path, {"code": "AA-AAAA-AAAA-AAAA-AAAA" if path.endswith("printed") else "000000"})
    left = Bucket.objects.get(rate="printed_account" if path.endswith("printed") else "code_account")
    assert left.tokens == pytest.approx(1, abs=0.1)


def test_twenty_wrong_codes_a_day_are_evaluated_at_most() -> None:
    account, session = rate("code_account"), rate("code_session")
    assert account.burst + 24 * 3600 / account.seconds_per_token <= 20
    assert session.burst + 12 * 3600 / session.seconds_per_token <= 20  # no session lives longer


def test_wrong_codes_are_counted_by_account_and_told(cast: Cast, limits: Limits) -> None:
    limits(code_account=(2, 7200))
    for _ in range(2):
        visitor = Browser()
        visitor.give_password(cast.ines)
        TotpFactor.objects.update(throttling_failure_count=0)
        assert code(visitor.post("sign-in/code", {"code": "000000"})) == "bad_code"
    for _ in range(3):
        assert code(visitor.post("sign-in/code", {"code": unused_code(cast.ines)})) == "throttled"
    settle()
    assert [letter.subject for letter in mail.outbox] == ["Codes erronés sur votre compte Colloque"]
    assert mail.outbox[0].to == [cast.ines.email]


def test_who_tries_codes_elsewhere_cannot_keep_the_owner_out(
    cast: Cast, visitor: Browser, limits: Limits
) -> None:
    visitor.sign_in(cast.ines)
    limits(code_account=(1, 7200))
    thief = Browser()
    thief.give_password(cast.ines)
    for _ in range(3):
        thief.post("sign-in/code", {"code": "000000"})
    Session.objects.filter(verified_at__isnull=False).update(last_seen_at=clock.ago(3600))
    assert visitor.stage() == "locked"
    TotpFactor.objects.filter(user=cast.ines).update(last_step=-1)
    assert stage(visitor.post("unlock", {"code": code_now()})) == "signed_in"


def test_codes_in_a_session_are_counted_too(cast: Cast, visitor: Browser, limits: Limits) -> None:
    visitor.sign_in(cast.ines)
    limits(code_session=(2, 3600))
    for _ in range(2):
        assert code(visitor.post("factor/fresh", {"code": "000000"})) == "bad_code"
    assert code(visitor.post("factor/fresh", {"code": unused_code(cast.ines)})) == "throttled"
    assert visitor.stage() == "signed_in"


# --- printed codes ----------------------------------------------------------------------------------


def test_a_printed_code_signs_in_once_and_is_told(cast: Cast, visitor: Browser) -> None:
    codes = _printed(cast.ines)
    visitor.give_password(cast.ines)
    typed = codes[0].lower().replace("-", " ")
    assert stage(visitor.post("sign-in/printed", {"code": typed})) == "signed_in"
    again = Browser()
    again.give_password(cast.ines)
    assert code(again.post("sign-in/printed", {"code": codes[0]})) == "bad_code"
    settle()
    assert [letter.subject for letter in mail.outbox] == ["Un code imprimé vient de servir"]
    assert "Il vous en reste 9." in mail.outbox[0].body


def test_a_printed_code_of_somebody_else_is_refused(cast: Cast, visitor: Browser) -> None:
    codes = _printed(cast.anne_lise)
    _printed(cast.ines)
    visitor.give_password(cast.ines)
    assert code(visitor.post("sign-in/printed", {"code": codes[0]})) == "bad_code"


def test_printed_codes_are_slowed(cast: Cast, visitor: Browser, limits: Limits) -> None:
    limits(printed_account=(2, 3600))
    codes = _printed(cast.ines)
    visitor.give_password(cast.ines)
    for _ in range(2):
        assert code(visitor.post("sign-in/printed", {"code": "AA-AAAA-AAAA-AAAA-AAAA"})) == "bad_code"
    assert code(visitor.post("sign-in/printed", {"code": codes[0]})) == "throttled"


def test_printed_codes_have_80_bits_and_lie_hashed(cast: Cast) -> None:
    codes = _printed(cast.ines)
    assert len(set(codes)) == 10
    for plain in codes:
        secret = plain.replace("-", "")[2:]
        assert len(secret) * 5 >= 80
        row = PrintedCode.objects.get(person=cast.ines, selector=plain[:2])
        assert row.code_hash.startswith("$argon2id$")
        assert secret not in row.code_hash


def test_the_default_cost_of_a_printed_code_is_the_required_one() -> None:
    from project.limits import DEFAULTS

    assert (DEFAULTS["code_memory_kib"], DEFAULTS["code_passes"]) == (19 * 1024, 2)


def test_a_new_sheet_needs_a_fresh_factor_and_voids_the_old_one(cast: Cast, visitor: Browser) -> None:
    old = _printed(cast.ines)
    visitor.sign_in(cast.ines)
    Session.objects.update(fresh_factor_at=clock.ago(301))
    assert code(visitor.post("factor/printed/renew")) == "fresh_factor_needed"
    assert visitor.post("factor/fresh", {"code": unused_code(cast.ines)}).status_code == 200
    new = body(visitor.post("factor/printed/renew"))["printed_codes"]
    again = Browser()
    again.give_password(cast.ines)
    assert code(again.post("sign-in/printed", {"code": old[0]})) == "bad_code"
    assert stage(again.post("sign-in/printed", {"code": new[0]})) == "signed_in"
    settle()
    assert mail.outbox[0].subject == "Nouveaux codes à usage unique pour votre compte Colloque"


def test_a_new_sheet_ends_what_the_old_one_had_opened(cast: Cast, visitor: Browser) -> None:
    old = _printed(cast.ines)
    finder, elsewhere = Browser(), Browser().sign_in(cast.ines)
    finder.give_password(cast.ines)
    assert stage(finder.post("sign-in/printed", {"code": old[0]})) == "signed_in"
    visitor.give_password(cast.ines)
    visitor.post("sign-in/printed", {"code": old[1]})
    assert visitor.post("factor/printed/renew").status_code == 200
    assert [one.stage() for one in (finder, visitor, elsewhere)] == ["signed_out", "signed_in", "signed_in"]


def test_new_sheets_are_slowed(cast: Cast, visitor: Browser, limits: Limits) -> None:
    visitor.sign_in(cast.ines)
    limits(sheet_account=(1, 3600))
    assert visitor.post("factor/printed/renew").status_code == 200
    assert code(visitor.post("factor/printed/renew")) == "throttled"


# --- enrolment --------------------------------------------------------------------------------------


def test_enrolment_asks_for_a_code_of_the_new_seed(cast: Cast, visitor: Browser) -> None:
    _newcomer(cast, visitor)
    visitor.post("factor/totp/begin")
    assert code(visitor.post("factor/totp/confirm", {"code": code_now()})) == "bad_code"
    assert visitor.stage() == "enrol_factor"


def test_a_wrong_code_of_a_new_seed_costs_no_hash(
    cast: Cast, visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    monkeypatch.setattr("accounts.services.printed.hash_code", hashed.append)
    _newcomer(cast, visitor)
    visitor.post("factor/totp/begin")
    assert code(visitor.post("factor/totp/confirm", {"code": code_now()})) == "bad_code"
    assert hashed == []


def test_enrolment_without_a_beginning_is_refused(cast: Cast, visitor: Browser) -> None:
    _newcomer(cast, visitor)
    assert code(visitor.post("factor/totp/confirm", {"code": code_now()})) == "bad_code"


def test_enrolment_signs_in_and_gives_printed_codes_once(cast: Cast, visitor: Browser) -> None:
    _newcomer(cast, visitor)
    before = visitor.token
    answer = _enrol(visitor)
    assert len(answer["printed_codes"]) == 10
    assert visitor.stage() == "signed_in"
    assert visitor.token != before
    settle()
    assert [letter.subject for letter in mail.outbox] == ["Votre second facteur Colloque a changé"]


def test_the_offer_names_the_seed_in_both_ways(cast: Cast, visitor: Browser) -> None:
    _newcomer(cast, visitor)
    offer = body(visitor.post("factor/totp/begin"))
    parts = urlsplit(offer["uri"])
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert parse_qs(parts.query)["secret"] == [offer["secret"]]
    assert len(base64.b32decode(offer["secret"])) * 8 >= 160


def test_a_seed_lies_sealed(cast: Cast, visitor: Browser) -> None:
    _newcomer(cast, visitor)
    seed = base64.b32decode(body(visitor.post("factor/totp/begin"))["secret"])
    stored = bytes(TotpFactor.objects.get(confirmed=False).key_sealed)
    assert seed not in stored
    assert seed.hex().encode() not in stored


def test_over_an_existing_factor_a_fresh_one_is_asked_for(cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.ines)
    Session.objects.update(fresh_factor_at=clock.ago(301))
    assert code(visitor.post("factor/totp/begin")) == "fresh_factor_needed"
    assert code(visitor.post("factor/totp/confirm", {"code": code_now()})) == "fresh_factor_needed"
    assert visitor.post("factor/fresh", {"code": unused_code(cast.ines)}).status_code == 200
    other = Browser().sign_in(cast.ines)
    _enrol(visitor)
    assert visitor.stage() == "signed_in"
    assert other.stage() == "signed_out"
    assert TotpFactor.objects.filter(user=cast.ines).count() == 1


def test_a_password_only_session_cannot_enrol_over_a_factor(cast: Cast, visitor: Browser) -> None:
    visitor.give_password(cast.ines)
    assert code(visitor.post("factor/totp/begin")) == "second_factor_needed"


def test_two_browsers_that_enrol_leave_one_factor(cast: Cast, visitor: Browser) -> None:
    _newcomer(cast, visitor)
    other = Browser()
    other.give_password(Person.objects.get(email="new@tilleuls.example"))
    offer = body(visitor.post("factor/totp/begin"))
    other.post("factor/totp/begin")
    typed = code_now(base64.b32decode(offer["secret"]))
    assert code(visitor.post("factor/totp/confirm", {"code": typed})) == "bad_code"
    _enrol(other)
    assert visitor.stage() == "signed_out"
    assert TotpFactor.objects.filter(user__email="new@tilleuls.example").count() == 1


# --- tools ------------------------------------------------------------------------------------------


def _successes(act: Callable[[], object]) -> int:
    with ThreadPoolExecutor(16) as pool:
        return sum(pool.map(lambda _: _closing(lambda: _succeeds(act)), range(TRIES)))


def _succeeds(act: Callable[[], object]) -> bool:
    try:
        act()
    except (Refused, OperationalError):
        return False
    return True


def _closing(act: Callable[[], Any]) -> Any:
    try:
        return act()
    finally:
        connection.close()


def _newcomer(cast: Cast, visitor: Browser) -> None:
    visitor.give_password(make_person(cast.tilleuls, "new", "Nour", "NOUVELLE", "60", factor=False))


def _enrol(visitor: Browser) -> Any:
    offer = body(visitor.post("factor/totp/begin"))
    answer = visitor.post("factor/totp/confirm", {"code": code_now(base64.b32decode(offer["secret"]))})
    assert answer.status_code == 200, answer.content
    return body(answer)


def _printed(person: Person) -> tuple[str, ...]:
    codes = new_codes()
    replace_codes(person, codes)
    return codes.plain


def unused_but_backed_off(person: Person) -> str:
    TotpFactor.objects.filter(user=person).update(last_step=-1)
    return code_now(SEED)


def _away_from_the_edge_of_a_step() -> None:
    while time.time() % 30 > 27:
        time.sleep(0.2)
