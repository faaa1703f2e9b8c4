"""Passkeys, with an authenticator in software that can be told to lie. Refusals come first."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.core import mail
from django.db import connection

from accounts import clock
from accounts.background import settle
from accounts.models import Passkey, Person, Revocation, Session, TotpFactor
from tests.accounts.authenticator import PRESENT, VERIFIED, Authenticator
from tests.accounts.browser import Browser, Response, body, code, stage
from tests.accounts.conftest import Limits
from tests.cast import Cast, make_person, unused_code

MANY = (1000, 1.0)
NOT_COUNTING = -1  # so that it says 0, as synchronised ones do


@pytest.fixture
def key(cast: Cast) -> Authenticator:
    """Inès has one, besides her application of codes."""
    return _add(Browser().sign_in(cast.ines))


@pytest.fixture
def asked(cast: Cast, key: Authenticator, visitor: Browser) -> Any:
    """The question put to a visitor who has given Inès' password."""
    visitor.give_password(cast.ines)
    return body(visitor.post("passkey/ask"))


# --- refused: what an authenticator says ------------------------------------------------------------

LIES: dict[str, dict[str, Any]] = {
    "another origin": {"origin": "https://colloque.evil.example"},
    "a subdomain's origin": {"origin": "http://admin.localhost:8000"},
    "another host": {"host": "evil.example"},
    "nobody touched it": {"flags": VERIFIED},
    "its owner was not recognised": {"flags": PRESENT},
    "another key": {"key": ec.generate_private_key(ec.SECP256R1())},
    "an unknown credential": {"id": b"n" * 32},
}


@pytest.mark.parametrize("lie", sorted(LIES))
def test_h19_a_passkey_that_says_something_else_is_refused(
    lie: str, key: Authenticator, visitor: Browser, asked: Any
) -> None:
    liar = replace(key, **LIES[lie])
    assert code(visitor.post("sign-in/passkey", liar.sign(asked))) == "bad_passkey"
    assert visitor.stage() == "second_factor"


@pytest.mark.parametrize("lie", sorted(set(LIES) - {"another key", "an unknown credential"}))
def test_a_new_passkey_that_says_something_else_is_refused(lie: str, cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.ines)
    offer = body(visitor.post("factor/passkey/begin"))
    liar = Authenticator(**LIES[lie])
    assert code(visitor.post("factor/passkey/confirm", liar.make(offer))) == "bad_passkey"
    assert not Passkey.objects.exists()


@pytest.mark.parametrize("name", ["client_data", "authenticator_data", "signature"])
def test_what_cannot_be_read_is_refused_calmly(
    name: str, key: Authenticator, visitor: Browser, asked: Any
) -> None:
    answer = {**key.sign(asked), name: "AAAA"}
    assert code(visitor.post("sign-in/passkey", answer)) == "bad_passkey"


@pytest.mark.parametrize("name", ["client_data", "attestation"])
def test_what_cannot_be_read_of_a_new_one_is_refused_calmly(name: str, cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.ines)
    made = Authenticator().make(body(visitor.post("factor/passkey/begin")))
    assert code(visitor.post("factor/passkey/confirm", {**made, name: "AAAA"})) == "bad_passkey"


def test_h19_an_answer_is_not_taken_twice(
    cast: Cast, key: Authenticator, visitor: Browser, asked: Any
) -> None:
    key.count = NOT_COUNTING
    answer = key.sign(asked)
    assert stage(visitor.post("sign-in/passkey", answer)) == "signed_in"
    assert code(visitor.post("factor/fresh/passkey", answer)) == "bad_passkey"


def test_a_challenge_is_spent_by_a_wrong_answer_too(key: Authenticator, visitor: Browser, asked: Any) -> None:
    visitor.post("sign-in/passkey", replace(key, host="evil.example").sign(asked))
    assert code(visitor.post("sign-in/passkey", key.sign(asked))) == "bad_passkey"


def test_only_the_last_challenge_counts(key: Authenticator, visitor: Browser, asked: Any) -> None:
    visitor.post("passkey/ask")
    assert code(visitor.post("sign-in/passkey", key.sign(asked))) == "bad_passkey"


def test_a_challenge_lives_two_minutes(key: Authenticator, visitor: Browser, asked: Any) -> None:
    Session.objects.exclude(passkey_challenge=None).update(passkey_challenge_at=clock.ago(120))
    assert code(visitor.post("sign-in/passkey", key.sign(asked))) == "bad_passkey"


def test_a_challenge_of_another_session_is_refused(
    cast: Cast, key: Authenticator, visitor: Browser, asked: Any
) -> None:
    other = Browser()
    other.give_password(cast.ines)
    other.post("passkey/ask")
    assert code(other.post("sign-in/passkey", key.sign(asked))) == "bad_passkey"


