"""Who comes in. The administration has its own host, its own cookie and both factors on every page."""

import pytest
from django.conf import settings
from django.test import Client

from accounts import clock
from accounts.models import Action, Organisation, Person, Session
from accounts.services.people import suspend
from tests.accounts.browser import Browser
from tests.accounts.conftest import Limits
from tests.accounts.office import HOST, Office, addresses, promote, text
from tests.cast import PASSWORD, Cast, unused_code

OPEN = {"/login/"}


@pytest.fixture
def head(cast: Cast) -> Person:
    return promote(cast.ines, first=True)


def concrete(address: str, person: Person) -> str:
    filled = address.replace("<uuid:key>", str(person.pk)).replace("<str:key>", str(person.pk))
    return filled.replace("(?P<url>.*)$", "nowhere")


def is_sent_away(office: Office, address: str) -> bool:
    asked, sent = office.get(address), office.post(address, csrf=False)
    # Django sends whoever leaves without being in to the first page, which sends them on.
    away = "/" if address == "/logout/" else "/login/?next="
    return asked.status_code == 302 and asked["Location"].startswith(away) and sent.status_code in (302, 403)


def test_the_host_has_the_addresses_that_are_known(head: Person) -> None:
    """A new one is tried by every test of this file; it should be there on purpose."""
    lists = ("person", "organisation", "membership", "invitation", "device", "session", "action")
    fixed = {"/", "/login/", "/logout/", "/(?P<url>.*)$", "/messaging/conversation/"}
    person = (
        "suspendre",
        "retablir",
        "identite",
        "sessions",
        "rattacher",
        "depart",
        "administrateur",
        "retirer",
    )
    assert set(addresses()) == {
        *fixed,
        *(f"/accounts/{name}/" for name in lists),
        "/accounts/person/<uuid:key>/",
        *(f"/accounts/person/<str:key>/{slug}/" for slug in person),
        "/accounts/organisation/creer/",
        "/accounts/organisation/<str:key>/renommer/",
        "/accounts/membership/<str:key>/role/",
        "/accounts/membership/<str:key>/terminer/",
        "/accounts/invitation/inviter/",
        "/accounts/invitation/fichier/",
        "/accounts/device/<str:key>/couper/",
        "/accounts/session/<str:key>/terminer/",
    }


def test_a11_nobody_unknown_reaches_any_page(cast: Cast) -> None:
    for address in set(addresses()) - OPEN:
        assert is_sent_away(Office(), concrete(address, cast.gaetan)), address


@pytest.mark.parametrize(
    "who", ["colleague", "staff by the client's session", "half", "idle", "old", "demoted", "suspended"]
)
def test_a11_who_may_not_be_here_is_sent_away_everywhere(who: str, cast: Cast, head: Person) -> None:
    office = _somebody(who, cast, head)
    for address in set(addresses()) - OPEN:
        assert is_sent_away(office, concrete(address, cast.gaetan)), (who, address)
    assert Person.objects.get(pk=cast.gaetan.pk).is_active


def _somebody(who: str, cast: Cast, head: Person) -> Office:
    office = Office()
    if who == "colleague":
        office.token = Browser().sign_in(cast.anne_lise).token or ""
    elif who == "staff by the client's session":
        office.token = Browser().sign_in(head).token or ""
    elif who == "half":
        browser = Browser()
        browser.give_password(head)
        Session.objects.update(admin=True)
        office.token = browser.token or ""
    else:
        office.enter(head)
        _spoil(who, head)
    return office


def _spoil(how: str, person: Person) -> None:
    if how == "idle":
        Session.objects.update(last_seen_at=clock.ago(30 * 60))
    elif how == "old":
        Session.objects.update(created_at=clock.ago(8 * 3600))
    elif how == "demoted":
        Person.objects.filter(pk=person.pk).update(is_staff=False, is_superuser=False)
    elif how == "suspended":
        suspend(person)


def test_a_session_of_the_administration_opens_nothing_of_the_client(head: Person) -> None:
    office, browser = Office().enter(head), Browser()
    browser.token = office.token
    assert browser.stage() == "signed_out"


@pytest.mark.parametrize("wrong", ["address", "password", "code", "right"])
def test_a_wrong_password_a_wrong_code_and_no_right_to_be_here_read_alike(wrong: str, cast: Cast) -> None:
    who = cast.anne_lise if wrong == "right" else promote(cast.ines)
    answer = Office().knock(
        "nobody@tilleuls.example" if wrong == "address" else who.email,
        "Wrong-Horse.Battery9" if wrong == "password" else PASSWORD,
        "000000" if wrong == "code" else unused_code(who),
    )
    assert answer.status_code == 200
    assert "L’adresse, le mot de passe ou le code ne convient pas" in text(answer)
    assert settings.ADMIN_COOKIE_NAME not in answer.cookies
    assert not Session.objects.filter(ended_at=None).exists()
    assert not Action.objects.exists()


