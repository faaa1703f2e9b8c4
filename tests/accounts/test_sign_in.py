import statistics
import time

import pytest

from accounts.models import Person, Session
from tests.accounts.browser import Browser, Response, body, code, stage
from tests.accounts.conftest import Limits
from tests.cast import PASSWORD, Cast, code_now, unused_code

WRONG = {"password": "Autre-phrase.42", "shared": False}


def test_wrong_unknown_and_suspended_answer_the_same_bytes(cast: Cast) -> None:
    answers = {
        Browser().post("sign-in", {"email": email, "password": password, "shared": False}).content
        for email, password in [
            (cast.ines.email, WRONG["password"]),
            ("nobody@tilleuls.example", PASSWORD),
            ("no address", PASSWORD),
            (cast.noel.email, PASSWORD),
            (cast.ines.email + ".evil.example", PASSWORD),
        ]
    }
    assert answers == {b'{"code":"bad_credentials","retry_after":null}'}


def test_an_unknown_address_costs_a_hash_too(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from accounts.hashers import AccountArgon2

    hashed: list[str] = []
    real = AccountArgon2.encode

    def counted(self: AccountArgon2, password: str, salt: str) -> str:
        hashed.append(password)
        return str(real(self, password, salt))

    monkeypatch.setattr(AccountArgon2, "encode", counted)
    Browser().post("sign-in", {"email": "nobody@tilleuls.example", "password": PASSWORD, "shared": False})
    assert hashed == [PASSWORD]


def test_the_address_may_be_typed_in_any_case(cast: Cast) -> None:
    answer = Browser().post(
        "sign-in", {"email": cast.ines.email.upper(), "password": PASSWORD, "shared": False}
    )
    assert stage(answer) == "second_factor"


def test_a_password_alone_shows_no_name(cast: Cast, visitor: Browser) -> None:
    answer = body(visitor.give_password(cast.ines))
    assert answer["stage"] == "second_factor"
    assert answer["person"] is answer["organisation"] is None
    assert body(visitor.get("session"))["person"] is None


def test_both_factors_sign_in(cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.ines)
    answer = body(visitor.get("session"))
    assert answer["stage"] == "signed_in"
    assert answer["person"] == {
        "id": cast.ines.pk.hex,
        "given": "Inès",
        "family": "FACTICE-MODELE",
        "profession": "Infirmier",
        "place": "12 rue des Tilleuls, Bourg-en-Bresse",
        "rpps": "99700900022",
        "professional": True,
        "chain": None,
        "key_head": None,
    }
    assert answer["organisation"] == {"id": cast.tilleuls.pk.hex, "name": "MSP des Tilleuls"}
    assert answer["protocol"] == 1


def test_the_token_changes_at_password_and_at_factor(cast: Cast, visitor: Browser) -> None:
    """A token planted before sign-in, or seen at a step before, opens nothing afterwards."""
    visitor.token = "planted-by-somebody-else"
    visitor.give_password(cast.ines)
    after_password = visitor.token
    visitor.post("sign-in/code", {"code": unused_code(cast.ines)})
    after_factor = visitor.token
    assert len({"planted-by-somebody-else", after_password, after_factor}) == 3
    for old in ("planted-by-somebody-else", after_password):
        thief = Browser()
        thief.token = str(old)
        assert thief.stage() == "signed_out"


def test_the_database_holds_no_token(cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.ines)
    token = str(visitor.token).encode()
    stored = b"".join(bytes(row.token_hash) for row in Session.objects.all())
    assert token not in stored


def test_a_second_sign_in_ends_what_the_browser_had(cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.ines)
    old = Browser()
    old.token = str(visitor.token)
    visitor.give_password(cast.anne_lise)
    assert old.stage() == "signed_out"


def test_sign_out_ends_the_session_and_takes_the_cookie(cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.ines)
    thief = Browser()
    thief.token = str(visitor.token)
    answer = visitor.post("sign-out")
    assert stage(answer) == "signed_out"
    assert not visitor.token
    assert thief.stage() == "signed_out"
    assert stage(visitor.post("sign-out")) == "signed_out"


def test_the_cookie_is_closed_to_scripts_and_other_sites(cast: Cast, visitor: Browser) -> None:
    cookie = visitor.give_password(cast.ines).cookies["colloque"]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Strict"
    assert cookie["path"] == "/"
    assert cookie["max-age"] == 12 * 3600


def test_on_a_shared_workstation_the_cookie_goes_with_the_browser(cast: Cast, visitor: Browser) -> None:
    cookie = visitor.give_password(cast.ines, shared=True).cookies["colloque"]
    assert cookie["max-age"] == ""


def test_passwords_are_slowed_by_account_from_everywhere(cast: Cast, limits: Limits) -> None:
    limits(password_everywhere=(3, 60))
    for number in range(3):
        assert code(_from(f"203.0.113.{number}", cast.ines, str(WRONG["password"]))) == "bad_credentials"
    answer = Browser().give_password(cast.ines)
    assert code(answer) == "throttled"
    assert 0 < body(answer)["retry_after"] <= 60
    assert answer.headers["Retry-After"] == str(body(answer)["retry_after"])
    assert stage(Browser().give_password(cast.anne_lise)) == "second_factor"


def test_who_guesses_elsewhere_keeps_nobody_out(cast: Cast, limits: Limits) -> None:
    limits(password_account=(2, 3600))
    for _ in range(4):
        _from("203.0.113.9", cast.ines, str(WRONG["password"]))
    assert code(_from("203.0.113.9", cast.ines)) == "throttled"
    assert stage(Browser().give_password(cast.ines)) == "second_factor"


def test_an_unknown_account_is_slowed_alike(cast: Cast, limits: Limits) -> None:
    limits(password_account=(1, 60))
    known, unknown = (
        [Browser().post("sign-in", {"email": email, **WRONG}).content for _ in range(2)]
        for email in (cast.ines.email, "nobody@tilleuls.example")
    )
    assert known == unknown


def test_passwords_are_slowed_by_source(cast: Cast, limits: Limits) -> None:
    limits(password_source=(2, 60))
    for number in range(2):
        Browser().post("sign-in", {"email": f"guess{number}@tilleuls.example", **WRONG})
    assert code(Browser().give_password(cast.ines)) == "throttled"
    assert stage(_from("203.0.113.9", cast.ines)) == "second_factor"


def test_a_forwarded_address_counts_only_behind_our_proxy(
    cast: Cast, limits: Limits, settings: object
) -> None:
    limits(password_source=(1, 60))
    forged = {"X-Forwarded-For": "198.51.100.1"}
    Browser().post("sign-in", {"email": "a@tilleuls.example", **WRONG}, **forged)
    forged = {"X-Forwarded-For": "198.51.100.2"}
    assert code(Browser().post("sign-in", {"email": "b@tilleuls.example", **WRONG}, **forged)) == "throttled"
    settings.TRUSTED_PROXIES = 1  # type: ignore[attr-defined]
    forged = {"X-Forwarded-For": "198.51.100.3, 198.51.100.4"}
    assert (
        code(Browser().post("sign-in", {"email": "b@tilleuls.example", **WRONG}, **forged))
        == "bad_credentials"
    )
    forged = {"X-Forwarded-For": "198.51.100.9, 198.51.100.4"}
    assert code(Browser().post("sign-in", {"email": "b@tilleuls.example", **WRONG}, **forged)) == "throttled"


def test_success_uses_no_bucket_up(cast: Cast, limits: Limits) -> None:
    limits(
        password_account=(1, 3600), password_source=(1, 3600), code_account=(1, 3600), code_source=(1, 3600)
    )
    for _ in range(3):
        Browser().sign_in(cast.ines)


def test_throttling_never_touches_an_open_session(cast: Cast, visitor: Browser, limits: Limits) -> None:
    visitor.sign_in(cast.ines)
    limits(password_account=(1, 3600), code_account=(1, 3600))
    for _ in range(3):
        Browser().post("sign-in", {"email": cast.ines.email, **WRONG})
    assert visitor.stage() == "signed_in"
    assert visitor.get("people").status_code == 200


def test_a_changed_cost_is_taken_up_at_the_next_sign_in(cast: Cast, limits: Limits) -> None:
    before = Person.objects.get(pk=cast.ines.pk).password
    limits(password_memory_kib=128)
    Browser().give_password(cast.ines)
    after = Person.objects.get(pk=cast.ines.pk).password
    assert before != after
    assert "m=128" in after
    assert after.startswith("argon2$argon2id$")


def test_a_code_is_not_asked_for_without_the_password(cast: Cast, visitor: Browser) -> None:
    assert code(visitor.post("sign-in/code", {"code": code_now()})) == "signed_out"


def _from(address: str, person: Person, password: str = PASSWORD) -> Response:
    visitor = Browser()
    visitor.client.defaults["REMOTE_ADDR"] = address
    return visitor.give_password(person, password)


def test_time_does_not_tell_who_has_an_account(cast: Cast, limits: Limits) -> None:
    """Asked in turns, as a ratio, so that a busy machine slows both alike; no hash would be tenfold."""
    limits(password_account=(1000, 1.0), password_source=(1000, 1.0), password_memory_kib=32 * 1024)
    cast.ines.set_password(PASSWORD)
    cast.ines.save()
    spent: dict[str, list[float]] = {cast.ines.email: [], "nobody@tilleuls.example": []}
    visitor = Browser()
    for _ in range(30):
        for email, times in spent.items():
            begun = time.perf_counter()
            visitor.post("sign-in", {"email": email, **WRONG})
            times.append(time.perf_counter() - begun)
    known, unknown = (statistics.median(times) for times in spent.values())
    assert max(known, unknown) < 1.5 * min(known, unknown)
