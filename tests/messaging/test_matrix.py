"""A11, row by row: every route of conversations, asked by everybody who may knock. A route that is not in the
table fails the build; what is refused changes nothing."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from django.db import transaction

import accounts.urls
import project.urls
from accounts.edge import route_of
from accounts.services.histories import current_history
from messaging import health, urls
from messaging.protocol import b64
from tests.digest import digest
from tests.messaging.actors import STAGES, Actor, Ground, as_sent, ask, asked, ground
from tests.messaging.world import Thread

Said = dict[str, object]


@dataclass(frozen=True)
class Row:
    """`said` of a conversation, by its member Anne-Lise: whole and good, so that whoever else says it fails
    by who they are. `otherwise` is what they hear who get past the gate and are no member."""

    said: Callable[[Thread], Said]
    otherwise: dict[str, str] = field(default_factory=dict)
    member: str = "200"
    hides: bool = False  # a foreign conversation is as good as none


OUTSIDE = dict.fromkeys(("other_organisation", "non_member", "removed_member"), "404 not_found")
STRANGERS = {**OUTSIDE, "removed_member": "200"}  # who was in reads up to where they were removed (H12)
NO_DEVICE = {"without_device": "403 not_allowed"}
# An epoch is first of all its maker's: no other device posts it.
NOT_THE_MAKER = dict.fromkeys(OUTSIDE, "400 unknown_device")


def _epoch(in_: Thread) -> Said:
    made = in_.renewal(in_.desks[1])
    wraps = [[b64(chain), b64(sealed)] for chain, sealed in made.wraps.items()]
    return {"conversation": b64(in_.id), "statement": b64(made.statement), "wraps": wraps}


def _named(in_: Thread) -> Said:
    return {"conversation": b64(in_.id)}


def _given_back(in_: Thread) -> Said:
    entries = [{"at": 1, "entry": b64(in_.message(in_.desks[1])), "wraps": []}]
    history = b64(current_history().id)
    return {"history": history, "conversation": b64(in_.id), "after": in_.place.n, "entries": entries}


ROUTES: dict[tuple[str, str], Row] = {
    ("POST", "epochs"): Row(_epoch, {**NO_DEVICE, **NOT_THE_MAKER}, hides=True),
    ("GET", "conversations"): Row(lambda in_: {}, NO_DEVICE),
    ("GET", "entries"): Row(_named, {**NO_DEVICE, **STRANGERS}, hides=True),
    # This server was never restored; what one that was takes, and from whom: test_restoring.py.
    ("POST", "restoring/entries"): Row(_given_back, member="403 not_allowed"),
    ("POST", "figures"): Row(lambda in_: {"shown": 0, "unreadable": []}, NO_DEVICE),
    ("GET", "markers"): Row(_named, {**NO_DEVICE, **OUTSIDE}, hides=True),
}


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[Ground]:
    """One world for the whole table."""
    with django_db_blocker.unblock(), ground() as there:
        yield there


def test_a11_every_route_has_a_row() -> None:
    assert {(route_of(view.callback).method, str(view.pattern)) for view in urls.urlpatterns} == set(ROUTES)


HEALTH = [("health/live", health.live), ("health/ready", health.ready)]


def test_a11_no_route_is_in_neither_table() -> None:
    """`/health/…` says nothing of anybody; the administration has a host and tests of its own."""
    patterns: list[Any] = project.urls.urlpatterns
    mounted = [(str(one.pattern), getattr(one, "urlconf_module", one.callback)) for one in patterns]
    assert mounted == [("api/", accounts.urls), ("api/", urls), *HEALTH]


@pytest.mark.django_db
@pytest.mark.parametrize("name", STAGES)
def test_a11_each_route_answers_each_actor_and_a_refusal_changes_nothing(name: str, made: Ground) -> None:
    actor, before = made.actor(name), digest()
    for view in urls.urlpatterns:
        route, path = route_of(view.callback), str(view.pattern)
        row = ROUTES[route.method, path]
        expected = actor.at_the_gate(route) or row.otherwise.get(name, row.member)
        answer, changed = asked(actor, route.method, path, row.said(made.team), before)
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
            _undone(made.actor(name), method, path, row.said(replace(made.team, id=id)))
            for id in (made.team.id, os.urandom(32))
        )
        assert there == nowhere, path


def _undone(actor: Actor, method: str, path: str, said: Said) -> object:
    with transaction.atomic():
        answer = as_sent(ask(actor, method, path, said))
        transaction.set_rollback(True)
    return answer
