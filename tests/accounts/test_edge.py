"""What is refused before any view runs."""

import json

import pytest
from django.db import OperationalError

from accounts.models import Session
from tests.accounts.browser import ORIGIN, Browser, Response, body, code
from tests.cast import PASSWORD, Cast

MASS_ASSIGNED = [
    "is_staff",
    "is_superuser",
    "role",
    "team",
    "owner",
    "person",
    "sender",
    "seq",
    "created_at",
    "verified",
    "verified_at",
    "state",
    "id",
    "rpps",
    "stage",
]
SIGN_IN = {"email": "ines@tilleuls.example", "password": PASSWORD, "shared": False}


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "",
        "null",
        "http://localhost:8001",
        "https://localhost:8000",
        "http://localhost:8000.evil.example",
        "http://localhost:8000@evil.example",
        "http://localhost:8000/",
        "http://localhost:8000, http://evil.example",
        "HTTP://LOCALHOST:8000",
        "http://evil.example",
    ],
)
def test_h1_a_foreign_or_missing_origin_is_refused(origin: str | None, cast: Cast, visitor: Browser) -> None:
    assert code(visitor.post("sign-in", SIGN_IN, origin=origin)) == "bad_origin"
    assert not Session.objects.exists()


def test_a_referer_does_not_stand_in_for_an_origin(cast: Cast, visitor: Browser) -> None:
    assert code(visitor.post("sign-in", SIGN_IN, origin=None, Referer=ORIGIN + "/")) == "bad_origin"


@pytest.mark.parametrize(
    "sort",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "",
        "application/json; charset=utf-16",
    ],
)
def test_h3_another_content_type_is_refused(sort: str, cast: Cast, visitor: Browser) -> None:
    assert code(_raw(visitor, json.dumps(SIGN_IN).encode(), sort)) == "bad_request"


def test_h2_a_body_over_the_limit_is_refused_unread(cast: Cast, visitor: Browser) -> None:
    answer = _raw(visitor, b'{"email":"' + b"a" * 64 * 1024 + b'"}')
    assert (answer.status_code, code(answer)) == (413, "too_long")


def test_a_body_that_announces_less_than_it_is_does_not_pass(cast: Cast, visitor: Browser) -> None:
    answer = visitor.client.generic(
        "POST", "/api/sign-in", b"{" * 100, "application/json", headers={"Origin": ORIGIN}, CONTENT_LENGTH="2"
    )
    assert code(answer) == "bad_request"


@pytest.mark.parametrize("length", ["-1", "+5", "5 ", "0x10", "five"])
def test_a_length_that_is_no_number_is_refused(length: str, cast: Cast, visitor: Browser) -> None:
    answer = visitor.client.generic(
        "POST", "/api/sign-in", b"{}", "application/json", headers={"Origin": ORIGIN}, CONTENT_LENGTH=length
    )
    assert code(answer) == "bad_request"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        '"x"',
        "\x00",
        "NaN",
        "{}",
        '{"email":"a@b.example","password":"p"}',
        '{"email":"a@b.example","password":"p","shared":1}',
        '{"email":"a@b.example","password":"p","shared":"true"}',
        '{"email":["a@b.example"],"password":"p","shared":false}',
        '{"email":null,"password":"p","shared":false}',
        '{"email":"","password":"p","shared":false}',
        '{"email":"a@b.example","password":"","shared":false}',
        "[" * 5000,
        '{"email":"\\ud800","password":"p","shared":false}',
    ],
)
def test_h3_a_wrong_body_is_refused(text: str, cast: Cast, visitor: Browser) -> None:
    assert code(_raw(visitor, text.encode())) == "bad_request"


def test_bytes_that_are_no_utf8_are_refused(cast: Cast, visitor: Browser) -> None:
    assert code(_raw(visitor, b'{"email":"\xff\xfe","password":"p","shared":false}')) == "bad_request"


def test_a_password_over_the_limit_is_refused(cast: Cast, visitor: Browser) -> None:
    assert code(visitor.post("sign-in", {**SIGN_IN, "password": "a" * 257})) == "bad_request"


@pytest.mark.parametrize("field", MASS_ASSIGNED)
def test_h3_an_unknown_field_is_refused_not_ignored(field: str, cast: Cast, visitor: Browser) -> None:
    assert code(visitor.post("sign-in", {**SIGN_IN, field: True})) == "bad_request"


@pytest.mark.parametrize("method", ["put", "patch", "delete", "head", "options", "trace"])
def test_another_method_is_refused(method: str, cast: Cast, visitor: Browser) -> None:
    answer = getattr(visitor.client, method)("/api/sign-in", headers={"Origin": ORIGIN})
    assert answer.status_code == 405


def test_reading_is_no_way_to_write(cast: Cast, visitor: Browser) -> None:
    assert (
        code(visitor.get("sign-in", email="a@b.example", password="p", shared="true")) == "method_not_allowed"
    )
    assert code(visitor.post("session")) == "method_not_allowed"


def test_a_doubled_or_unknown_query_field_is_refused(cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.ines)
    for query in ("?q=a&q=b", "?q=a&limit=1000", "?Q=a"):
        assert code(visitor.client.get("/api/people" + query)) == "bad_request"


def test_every_answer_says_no_store(cast: Cast, visitor: Browser) -> None:
    for answer in (visitor.get("session"), visitor.get("people"), visitor.post("sign-in", {})):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Type"] == "application/json"


def test_a_busy_database_is_said_calmly(
    cast: Cast, visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("accounts.caller.visit_of", busy)
    answer = visitor.get("session")
    assert (answer.status_code, body(answer)) == (503, {"code": "unavailable", "retry_after": 2})


def _raw(visitor: Browser, content: bytes, sort: str = "application/json") -> Response:
    return visitor.client.generic("POST", "/api/sign-in", content, sort, headers={"Origin": ORIGIN})


@pytest.mark.parametrize(
    "path", ["/api/nothing", "/api/session/", "/api/../etc", "/nothing", "/admin/", "/api/people//"]
)
def test_what_is_no_route_answers_json(path: str, cast: Cast, visitor: Browser) -> None:
    answer = visitor.client.get(path)
    assert (answer.status_code, body(answer)) == (404, {"code": "not_found", "retry_after": None})


def test_a_fault_of_ours_says_nothing_of_itself(
    cast: Cast, visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: object, **__: object) -> None:
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr("accounts.caller.visit_of", fault)
    visitor.client.raise_request_exception = False
    answer = visitor.get("session")
    assert (answer.status_code, body(answer)) == (503, {"code": "unavailable", "retry_after": 2})
