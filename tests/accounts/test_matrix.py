"""A11, row by row: every route of accounts, asked by everybody who may knock. A route that is not in the
table fails the build; what is refused changes nothing, and what is somebody else's is as good as none."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from accounts import clock, urls
from accounts.edge import route_of
from accounts.models import Device, Pairing, Session
from accounts.protocol import b64
from accounts.services.vault import make_vault
from accounts.tokens import token_hash
from tests.digest import digest
from tests.messaging.actors import STAGES, Ground, answer_of, as_sent, ask, asked, ground

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
    ("POST", "factor/printed/renew"): SIGNED_IN,
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
    ("GET", "sessions"): SIGNED_IN,
    ("POST", "sessions/end"): SIGNED_IN,
    ("POST", "sessions/end-others"): SIGNED_IN,
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
    ("POST", "restoring/keys"): SIGNED_IN,
}
# Of a signed-in browser that is not yet a device.
NEEDS_A_DEVICE = {"devices", "pairing/take"}
# What a question without a word in it is answered past the gate, where that is not `bad_request`.
EMPTY = {
    "session": "200",
    "sign-out": "200",
    "passkey/ask": "404 not_found",  # they have none
    "factor/passkey/begin": "200",
    "factors": "200",
    "factor/printed/renew": "200",
    "factor/totp/begin": "200",
    "people": "200",
    "people/<str:id>": "404 not_found",
    "sessions": "200",
    "sessions/end-others": "200",
    "session/challenge": "200",
    "devices": "200",
    "pairing/take": "404 not_found",
    "keys/mine": "200",
}


@dataclass(frozen=True)
class Ids:
    """Things of Inès, or things of nobody: written alike."""

    person: str
    chain: str
    session: str
    vault: str
    pairing: str
    paper: str


def nobodys() -> Ids:
    return Ids(
        os.urandom(16).hex(), b64(os.urandom(32)), os.urandom(16).hex(), b64(os.urandom(16)),
        os.urandom(16).hex(), b64(os.urandom(32)),
    )  # fmt: skip


Said = Callable[[Ids], Mapping[str, object]]
# Routes that name a thing: those who ask for one that is not theirs hear this, as for one that never was.
NAMES: dict[tuple[str, str], Said] = {
    ("POST", "sessions/end"): lambda of: {"id": of.session},
    ("POST", "vault/open"): lambda of: {"vault": of.vault},
    ("GET", "pairing"): lambda of: {"pairing": of.pairing},
    ("POST", "pairing/drop"): lambda of: {"pairing": of.pairing},
    ("POST", "pairing/answer"): lambda of: {
        "pairing": of.pairing, "map": "AAAA", "sealed": "AAAA", "mac": "A" * 43
    },
    ("POST", "pairing/countersign"): lambda of: {"pairing": of.pairing, "countersign": "A" * 86},
    ("POST", "keys/paper/remove"): lambda of: {"device": of.paper},
    ("POST", "keys/paper/keep"): lambda of: {"device": of.paper},
    ("GET", "keys/log"): lambda of: {"chain": of.chain},
    ("GET", "people/<str:id>"): lambda of: {"id": of.person},
}  # fmt: skip
SEEN_BY_COLLEAGUES = {"keys/log", "people/<str:id>"}
OTHERS = ("other_organisation", "non_member", "removed_member", "member")


@dataclass(frozen=True)
class World:
    ground: Ground
    ids: Ids


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One for the whole table."""
    with django_db_blocker.unblock(), ground() as made:
        yield World(made, _things_of_ines(made))


def _things_of_ines(made: Ground) -> Ids:
    ines, vault, now = made.ines, os.urandom(16), clock.now()
    make_vault(ines.person, vault=vault, device=ines.device.id)
    asking = Session.objects.get(token_hash=token_hash(str(made.tokens["without_device"])))
    pairing = Pairing.objects.create(
        person=ines.person, offered_by=asking, device=bytes(32), sign_key=bytes(32), unseal_key=bytes(1216),
        mac=bytes(32), created_at=now,
    )  # fmt: skip
    paper = Device.objects.get(person=ines.person, sort=Device.Sort.PAPER)
    return Ids(
        ines.person.pk.hex, b64(ines.log.chain), ines.caller.session.name.hex, b64(vault), pairing.pk.hex,
        b64(paper.pk),
    )  # fmt: skip


def test_h5_every_route_has_a_row() -> None:
    routes = {(route_of(view.callback).method, str(view.pattern)) for view in urls.urlpatterns}
    assert routes == set(OPEN_AT)


def test_h4_a_route_is_open_at_its_stages() -> None:
    for view in urls.urlpatterns:
        route = route_of(view.callback)
        assert set(route.stages) == OPEN_AT[route.method, str(view.pattern)], view.pattern


@pytest.mark.django_db
@pytest.mark.parametrize("name", STAGES)
def test_a11_each_route_answers_each_actor_and_a_refusal_changes_nothing(name: str, world: World) -> None:
    actor, before = world.ground.actor(name), digest()
    for view in urls.urlpatterns:
        route, path = route_of(view.callback), str(view.pattern)
        expected = actor.at_the_gate(route) or _past(path, name)
        answer, changed = asked(actor, route.method, path.replace("<str:id>", "0" * 32), {}, before)
        assert (path, answer) == (path, expected)
        assert not changed, path


def _past(path: str, name: str) -> str:
    if path in NEEDS_A_DEVICE and name == "without_device":
        return "403 not_allowed"
    return EMPTY.get(path, "400 bad_request")


@pytest.mark.django_db
@pytest.mark.parametrize("name", OTHERS)
def test_h2_somebody_elses_and_nobodys_are_the_same_bytes(name: str, world: World) -> None:
    actor, before = world.ground.actor(name), digest()
    for (method, path), said in NAMES.items():
        if path in SEEN_BY_COLLEAGUES and name != "other_organisation":
            continue
        theirs, nobody = (_asked_for(of, path, said) for of in (world.ids, nobodys()))
        answer, changed = asked(actor, method, *theirs, before)
        assert (path, answer, changed) == (path, "404 not_found", False)
        assert as_sent(ask(actor, method, *theirs)) == as_sent(ask(actor, method, *nobody)), path


def _asked_for(of: Ids, path: str, said: Said) -> tuple[str, dict[str, object]]:
    if path.endswith("<str:id>"):
        return path.replace("<str:id>", of.person), {}
    return path, dict(said(of))


@pytest.mark.django_db
def test_h2_what_is_hidden_from_others_is_there_for_their_owner(world: World) -> None:
    """Else the table above would prove nothing."""
    owner = world.ground.actor("without_device")
    for method, path in (
        ("POST", "sessions/end"),
        ("POST", "vault/open"),
        ("GET", "pairing"),
        ("GET", "keys/log"),
    ):
        there = _asked_for(world.ids, path, NAMES[method, path])
        assert answer_of(ask(owner, method, *there)) == "200", path
