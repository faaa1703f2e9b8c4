"""What administrators may do: nothing without a fresh code, nothing to themselves, nothing unlogged, and
nothing that lets anybody read (A12)."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import DatabaseError, transaction

from accounts import clock
from accounts.models import (
    Action,
    Device,
    Invitation,
    KeyLogEntry,
    Membership,
    Organisation,
    Person,
    Revocation,
    SealedSeed,
    Session,
    VaultHalf,
)
from accounts.models.actions import What
from accounts.protocol import b64, octets
from messaging.models import Conversation, Entry, Marker, Member, Wrap
from tests.accounts.browser import Browser, code
from tests.accounts.office import Office, go_stale, promote, text
from tests.cast import Cast, unused_code
from tests.messaging.world import Desk, open_desk, start_direct

INVITEE = {
    "email": "nour@tilleuls.example", "given": "Nour", "family": "NOUVELLE", "profession": "60",
    "civility": "MME",
    "speciality": "", "rpps": "99700900105", "place": "12 rue des Tilleuls", "role": "member",
}  # fmt: skip


@dataclass
class Scene:
    """Inès administers; Gaëtan and Anne-Lise work, have keys, and speak to each other."""

    cast: Cast
    office: Office
    gaetan: Desk
    anne_lise: Desk
    browser: Browser

    @property
    def membership(self) -> Membership:
        return Membership.objects.get(person=self.cast.gaetan)

    @property
    def session(self) -> Session:
        return Session.objects.filter(person=self.cast.gaetan, ended_at=None).latest("pk")

    def person(self, slug: str) -> str:
        return f"/accounts/person/{self.cast.gaetan.pk}/{slug}/"


@pytest.fixture
def scene(cast: Cast) -> Scene:
    promote(cast.ines, first=True)
    gaetan, anne_lise = (open_desk(who, cast.tilleuls) for who in (cast.gaetan, cast.anne_lise))
    start_direct(gaetan, anne_lise)
    VaultHalf.objects.create(
        person=cast.gaetan, vault=b"v" * 16, device=gaetan.device.id, half_sealed=b"h", created_at=clock.now()
    )
    return Scene(cast, Office().enter(cast.ines), gaetan, anne_lise, Browser().sign_in(cast.gaetan))


# Every act: its address, what is typed, and what is true once it is done.
Done = Callable[[Scene], bool]
ACTS: dict[str, tuple[Callable[[Scene], str], dict[str, str], Done]] = {
    "suspended": (lambda on: on.person("suspendre"), {}, lambda on: not _gaetan(on).is_active),
    "restored": (
        lambda on: f"/accounts/person/{on.cast.noel.pk}/retablir/", {},
        lambda on: Person.objects.get(pk=on.cast.noel.pk).is_active,
    ),
    "described": (
        lambda on: on.person("identite"),
        {name: INVITEE[name] for name in ("given", "family", "profession", "civility", "rpps", "place")},
        lambda on: _gaetan(on).family == "NOUVELLE" and "nouvelle" in _gaetan(on).search,
    ),
    "joined": (
        lambda on: on.person("rattacher"), {"role": "coordinator"},
        lambda on: Membership.objects.filter(person=on.cast.gaetan, role="coordinator").exists(),
    ),
    "role_changed": (
        lambda on: f"/accounts/membership/{on.membership.pk}/role/", {"role": "manager"},
        lambda on: on.membership.role == "manager",
    ),
    "membership_ended": (
        lambda on: f"/accounts/membership/{on.membership.pk}/terminer/", {},
        lambda on: on.membership.ended_at is not None,
    ),
    "session_ended": (
        lambda on: f"/accounts/session/{on.session.pk}/terminer/", {},
        lambda on: on.browser.stage() == "signed_out",
    ),
    "sessions_ended": (
        lambda on: on.person("sessions"), {},
        lambda on: not Session.objects.filter(person=on.cast.gaetan, ended_at=None).exists(),
    ),
    "device_cut_off": (
        lambda on: f"/accounts/device/{on.gaetan.device.id.hex()}/couper/", {},
        lambda on: _device(on).cut_off_at is not None and not VaultHalf.objects.exists(),
    ),
    "new_start": (lambda on: on.person("depart"), {}, lambda on: _gaetan(on).chain is None),
    "staff_granted": (lambda on: on.person("administrateur"), {}, lambda on: _gaetan(on).is_staff),
    "staff_withdrawn": (
        lambda on: f"/accounts/person/{promote(on.cast.zoe).pk}/retirer/", {},
        lambda on: not Person.objects.get(pk=on.cast.zoe.pk).is_staff,
    ),
    "organisation_made": (
        lambda on: "/accounts/organisation/creer/", {"name": "Cabinet neuf"},
        lambda on: Organisation.objects.filter(name="Cabinet neuf").exists(),
    ),
    "organisation_renamed": (
        lambda on: f"/accounts/organisation/{on.cast.glycines.pk}/renommer/", {"name": "EHPAD Les Lilas"},
        lambda on: Organisation.objects.filter(name="EHPAD Les Lilas").exists(),
    ),
    "invited": (
        lambda on: "/accounts/invitation/inviter/", INVITEE,
        lambda on: Invitation.objects.filter(email=INVITEE["email"]).exists(),
    ),
}  # fmt: skip


def _gaetan(on: Scene) -> Person:
    return Person.objects.get(pk=on.cast.gaetan.pk)


def _device(on: Scene) -> Device:
    return Device.objects.get(pk=on.gaetan.device.id)


def _given(name: str, scene: Scene) -> dict[str, str]:
    organisation = scene.cast.glycines if name == "joined" else scene.cast.tilleuls
    return {**ACTS[name][1], "organisation": str(organisation.pk)}


def test_every_act_of_the_log_is_tried_here() -> None:
    assert set(What.values) - {"signed_in", "signed_out"} == set(ACTS)


@pytest.mark.parametrize("name", sorted(ACTS))
@pytest.mark.parametrize("typed", ["", "000000"])
def test_no_act_is_done_on_a_stale_code(name: str, typed: str, scene: Scene) -> None:
    address, _, is_done = ACTS[name]
    path = address(scene)
    go_stale()
    answer = scene.office.act(path, {**_given(name, scene), "code": typed})
    assert answer.status_code == 422
    assert "Code à six chiffres de votre téléphone" in text(answer)
    assert not is_done(scene)
    assert list(Action.objects.exclude(what="signed_in").values_list("what", "outcome")) == [
        (name, "refused")
    ]


@pytest.mark.parametrize("name", sorted(ACTS))
def test_an_act_is_done_with_a_fresh_code_and_logged(name: str, scene: Scene) -> None:
    address, _, is_done = ACTS[name]
    path = address(scene)
    go_stale()
    answer = scene.office.act(path, {**_given(name, scene), "code": unused_code(scene.cast.ines)})
    assert answer.status_code == 302, text(answer)
    assert is_done(scene)
    [action] = Action.objects.exclude(what="signed_in")
    assert (action.what, action.outcome, action.actor) == (name, "done", scene.cast.ines.pk)
    assert action.address == "127.0.0.1"


@pytest.mark.parametrize("name", sorted(ACTS))
def test_looking_at_an_act_does_nothing(name: str, scene: Scene) -> None:
    address, _, is_done = ACTS[name]
    assert scene.office.get(address(scene)).status_code == 200
    assert not is_done(scene)


@pytest.mark.parametrize("name", sorted(ACTS))
def test_a12_no_act_changes_who_can_decrypt(name: str, scene: Scene) -> None:
    """Key logs, epochs, wraps, seeds and rosters stay; only `suspended` adds a line, which takes away."""
    before = _keys()
    address, _, is_done = ACTS[name]
    assert scene.office.act(address(scene), _given(name, scene)).status_code == 302
    assert is_done(scene)
    after = _keys()
    added = after.pop("entries") - before.pop("entries")
    assert {kind for kind, _ in added} == ({"suspended"} if name == "suspended" else set())
    if name == "new_start":  # takes the person's own keys out of use, and gives nobody others
        [(person, *rest)] = after.pop("chains") - before.pop("chains")
        assert (person, rest) == (scene.cast.gaetan.pk, [None, None, None])
    assert after == before


def _keys() -> dict[str, set[tuple[object, ...]]]:
    """Everything by which somebody could come to read, byte by byte."""
    return {
        "key logs": _rows(KeyLogEntry, "person", "n", "statement", "hash"),
        "chains": _rows(Person, "pk", "chain", "key_head_n", "key_head_hash"),
        "devices": _rows(Device, "pk", "person", "sign_key", "unseal_key", "revoked_n"),
        "seeds": _rows(SealedSeed, "device", "generation", "sealed"),
        "wraps": _rows(Wrap, "conversation", "seq", "chain", "sealed"),
        "conversations": _rows(Conversation, "pk", "kind", "organisation", "epoch_hash"),
        "members": _rows(Member, "conversation", "person", "chain", "role", "joined"),
        "markers": _rows(Marker, "conversation", "device", "object"),
        "entries": _rows(Entry, "kind", "object"),
    }


def _rows(model: type, *columns: str) -> set[tuple[object, ...]]:
    rows = model._default_manager.values_list(*columns)  # type: ignore[attr-defined]
    return {tuple(bytes(cell) if isinstance(cell, memoryview) else cell for cell in row) for row in rows}


# --- what each one means ----------------------------------------------------------------------------


def test_a_suspension_is_said_in_the_log_and_revokes_at_once(scene: Scene) -> None:
    scene.office.act(scene.person("suspendre"))
    assert scene.browser.stage() == "signed_out"
    assert Entry.objects.filter(kind="suspended").count() == 1
    assert Revocation.objects.filter(what="person", person=scene.cast.gaetan.pk).exists()


def test_a_device_that_is_cut_off_is_served_nothing_and_bound_no_more(scene: Scene) -> None:
    device = scene.gaetan.device
    scene.office.act(f"/accounts/device/{device.id.hex()}/couper/")
    assert Revocation.objects.filter(what="device", device=device.id).exists()
    assert not Session.objects.filter(device=device.id, ended_at=None).exists()
    challenge = scene.browser.post("session/challenge")
    assert challenge.status_code == 200  # another browser of the same person goes on
    bind = _binding(scene, challenge.json()["challenge"])
    assert code(scene.browser.post("session/device", bind)) == "not_allowed"
    assert _device(scene).revoked_at is None  # the key log stays its person's
    assert code(scene.browser.post("vault/open", {"vault": b64(b"v" * 16)})) == "not_found"
    anew = {"vault": b64(b"w" * 16), "device": b64(device.id)}
    assert code(scene.browser.post("vault/make", anew)) == "conflict"


def _binding(scene: Scene, challenge: str) -> dict[str, str]:
    device = scene.gaetan.device
    return {"device": b64(device.id), "signature": b64(device.signs_session(octets(challenge)))}


def test_the_recovery_code_cannot_be_cut_off(scene: Scene) -> None:
    paper = Device.objects.get(person=scene.cast.gaetan, sort="paper")
    answer = scene.office.act(f"/accounts/device/{bytes(paper.pk).hex()}/couper/")
    assert "seul un navigateur peut être coupé" in text(answer)
    assert Device.objects.get(pk=paper.pk).cut_off_at is None


def test_what_is_done_twice_is_refused(scene: Scene) -> None:
    path = f"/accounts/membership/{scene.membership.pk}/terminer/"
    assert scene.office.act(path).status_code == 302
    assert "déjà fait" in text(scene.office.act(path))
    joined = {"organisation": str(scene.cast.tilleuls.pk), "role": "member"}
    assert scene.office.act(scene.person("rattacher"), joined).status_code == 302  # and one may come back
    assert scene.membership.ended_at is None


@pytest.mark.parametrize(
    "slug", ["suspendre", "identite", "sessions", "rattacher", "administrateur", "retirer"]
)
def test_nobody_acts_on_themselves(slug: str, scene: Scene) -> None:
    path = f"/accounts/person/{scene.cast.ines.pk}/{slug}/"
    assert scene.office.get(path).status_code == 403
    assert scene.office.act(path, _given("joined", scene)).status_code == 403
    ines = Person.objects.get(pk=scene.cast.ines.pk)
    assert (ines.is_staff, ines.is_superuser, ines.is_active) == (True, True, True)
    assert scene.office.get("/").status_code == 200


@pytest.mark.parametrize("slug", ["administrateur", "retirer"])
def test_only_one_of_the_first_rank_lets_in_and_puts_out(slug: str, scene: Scene) -> None:
    office = Office().enter(promote(scene.cast.zoe))
    for who in (scene.cast.gaetan, scene.cast.zoe, scene.cast.ines):
        assert office.act(f"/accounts/person/{who.pk}/{slug}/").status_code == 403
    kept = set(Person.objects.filter(is_staff=True).values_list("pk", flat=True))
    assert kept == {scene.cast.ines.pk, scene.cast.zoe.pk}
    assert Action.objects.filter(actor=scene.cast.zoe.pk, outcome="refused").count() >= 3


@pytest.mark.parametrize("slug", ["suspendre", "sessions", "identite"])
def test_a_plain_administrator_does_nothing_to_another(slug: str, scene: Scene) -> None:
    office = Office().enter(promote(scene.cast.zoe))
    assert office.act(f"/accounts/person/{scene.cast.ines.pk}/{slug}/", INVITEE).status_code == 403
    session = Session.objects.get(person=scene.cast.ines, admin=True)
    assert office.act(f"/accounts/session/{session.pk}/terminer/").status_code == 403
    assert scene.office.get("/").status_code == 200


def test_whoever_is_put_out_is_out_at_once(scene: Scene) -> None:
    office = Office().enter(promote(scene.cast.zoe))
    scene.office.act(f"/accounts/person/{scene.cast.zoe.pk}/retirer/")
    assert office.get("/").status_code == 302


def test_somebody_suspended_is_not_let_in(scene: Scene) -> None:
    scene.office.act(f"/accounts/person/{scene.cast.noel.pk}/administrateur/")
    assert not Person.objects.get(pk=scene.cast.noel.pk).is_staff


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "nour"), ("email", "gaetan@tilleuls.example"), ("rpps", "99700900106"), ("rpps",
    "99700900022"),
     ("profession", "999"), ("speciality", "SM54"), ("role", "manager; DROP"), ("family", "N" * 81),
     ("given", " ")],
)  # fmt: skip
def test_a_wrong_invitation_is_not_sent(field: str, value: str, scene: Scene) -> None:
    given = {**_given("invited", scene), field: value}
    assert scene.office.act("/accounts/invitation/inviter/", given).status_code == 422
    assert not Invitation.objects.exists()


def test_the_database_itself_lets_no_action_be_rewritten(scene: Scene) -> None:
    for change in ({"outcome": "refused"}, {"actor": scene.cast.gaetan.pk}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Action.objects.update(**change)