def test_a_password_never_comes_back_in_a_page(head: Person) -> None:
    for code in ("000000", ""):
        assert PASSWORD not in text(Office().knock(head.email, PASSWORD, code))


def test_guessing_is_slowed_like_everywhere(head: Person, limits: Limits) -> None:
    limits(password_account=(2, 3600.0))
    for _ in range(2):
        Office().knock(head.email, "Wrong-Horse.Battery9", "000000")
    assert "Trop d’essais" in text(Office().knock(head.email, PASSWORD, unused_code(head)))


def test_a_code_is_good_once_here_too(head: Person) -> None:
    code = unused_code(head)
    assert Office().knock(head.email, PASSWORD, code).status_code == 302
    assert Office().knock(head.email, PASSWORD, code).status_code == 200


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example", "https://evil.example", "http:evil.example", "\\\\evil.example", "/\\evil.example",
     "javascript:alert(1)", "///evil.example", "evil.example"],
)  # fmt: skip
def test_nobody_is_led_elsewhere_after_signing_in(wanted: str, head: Person) -> None:
    by_form = Office().knock(head.email, PASSWORD, unused_code(head), next=wanted)
    assert by_form["Location"] == "/"
    office = Office().enter(head)
    assert office.get("/login/", next=wanted)["Location"] == "/"


def test_one_is_led_back_to_where_one_wanted_to_go(head: Person) -> None:
    answer = Office().knock(head.email, PASSWORD, unused_code(head), next="/accounts/person/?q=a")
    assert answer["Location"] == "/accounts/person/?q=a"


def test_the_cookie_is_for_this_host_and_no_script(head: Person) -> None:
    cookie = Office().knock(head.email, PASSWORD, unused_code(head)).cookies[settings.ADMIN_COOKIE_NAME]
    assert (cookie["domain"], cookie["path"], cookie["samesite"]) == ("", "/", "Strict")
    assert cookie["httponly"] is True


def test_leaving_ends_the_session_and_only_by_a_form(head: Person) -> None:
    office = Office().enter(head)
    assert office.get("/logout/").status_code == 405
    assert office.get("/").status_code == 200
    token = office.token
    assert office.post("/logout/").status_code == 302
    again = Office()
    again.token = token
    assert is_sent_away(again, "/")
    assert list(Action.objects.order_by("pk").values_list("what", flat=True)) == ["signed_in", "signed_out"]


def test_a_form_without_its_token_changes_nothing(head: Person, cast: Cast) -> None:
    office = Office().enter(head)
    for path in (
        f"/accounts/person/{cast.gaetan.pk}/suspendre/",
        "/logout/",
        "/accounts/organisation/creer/",
    ):
        answer = office.post(path, {"name": "Nouvelle"}, csrf=False)
        assert answer.status_code == 403, path
    assert Person.objects.get(pk=cast.gaetan.pk).is_active
    assert office.get("/").status_code == 200
    assert Organisation.objects.count() == 2


@pytest.mark.parametrize(
    "path", ["/api/session", "/api/people", "/health/ready", "/metrics", "/index.html", "/assets/x.js", "/ws"]
)
def test_this_host_serves_nothing_else(path: str, head: Person) -> None:
    assert Office().enter(head).get(path).status_code == 404
    assert Office().get(path)["Location"].startswith("/login/")


@pytest.mark.parametrize(
    "path",
    ["/login/", "/accounts/person/", "/admin/", "/admin/login/", "/static/administration/administration.css"],
)
def test_the_client_s_host_serves_nothing_of_this(path: str, head: Person) -> None:
    client = Client(HTTP_HOST="localhost:8000")
    client.cookies[settings.ADMIN_COOKIE_NAME] = Office().enter(head).token
    assert client.get(path).status_code == 404


def test_pages_run_no_script_and_are_kept_nowhere(head: Person) -> None:
    office = Office().enter(head)
    for path in ("/", "/login/?next=/", "/nowhere", "/accounts/person/"):
        answer = office.get(path)
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "script-src" not in policy
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Frame-Options"] == "DENY"
    assert "<script" not in text(office.get("/"))
    assert HOST not in settings.ALLOWED_ORIGINS
