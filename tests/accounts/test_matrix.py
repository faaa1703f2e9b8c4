"""Which route answers at which stage. A route that is not in the table fails the test."""

import pytest

from accounts import clock, urls
from accounts.edge import route_of
from accounts.models import Person, Session
from accounts.services.people import suspend
from tests.accounts.browser import Browser, Response, code
from tests.cast import Cast, make_person

EVERY = {"signed_out", "second_factor", "enrol_factor", "locked", "signed_in"}
SIGNED_IN = {"signed_in"}

OPEN_AT: dict[tuple[str, str], set[str]] = {
    ("GET", "session"): EVERY,
    ("POST", "sign-in"): EVERY,
    ("POST", "sign-in/code"): {"second_factor"},
    ("POST", "sign-in/printed"): {"second_factor"},
    ("POST", "sign-out"): EVERY,
    ("POST", "unlock"): {"locked", "signed_in"},
    ("POST", "passkey/ask"): {"second_factor", "locked", "signed_in"},
    ("POST", "sign-in/passkey"): {"second_factor"},
    ("POST", "unlock/passkey"): {"locked", "signed_in"},
    ("POST", "factor/fresh"): SIGNED_IN,
    ("POST", "factor/fresh/passkey"): SIGNED_IN,
    ("POST", "factor/passkey/begin"): {"enrol_factor", "signed_in"},
    ("POST", "factor/passkey/confirm"): {"enrol_factor", "signed_in"},
    ("POST", "factor/remove"): SIGNED_IN,
    ("GET", "factors"): SIGNED_IN,
    ("POST", "factor/totp/begin"): {"enrol_factor", "signed_in"},
    ("POST", "factor/totp/confirm"): {"enrol_factor", "signed_in"},
    ("POST", "invitation/look"): EVERY,
    ("POST", "invitation/accept"): EVERY,
    ("POST", "password/forgot"): EVERY,
    ("POST", "password/reset"): EVERY,
    ("GET", "people"): SIGNED_IN,
    ("GET", "people/<str:id>"): SIGNED_IN,
    ("POST", "vault/make"): SIGNED_IN,
    ("POST", "vault/open"): SIGNED_IN,
    ("POST", "session/challenge"): SIGNED_IN,
    ("POST", "session/device"): SIGNED_IN,
    ("POST", "keys/paper/remove"): SIGNED_IN,
    ("POST", "keys/paper/keep"): SIGNED_IN,
    ("GET", "devices"): SIGNED_IN,
    ("GET", "pairing"): SIGNED_IN,
    ("POST", "pairing/offer"): SIGNED_IN,
    ("POST", "pairing/take"): SIGNED_IN,
    ("POST", "pairing/answer"): SIGNED_IN,
    ("POST", "pairing/countersign"): SIGNED_IN,
    ("POST", "pairing/drop"): SIGNED_IN,
    ("POST", "keys/start"): SIGNED_IN,
    ("POST", "keys/append"): SIGNED_IN,
    ("GET", "keys/log"): SIGNED_IN,
    ("GET", "keys/mine"): SIGNED_IN,
}
# Of a signed-in browser that is not yet a device.
NEEDS_A_DEVICE = {"devices", "pairing/take"}
REFUSAL = {
    "signed_out": "signed_out",
    "second_factor": "second_factor_needed",
    "enrol_factor": "second_factor_needed",
    "locked": "locked",
    "signed_in": "not_allowed",
}


def test_h5_every_route_has_a_row() -> None:
    routes = {(route_of(view.callback).method, str(view.pattern)) for view in urls.urlpatterns}
    assert routes == set(OPEN_AT)


@pytest.mark.parametrize("stage", sorted(EVERY))
def test_h4_a_route_answers_at_its_stages_only(stage: str, cast: Cast) -> None:
    for (method, path), stages in OPEN_AT.items():
        answer = _ask(_at(stage, cast), method, path)
        if stage not in stages:
            assert code(answer) == REFUSAL[stage], (path, stage)
        elif stage == "signed_in" and path in NEEDS_A_DEVICE:
            assert code(answer) == "not_allowed", path
        else:
            assert _refusal(answer) not in {"signed_out", "locked", "second_factor_needed", "not_allowed"}, (
                path
            )


def test_h4_a_session_that_is_over_is_signed_out_everywhere(cast: Cast) -> None:
    ended, old, suspended = (Browser().sign_in(who) for who in (cast.ines, cast.anne_lise, cast.gaetan))
    Session.objects.filter(person=cast.ines).update(ended_at=clock.now())
    Session.objects.filter(person=cast.anne_lise).update(created_at=clock.ago(12 * 3600))
    suspend(cast.gaetan)
    for (method, path), stages in OPEN_AT.items():
        if stages == EVERY:
            continue
        for visitor in (ended, old, suspended):
            assert code(_ask(visitor, method, path)) == "signed_out"


def _ask(visitor: Browser, method: str, path: str) -> Response:
    concrete = path.replace("<str:id>", "0" * 32)
    return visitor.get(concrete) if method == "GET" else visitor.post(concrete, {})


def _refusal(answer: Response) -> str | None:
    return code(answer) if answer.status_code >= 400 else None


def _at(stage: str, cast: Cast) -> Browser:
    visitor = Browser()
    if stage == "second_factor":
        visitor.give_password(cast.ines)
    elif stage == "enrol_factor":
        visitor.give_password(_newcomer(cast))
    elif stage in ("signed_in", "locked"):
        visitor.sign_in(cast.ines)
    if stage == "locked":
        Session.objects.filter(ended_at=None).update(last_seen_at=clock.ago(3600))
    assert visitor.stage() == stage
    return visitor


def _newcomer(cast: Cast) -> Person:
    known = Person.objects.filter(email="new@tilleuls.example").first()
    return known or make_person(cast.tilleuls, "new", "Nour", "NOUVELLE", "60", factor=False)
