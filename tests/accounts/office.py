"""A browser at the administration's host, as Django's own checks of forms see it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts import clock
from accounts.models import Person, Session
from tests.accounts.browser import Response
from tests.cast import PASSWORD, unused_code

HOST = "admin.localhost:8000"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Office:
    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True, HTTP_HOST=HOST)

    def get(self, path: str, **query: str) -> Response:
        return self.client.get(path, query)

    def post(self, path: str, given: Mapping[str, Any] | None = None, *, csrf: bool = True) -> Response:
        token = {"csrfmiddlewaretoken": self._token()} if csrf else {}
        return self.client.post(path, {**token, **(given or {})})

    def enter(self, person: Person, password: str = PASSWORD) -> "Office":
        answer = self.knock(person.email, password, unused_code(person))
        assert answer.status_code == 302, text(answer)
        return self

    def knock(self, email: str, password: str, code: str, **more: str) -> Response:
        return self.post("/login/", {"email": email, "password": password, "code": code, **more})

    def act(self, path: str, given: Mapping[str, Any] | None = None) -> Response:
        return self.post(path, given)

    @property
    def token(self) -> str:
        return self.client.cookies[settings.ADMIN_COOKIE_NAME].value

    @token.setter
    def token(self, value: str) -> None:
        self.client.cookies[settings.ADMIN_COOKIE_NAME] = value

    def _token(self) -> str:
        found = _TOKEN.search(text(self.client.get("/login/"))) or _TOKEN.search(text(self.client.get("/")))
        assert found, "no page gave a token"
        return found.group(1)


def promote(person: Person, *, first: bool = False) -> Person:
    Person.objects.filter(pk=person.pk).update(is_staff=True, is_superuser=first)
    person.refresh_from_db()
    return person


def go_stale() -> None:
    """As if the last code had been given six minutes ago."""
    Session.objects.update(fresh_factor_at=clock.ago(6 * 60))


def text(answer: HttpResponse | Response) -> str:
    return answer.content.decode()


def addresses() -> Iterator[str]:
    """Every address of the host, read from the code; keys are those of nobody."""
    yield from _below(get_resolver("project.admin_urls").url_patterns, "/")


def _below(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _below(pattern.url_patterns, here)
        else:
            yield here
