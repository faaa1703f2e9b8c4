"""B1, H3: generated bodies and queries to every route, by somebody who gets past its gate: a code below 500,
and no trace of what was refused."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction
from django.urls import URLPattern
from msgspec import Struct, inspect

from accounts.edge import Route, route_of
from accounts.urls import urlpatterns as of_accounts
from messaging.urls import urlpatterns as of_messaging
from tests.accounts.browser import ORIGIN, Browser, Response, body
from tests.digest import digest
from tests.messaging.actors import STAGES, Ground, ground
from tests.messaging.make_frames import sample
from tests.mutations import Mutations
from tests.scale import Scale

ROUTES = {str(one.pattern): one for one in (*of_accounts, *of_messaging)}
_BY_PREFERENCE = sorted(STAGES, key=lambda name: name != "member")


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[Ground]:
    with django_db_blocker.unblock(), ground() as there:
        yield there


@pytest.mark.django_db
@pytest.mark.parametrize("path", ROUTES)
def test_h3_generated_bodies_are_answered_with_a_code_and_leave_nothing(
    path: str, made: Ground, scale: Scale
) -> None:
    route, change, before = route_of(ROUTES[path].callback), Mutations(len(path)), digest()
    corpus = [_sample(route.body)]
    visitor = Browser()
    token = made.actor(next(name for name in _BY_PREFERENCE if STAGES[name] in route.stages)).token
    for _ in range(scale.count(12, long=400)):
        if token is not None:
            visitor.token = token
        with transaction.atomic():
            answer = _ask(visitor, ROUTES[path], route, change, corpus)
            assert answer.status_code < 500, path
            if answer.status_code >= 400:
                assert set(body(answer)) >= {"code", "retry_after"}
                assert digest() == before, path
            transaction.set_rollback(True)


def _ask(
    visitor: Browser, one: URLPattern, route: Route, change: Mutations, corpus: list[dict[str, Any]]
) -> Response:
    place = f"/api/{one.pattern}"
    if route.method == "POST":
        return visitor.client.post(
            place, change.json(corpus), content_type="application/json", headers={"Origin": ORIGIN}
        )
    given = change.tree(corpus[0])
    given = given if isinstance(given, dict) else {"more": given}
    named = quote(str(given.pop("id", "0" * 32)), safe="", errors="surrogatepass")
    query = urlencode(given, errors="surrogatepass", doseq=True)
    return visitor.client.get(place.replace("<str:id>", named or "x"), QUERY_STRING=query)


def _sample(kind: type[Struct]) -> dict[str, Any]:
    found: dict[str, Any] = sample(inspect.type_info(kind))
    return found