def test_the_challenge_for_a_device_is_none_for_a_passkey(
    cast: Cast, key: Authenticator, visitor: Browser
) -> None:
    visitor.sign_in(cast.ines)
    given = body(visitor.post("session/challenge"))
    assert code(visitor.post("factor/fresh/passkey", key.sign(given))) == "bad_passkey"


def test_somebody_elses_passkey_is_refused(cast: Cast, key: Authenticator) -> None:
    theirs = _add(Browser().sign_in(cast.anne_lise))
    visitor = Browser()
    visitor.give_password(cast.ines)
    question = body(visitor.post("passkey/ask"))
    assert code(visitor.post("sign-in/passkey", theirs.sign(question))) == "bad_passkey"


def test_h19_a_count_that_goes_back_is_refused(cast: Cast, key: Authenticator, visitor: Browser) -> None:
    copy = replace(key)
    _enter(visitor, cast.ines, key)
    again = Browser()
    again.give_password(cast.ines)
    question = body(again.post("passkey/ask"))
    assert code(again.post("sign-in/passkey", copy.sign(question))) == "bad_passkey"
    assert Passkey.objects.get().sign_count == 1


def test_a_credential_known_to_somebody_else_is_not_added(cast: Cast, key: Authenticator) -> None:
    visitor = Browser().sign_in(cast.anne_lise)
    made = key.make(body(visitor.post("factor/passkey/begin")))
    assert code(visitor.post("factor/passkey/confirm", made)) == "bad_passkey"
    assert Passkey.objects.get().user == cast.ines


def test_who_has_no_passkey_is_not_asked_for_one(cast: Cast, visitor: Browser) -> None:
    visitor.give_password(cast.ines)
    assert code(visitor.post("passkey/ask")) == "not_found"


# --- refused: stage, freshness, number of tries -----------------------------------------------------


def test_a_password_alone_adds_no_passkey(cast: Cast, visitor: Browser) -> None:
    visitor.give_password(cast.ines)
    assert code(visitor.post("factor/passkey/begin")) == "second_factor_needed"


@pytest.mark.parametrize("path", ["sign-in/passkey", "unlock/passkey"])
def test_a_password_alone_is_not_enough_for_a_passkeys_other_stages(
    path: str, cast: Cast, key: Authenticator, visitor: Browser
) -> None:
    made = key.sign({"challenge": "A" * 86})
    expected = "signed_out" if path == "sign-in/passkey" else "second_factor_needed"
    if path == "unlock/passkey":
        visitor.give_password(cast.ines)
    assert code(visitor.post(path, made)) == expected


def test_adding_and_removing_need_a_fresh_factor(cast: Cast, key: Authenticator) -> None:
    visitor = Browser().sign_in(cast.ines)
    offer = body(visitor.post("factor/passkey/begin"))
    Session.objects.update(fresh_factor_at=clock.ago(301))
    assert code(visitor.post("factor/passkey/begin")) == "fresh_factor_needed"
    assert code(visitor.post("factor/passkey/confirm", Authenticator().make(offer))) == "fresh_factor_needed"
    assert code(visitor.post("factor/totp/begin")) == "fresh_factor_needed"
    assert code(visitor.post("factor/remove", {"factor": "totp"})) == "fresh_factor_needed"
    assert len(_factors(visitor)) == 2


def test_a_session_that_enrols_late_finds_the_factor_of_another(cast: Cast) -> None:
    first, late = _newcomer(cast), Browser()
    late.give_password(Person.objects.get(email="new@tilleuls.example"))
    offer = body(late.post("factor/passkey/begin"))
    _add(first)
    answer = late.post("factor/passkey/confirm", Authenticator().make(offer))
    assert code(answer) == "signed_out"  # the first factor ends what a password alone had opened
    assert Passkey.objects.count() == 1


def test_the_last_factor_stays(cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.ines)
    assert code(visitor.post("factor/remove", {"factor": "totp"})) == "last_factor"
    assert TotpFactor.objects.filter(user=cast.ines).exists()
    settle()
    assert mail.outbox == []


@pytest.mark.parametrize("whose", ["nobody", "somebody else"])
def test_a_factor_of_nobody_or_of_somebody_else_is_not_removed(
    whose: str, cast: Cast, key: Authenticator
) -> None:
    theirs = Passkey.objects.get().credential_id_sha256 if whose == "somebody else" else "0" * 64
    visitor = Browser().sign_in(cast.anne_lise)
    assert code(visitor.post("factor/remove", {"factor": theirs})) == "not_found"
    assert Passkey.objects.exists()


