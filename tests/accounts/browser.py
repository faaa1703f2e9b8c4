"""A browser as the API sees it: cookies, an Origin, JSON."""

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from accounts.models import Person
from tests.cast import PASSWORD, unused_code

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

    Response = _MonkeyPatchedWSGIResponse
else:
    Response = HttpResponse

ORIGIN = "http://localhost:8000"


class Browser:
    def __init__(self, agent: str = "") -> None:
        self.client = Client(headers={"User-Agent": agent})

    def post(
        self, path: str, body: object = None, *, origin: str | None = ORIGIN, **headers: str
    ) -> Response:
        if origin is not None:
            headers["Origin"] = origin
        text = json.dumps({} if body is None else body)
        return self.client.post(f"/api/{path}", text, content_type="application/json", headers=headers)

    def get(self, path: str, **query: str) -> Response:
        return self.client.get(f"/api/{path}", query)

    @property
    def token(self) -> str | None:
        cookie = self.client.cookies.get(settings.SESSION_COOKIE_NAME)
        return cookie.value or None if cookie else None

    @token.setter
    def token(self, value: str) -> None:
        self.client.cookies[settings.SESSION_COOKIE_NAME] = value

    def give_password(self, person: Person, password: str = PASSWORD, *, shared: bool = False) -> Response:
        return self.post("sign-in", {"email": person.email, "password": password, "shared": shared})

    def sign_in(self, person: Person, *, shared: bool = False) -> "Browser":
        assert self.give_password(person, shared=shared).status_code == 200
        answer = self.post("sign-in/code", {"code": unused_code(person)})
        assert stage(answer) == "signed_in"
        return self

    def stage(self) -> str:
        return stage(self.get("session"))


def body(answer: Response) -> Any:
    return json.loads(answer.content)


def stage(answer: Response) -> str:
    assert answer.status_code == 200, answer.content
    return str(body(answer)["stage"])


def code(answer: Response) -> str:
    """The code of a refusal; an answer that is none fails the test."""
    assert answer.status_code >= 400, answer.content
    return str(body(answer)["code"])
