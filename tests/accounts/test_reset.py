import re

from django.core import mail

from accounts import clock
from accounts.background import settle
from accounts.models import PasswordReset, Person
from accounts.services.people import suspend
from tests.accounts.browser import Browser, body, code, stage
from tests.accounts.conftest import Limits
from tests.cast import PASSWORD, Cast, make_person, unused_code

NEW = "Tout-autre.Phrase43"


def test_forgetting_answers_the_same_bytes_for_everybody(cast: Cast, visitor: Browser) -> None:
    emails = (
        cast.ines.email,
        cast.noel.email,
        "nobody@tilleuls.example",
        "no address",
        "a@b@tilleuls.example",
    )
    answers = {visitor.post("password/forgot", {"email": email}).content for email in emails}
    assert answers == {b"{}"}
    settle()
    assert [letter.to for letter in mail.outbox] == [[cast.ines.email]]


def test_the_answer_does_not_wait_for_the_account(cast: Cast, visitor: Browser) -> None:
    """The request's own thread asks nothing about the account: neither time nor queries tell."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        visitor.post("password/forgot", {"email": cast.ines.email})
    assert not [query for query in queries if "accounts_person" in query["sql"]]


def test_links_are_limited_silently(cast: Cast, visitor: Browser, limits: Limits) -> None:
    limits(reset_account=(2, 3600))
    answers = {visitor.post("password/forgot", {"email": cast.ines.email}).content for _ in range(4)}
    settle()
    assert answers == {b"{}"}
    assert len(mail.outbox) == 2


def test_asking_is_slowed_by_source(cast: Cast, visitor: Browser, limits: Limits) -> None:
    limits(link_source=(1, 60))
    visitor.post("password/forgot", {"email": "nobody@tilleuls.example"})
    assert code(visitor.post("password/forgot", {"email": cast.ines.email})) == "throttled"


def test_used_expired_and_unknown_links_answer_the_same(cast: Cast, visitor: Browser) -> None:
    used, expired = _link(cast.ines), _link(cast.anne_lise)
    assert visitor.post("password/reset", {"token": used, "password": NEW}).status_code == 200
    PasswordReset.objects.filter(person=cast.anne_lise).update(expires_at=clock.ago(0))
    answers = {
        Browser().post("password/reset", {"token": token, "password": NEW + "x"}).content
        for token in (used, expired, "A" * 43)
    }
    assert answers == {b'{"code":"link_invalid","retry_after":null}'}


def test_a_second_link_dies_with_the_first(cast: Cast, visitor: Browser) -> None:
    first, second = _link(cast.ines), _link(cast.ines)
    visitor.post("password/reset", {"token": second, "password": NEW})
    assert code(visitor.post("password/reset", {"token": first, "password": NEW})) == "link_invalid"


def test_a_suspended_person_resets_nothing(cast: Cast, visitor: Browser) -> None:
    token = _link(cast.ines)
    suspend(cast.ines)
    assert code(visitor.post("password/reset", {"token": token, "password": NEW})) == "link_invalid"


def test_a_weak_password_is_refused_and_the_link_stays(cast: Cast, visitor: Browser) -> None:
    token = _link(cast.ines)
    assert (
        code(visitor.post("password/reset", {"token": token, "password": "Factice-Modele42"}))
        == "weak_password"
    )
    assert stage(visitor.post("password/reset", {"token": token, "password": NEW})) == "second_factor"


def test_a_reset_keeps_the_second_factor(cast: Cast, visitor: Browser) -> None:
    answer = visitor.post("password/reset", {"token": _link(cast.ines), "password": NEW})
    assert stage(answer) == "second_factor"
    assert body(answer)["person"] is None
    assert code(visitor.get("people")) == "second_factor_needed"
    assert stage(visitor.post("sign-in/code", {"code": unused_code(cast.ines)})) == "signed_in"


def test_a_reset_ends_every_other_session(cast: Cast, visitor: Browser) -> None:
    before = Browser().sign_in(cast.ines)
    half = Browser()
    half.give_password(cast.ines)
    visitor.post("password/reset", {"token": _link(cast.ines), "password": NEW})
    assert {before.stage(), half.stage()} == {"signed_out"}


def test_a_reset_lets_in_whom_others_slowed(cast: Cast, visitor: Browser, limits: Limits) -> None:
    """Once a day: whoever reads the mails must not win codes to guess with every link."""
    limits(password_everywhere=(1, 3600), password_account=(1, 3600), code_account=(1, 7200))
    for round in ("signed_in", "throttled"):
        thief = Browser()
        thief.give_password(cast.ines, PASSWORD if round == "signed_in" else NEW)
        for _ in range(2):
            thief.post("sign-in/code", {"code": "000000"})
        Browser().give_password(cast.ines, "Autre-phrase.42")
        password = NEW if round == "signed_in" else NEW + "x"
        answer = visitor.post("password/reset", {"token": _link(cast.ines), "password": password})
        assert stage(answer) == "second_factor"
        assert stage(Browser().give_password(cast.ines, password)) == "second_factor"
        answer = visitor.post("sign-in/code", {"code": unused_code(cast.ines)})
        assert (code(answer) if round == "throttled" else stage(answer)) == round


def test_a_reset_touches_no_key(cast: Cast, visitor: Browser) -> None:
    Person.objects.filter(pk=cast.ines.pk).update(chain=b"c" * 32, key_head_n=2, key_head_hash=b"h" * 32)
    before = _keys(cast)
    visitor.post("password/reset", {"token": _link(cast.ines), "password": NEW})
    assert _keys(cast) == before


def test_only_the_new_password_works_afterwards(cast: Cast, visitor: Browser) -> None:
    visitor.post("password/reset", {"token": _link(cast.ines), "password": NEW})
    assert code(Browser().give_password(cast.ines, PASSWORD)) == "bad_credentials"
    assert stage(Browser().give_password(cast.ines, NEW)) == "second_factor"


def test_the_owner_is_told(cast: Cast, visitor: Browser) -> None:
    token = _link(cast.ines)
    mail.outbox.clear()
    visitor.post("password/reset", {"token": token, "password": NEW}, **{"Accept-Language": "en-GB,en;q=0.9"})
    settle()
    (letter,) = mail.outbox
    assert letter.subject == "Your Colloque password has changed"
    assert letter.to == [cast.ines.email]


def test_without_a_second_factor_a_reset_leads_to_its_enrolment(cast: Cast, visitor: Browser) -> None:
    person = make_person(cast.tilleuls, "new", "Nour", "NOUVELLE", "60", factor=False)
    assert stage(visitor.post("password/reset", {"token": _link(person), "password": NEW})) == "enrol_factor"


def _keys(cast: Cast) -> object:
    return Person.objects.values_list("chain", "key_head_n", "key_head_hash").get(pk=cast.ines.pk)


def _link(person: Person) -> str:
    Browser().post("password/forgot", {"email": person.email})
    settle()
    found = re.search(
        r"http://localhost:8000/#/reinitialiser/([A-Za-z0-9_-]{43})\s", str(mail.outbox[-1].body)
    )
    assert found
    return found.group(1)