def test_passkeys_have_a_number(cast: Cast, key: Authenticator, limits: Limits) -> None:
    limits(passkeys_person=1)
    visitor = Browser().sign_in(cast.ines)
    assert code(visitor.post("factor/passkey/begin")) == "too_many_factors"


def test_wrong_passkeys_are_counted_like_wrong_codes(
    cast: Cast, key: Authenticator, visitor: Browser, asked: Any, limits: Limits
) -> None:
    limits(code_account=(1, 7200))
    liar = replace(key, host="evil.example")
    assert code(visitor.post("sign-in/passkey", liar.sign(asked))) == "bad_passkey"
    question = body(visitor.post("passkey/ask"))
    assert code(visitor.post("sign-in/passkey", key.sign(question))) == "throttled"
    assert code(visitor.post("sign-in/code", {"code": unused_code(cast.ines)})) == "throttled"


@pytest.mark.parametrize("path", ["unlock/passkey", "factor/fresh/passkey"])
def test_wrong_passkeys_in_a_session_are_counted_too(
    path: str, cast: Cast, key: Authenticator, visitor: Browser, limits: Limits
) -> None:
    visitor.sign_in(cast.ines)
    limits(code_session=(1, 3600))
    liar = replace(key, host="evil.example")
    assert code(visitor.post(path, liar.sign(_question(visitor)))) == "bad_passkey"
    assert code(visitor.post(path, key.sign(_question(visitor)))) == "throttled"


# --- taken ------------------------------------------------------------------------------------------


def test_one_answer_sent_20_times_in_parallel_is_taken_once(
    cast: Cast, key: Authenticator, visitor: Browser, limits: Limits
) -> None:
    visitor.sign_in(cast.ines)
    limits(code_session=MANY)
    key.count = NOT_COUNTING
    answer = key.sign(_question(visitor))
    assert _parallel(visitor, "factor/fresh/passkey", answer) == 1


def test_one_new_passkey_sent_20_times_in_parallel_is_added_once(
    cast: Cast, visitor: Browser, limits: Limits
) -> None:
    visitor.sign_in(cast.ines)
    limits(code_session=MANY)
    made = Authenticator().make(body(visitor.post("factor/passkey/begin")))
    assert _parallel(visitor, "factor/passkey/confirm", made) == 1
    assert Passkey.objects.count() == 1


def test_the_first_passkey_signs_in_and_brings_printed_codes(cast: Cast) -> None:
    visitor = _newcomer(cast)
    before = visitor.token
    offer = body(visitor.post("factor/passkey/begin"))
    assert (offer["host"], offer["name"]) == ("localhost", "new@tilleuls.example")
    assert offer["display_name"] == "Nour NOUVELLE"
    answer = visitor.post("factor/passkey/confirm", Authenticator().make(offer))
    assert len(body(answer)["printed_codes"]) == 10
    assert visitor.stage() == "signed_in"
    assert visitor.token != before
    settle()
    assert [letter.subject for letter in mail.outbox] == ["Votre second facteur Colloque a changé"]


def test_a_second_authenticator_leaves_the_printed_codes(cast: Cast) -> None:
    visitor = _newcomer(cast)
    _add(visitor)
    offer = body(visitor.post("factor/passkey/begin"))
    assert len(offer["known"]) == 1  # so that the same authenticator does not offer itself again
    answer = visitor.post("factor/passkey/confirm", Authenticator().make(offer))
    assert body(answer)["printed_codes"] == []
    assert body(visitor.get("factors"))["printed_left"] == 10


def test_a_passkey_signs_in(cast: Cast, key: Authenticator, visitor: Browser) -> None:
    assert body(visitor.give_password(cast.ines))["factors"] == ["passkey", "totp"]
    before = visitor.token
    question = body(visitor.post("passkey/ask"))
    assert [known["transports"] for known in question["known"]] == [["internal", "hybrid"]]
    assert stage(visitor.post("sign-in/passkey", key.sign(question))) == "signed_in"
    assert visitor.token != before
    assert Passkey.objects.get().sign_count == 1


def test_an_authenticator_that_does_not_count_is_taken(cast: Cast, visitor: Browser) -> None:
    key = _add(Browser().sign_in(cast.ines))
    for _ in range(2):
        key.count = NOT_COUNTING
        _enter(Browser(), cast.ines, key)


def test_h19_a_touch_unlocks(cast: Cast, key: Authenticator, visitor: Browser) -> None:
    _enter(visitor, cast.ines, key)
    Session.objects.update(last_seen_at=clock.ago(3600))
    assert visitor.stage() == "locked"
    before = visitor.token
    assert stage(visitor.post("unlock/passkey", key.sign(_question(visitor)))) == "signed_in"
    assert visitor.token != before


