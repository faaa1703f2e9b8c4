"""A11, row by row: every route of conversations, asked by everybody who may knock. A route that is not in the
table fails the build; what is refused changes nothing."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction

from accounts.edge import route_of
from messaging import urls
from messaging.protocol import b64
from tests.digest import digest
from tests.messaging.actors import STAGES, Actor, Ground, as_sent, ask, asked, ground

Said = dict[str, object]


@dataclass(frozen=True)
class Row:
    """`said` names a conversation; `otherwise` is what they hear who get past the gate and are no member."""

    said: Callable[[str], Said]
    otherwise: dict[str, str] = field(default_factory=dict)
    member: str = "200"
    hides: bool = False  # a foreign conversation is as good as none


OUTSIDE = dict.fromkeys(("other_organisation", "non_member", "removed_member"), "404 not_found")
STRANGERS = {**OUTSIDE, "removed_member": "200"}  # who was in reads up to where they were removed (H12)
NO_DEVICE = {"without_device": "403 not_allowed"}
_EPOCH: Said = {"statement": "AAAA", "wraps": []}

ROUTES: dict[tuple[str, str], Row] = {
    ("POST", "epochs"): Row(
        lambda id: {**_EPOCH, "conversation": id}, NO_DEVICE, "400 malformed", hides=True
    ),
    ("GET", "conversations"): Row(lambda id: {}, NO_DEVICE),
    ("GET", "entries"): Row(lambda id: {"conversation": id}, {**NO_DEVICE, **STRANGERS}, hides=True),
    ("POST", "figures"): Row(lambda id: {"shown": 0, "unreadable": []}, NO_DEVICE),
    ("GET", "markers"): Row(lambda id: {"conversation": id}, {**NO_DEVICE, **OUTSIDE}, hides=True),
}


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[Ground]:
    """One world for the whole table."""
    with django_db_blocker.unblock(), ground() as there:
        yield there


def test_a11_every_route_has_a_row() -> None:
    assert {(route_of(view.callback).method, str(view.pattern)) for view in urls.urlpatterns} == set(ROUTES)


@pytest.mark.django_db
@pytest.mark.parametrize("name", STAGES)
def test_a11_each_route_answers_each_actor_and_a_refusal_changes_nothing(name: str, made: Ground) -> None:
    actor, before = made.actor(name), digest()
    for view in urls.urlpatterns:
        route, path = route_of(view.callback), str(view.pattern)
        row = ROUTES[route.method, path]
        expected = actor.at_the_gate(route) or row.otherwise.get(name, row.member)
        answer, changed = asked(actor, route.method, path, row.said(b64(made.team.id)), before)
        assert (path, answer) == (path, expected)
        assert not changed, path


@pytest.mark.django_db
@pytest.mark.parametrize("name", OUTSIDE)
def test_h2_what_is_forbidden_and_what_never_was_are_the_same_bytes(name: str, made: Ground) -> None:
    hiding = {place: row for place, row in ROUTES.items() if row.hides}
    for (method, path), row in hiding.items():
        if row.otherwise.get(name) == "200":
            continue
        there, nowhere = (
            _undone(made.actor(name), method, path, row.said(b64(id)))
            for id in (made.team.id, os.urandom(32))
        )
        assert there == nowhere, path


def _undone(actor: Actor, method: str, path: str, said: Said) -> object:
    with transaction.atomic():
        answer = as_sent(ask(actor, method, path, said))
        transaction.set_rollback(True)
    return answer