def test_a_touch_is_fresh(cast: Cast, key: Authenticator, visitor: Browser) -> None:
    visitor.sign_in(cast.ines)
    Session.objects.update(fresh_factor_at=clock.ago(301))
    assert visitor.post("factor/fresh/passkey", key.sign(_question(visitor))).status_code == 200
    assert visitor.post("factor/passkey/begin").status_code == 200


def test_who_tries_elsewhere_cannot_keep_a_touch_out(
    cast: Cast, key: Authenticator, visitor: Browser, limits: Limits
) -> None:
    _enter(visitor, cast.ines, key)
    limits(code_account=(1, 7200))
    thief = Browser()
    thief.give_password(cast.ines)
    for _ in range(3):
        thief.post("sign-in/passkey", replace(key, host="evil.example").sign({"challenge": "A" * 86}))
    Session.objects.exclude(verified_at=None).update(last_seen_at=clock.ago(3600))
    assert stage(visitor.post("unlock/passkey", key.sign(_question(visitor)))) == "signed_in"


def test_h19_a_removed_passkey_ends_what_rested_on_it_and_nothing_else(
    cast: Cast, key: Authenticator, visitor: Browser
) -> None:
    visitor.sign_in(cast.ines)
    by_touch = _enter(Browser(), cast.ines, key)
    by_code = Browser().sign_in(cast.ines)
    last = Revocation.objects.count()
    removed = _factors(visitor)[0]["id"]
    assert visitor.post("factor/remove", {"factor": removed}).status_code == 200
    assert (visitor.stage(), by_code.stage(), by_touch.stage()) == ("signed_in", "signed_in", "signed_out")
    # That of the browser where it was added rests on it too.
    assert [revocation.what for revocation in Revocation.objects.order_by("n")[last:]] == ["session"] * 2
    settle()
    assert mail.outbox[-1].subject == "Un second facteur a été retiré de votre compte Colloque"
    again = Browser()
    again.give_password(cast.ines)
    assert code(again.post("passkey/ask")) == "not_found"


def test_removed_codes_end_what_rested_on_them(cast: Cast, key: Authenticator, visitor: Browser) -> None:
    _enter(visitor, cast.ines, key)
    by_code = Browser().sign_in(cast.ines)
    assert visitor.post("factor/remove", {"factor": "totp"}).status_code == 200
    assert (visitor.stage(), by_code.stage()) == ("signed_in", "signed_out")
    assert body(visitor.get("session"))["factors"] == ["passkey"]
    assert code(visitor.post("factor/remove", {"factor": _factors(visitor)[0]["id"]})) == "last_factor"


def test_the_list_says_what_helps_to_recognise_a_factor(
    cast: Cast, key: Authenticator, visitor: Browser
) -> None:
    _enter(visitor, cast.ines, key)
    passkey, totp = _factors(visitor)
    assert (passkey["sort"], passkey["browser"], passkey["platform"]) == ("passkey", "other", "other")
    assert passkey["used"] >= passkey["added"] > 0
    assert (totp["id"], totp["sort"], totp["browser"]) == ("totp", "totp", None)


def test_an_ended_session_keeps_no_challenge(cast: Cast, visitor: Browser, asked: Any) -> None:
    assert Session.objects.exclude(passkey_challenge=None).count() == 1
    visitor.post("sign-out")
    assert not Session.objects.exclude(passkey_challenge=None).exists()


# --- tools ------------------------------------------------------------------------------------------


def _add(visitor: Browser) -> Authenticator:
    key = Authenticator()
    answer = visitor.post("factor/passkey/confirm", key.make(body(visitor.post("factor/passkey/begin"))))
    assert answer.status_code == 200, answer.content
    return key


def _question(visitor: Browser) -> Any:
    return body(visitor.post("passkey/ask"))


def _enter(visitor: Browser, person: Person, key: Authenticator) -> Browser:
    visitor.give_password(person)
    assert stage(visitor.post("sign-in/passkey", key.sign(_question(visitor)))) == "signed_in"
    return visitor


def _factors(visitor: Browser) -> Any:
    return body(visitor.get("factors"))["factors"]


def _newcomer(cast: Cast) -> Browser:
    visitor = Browser()
    visitor.give_password(make_person(cast.tilleuls, "new", "Nour", "NOUVELLE", "60", factor=False))
    assert visitor.stage() == "enrol_factor"
    return visitor


def _parallel(visitor: Browser, path: str, sent: object) -> int:
    token = visitor.token
    assert token is not None

    def send(_: int) -> Response:
        one = Browser()
        one.token = token
        try:
            return one.post(path, sent)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(20)))
    return [answer.status_code for answer in answers].count(200)
