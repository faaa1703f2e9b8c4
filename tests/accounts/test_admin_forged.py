"""Requests that no page of the administration makes: each is refused or inert, and nothing changes."""

import pytest
from django.apps import apps

from accounts import clock
from accounts.models import Action, Invitation, Membership, Organisation, Person, Session
from tests.accounts.office import Office, promote, text
from tests.cast import Cast
from tests.messaging.world import open_desk, start_direct

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>"
LISTS = (
    "/accounts/person/", "/accounts/organisation/", "/accounts/membership/", "/accounts/invitation/",
    "/accounts/device/", "/accounts/session/", "/accounts/action/", "/messaging/conversation/",
)  # fmt: skip


@pytest.fixture
def office(cast: Cast) -> Office:
    promote(cast.ines, first=True)
    gaetan, anne_lise = (open_desk(who, cast.tilleuls) for who in (cast.gaetan, cast.anne_lise))
    start_direct(gaetan, anne_lise)
    return Office().enter(cast.ines)


def everything() -> dict[str, list[dict[str, object]]]:
    """Every row of every table of ours, but for when sessions were last seen."""
    tables = [model for app in ("accounts", "messaging") for model in apps.get_app_config(app).get_models()]
    return {
        model.__name__: [
            {name: _plain(cell) for name, cell in row.items() if name != "last_seen_at"}
            for row in model._default_manager.order_by("pk").values()
        ]
        for model in tables
    }


def _plain(cell: object) -> object:
    return bytes(cell) if isinstance(cell, memoryview) else cell


@pytest.mark.parametrize("path", LISTS)
def test_edits_in_a_list_are_refused(path: str, office: Office, cast: Cast) -> None:
    before = everything()
    forged = {
        "form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": str(cast.gaetan.pk),
        "form-0-is_staff": "on", "form-0-state": "suspended", "form-0-email": "evil@evil.example",
        "_save": "1",
    }  # fmt: skip
    assert office.post(path, forged).status_code == 405
    assert everything() == before


@pytest.mark.parametrize("path", LISTS)
def test_actions_on_many_rows_are_refused(path: str, office: Office, cast: Cast) -> None:
    before = everything()
    forged = {
        "action": "delete_selected",
        "_selected_action": str(cast.gaetan.pk),
        "post": "yes",
        "index": "0",
    }
    assert office.post(path, forged).status_code == 405
    assert everything() == before


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("end", ["add/", "{}/change/", "{}/delete/", "{}/history/", "{}/"])
def test_nothing_can_be_added_edited_or_deleted_by_address(
    path: str, end: str, office: Office, cast: Cast
) -> None:
    before = everything()
    address = path + end.format(cast.gaetan.pk)
    answer = office.post(address, {"is_superuser": "on", "post": "yes", "_save": "1"})
    assert answer.status_code in (404, 405), address
    assert everything() == before


def test_inlines_and_swapped_keys_in_a_post_change_only_what_the_address_names(
    office: Office, cast: Cast
) -> None:
    forged = {
        "id": str(cast.zoe.pk), "pk": str(cast.zoe.pk), "person": str(cast.zoe.pk), "key": str(cast.zoe.pk),
        "_continue": "1", "is_superuser": "on", "is_staff": "on", "chain": "AAAA", "state": "active",
        "devices-TOTAL_FORMS": "1", "devices-INITIAL_FORMS": "0", "devices-0-sign_key": "AAAA",
        "memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "0",
        "memberships-0-organisation": str(cast.glycines.pk), "memberships-0-role": "manager",
    }  # fmt: skip
    before = everything()
    assert office.post(f"/accounts/person/{cast.gaetan.pk}/suspendre/", forged).status_code == 302
    after = everything()
    assert after["Membership"] == before["Membership"]
    assert after["Device"] == before["Device"]
    changed = [now for was, now in zip(before["Person"], after["Person"], strict=True) if was != now]
    assert [row["id"] for row in changed] == [cast.gaetan.pk]
    [gaetan] = Person.objects.filter(pk=cast.gaetan.pk)
    assert (gaetan.state, gaetan.is_staff, gaetan.is_superuser) == ("suspended", False, False)


def test_more_fields_than_a_form_has_are_not_written(office: Office, cast: Cast) -> None:
    given = {
        "given": "Gaëtan", "family": "EXEMPLE", "profession": "21", "civility": "", "speciality": "",
        "rpps": "",
        "place": "Ailleurs", "email": "evil@evil.example", "is_staff": "on", "password": "x",
        "state": "suspended",
    }  # fmt: skip
    assert office.post(f"/accounts/person/{cast.gaetan.pk}/identite/", given).status_code == 302
    gaetan = Person.objects.get(pk=cast.gaetan.pk)
    assert (gaetan.place, gaetan.email, gaetan.is_staff) == ("Ailleurs", cast.gaetan.email, False)
    assert gaetan.is_active
    assert gaetan.check_password("x") is False


@pytest.mark.parametrize(
    "key", ["0", "-1", "x", "9" * 40, "../login", "%00", "00000000-0000-0000-0000-000000000000", "ff" * 32]
)
def test_a_key_of_nothing_is_not_found(key: str, office: Office) -> None:
    for path in ("person/{}/suspendre/", "membership/{}/role/", "session/{}/terminer/", "device/{}/couper/"):
        assert office.get(f"/accounts/{path.format(key)}").status_code == 404, (path, key)


@pytest.mark.parametrize(
    "query",
    [
        "password__startswith=a", "totp__key_sealed__startswith=a", "sessions__token_hash__startswith=a",
        "person__password__startswith=a", "token_hash__gt=a", "chain__startswith=a", "e=1&password__regex=.",
    ],
)  # fmt: skip
def test_a_column_cannot_be_probed_from_the_address_bar(query: str, office: Office) -> None:
    for path in LISTS:
        assert office.client.get(f"{path}?{query}").status_code in (302, 400), path


def test_markup_in_a_name_stays_text_on_every_page(office: Office, cast: Cast) -> None:
    Person.objects.filter(pk=cast.gaetan.pk).update(given=MARKUP, place=MARKUP, search=MARKUP)
    Organisation.objects.filter(pk=cast.tilleuls.pk).update(name=MARKUP)
    Invitation.objects.create(
        organisation=cast.tilleuls, email="a@b.example", given=MARKUP, family="X", profession="60",
        place=MARKUP,
        role="member", token_hash=b"t" * 32, created_at=clock.now(), expires_at=clock.now(),
        created_by=cast.gaetan,
    )  # fmt: skip
    office.post(f"/accounts/person/{cast.gaetan.pk}/sessions/")
    membership = Membership.objects.get(person=cast.gaetan)
    pages = [
        "/", *LISTS, f"/accounts/person/{cast.gaetan.pk}/", f"/accounts/person/{cast.gaetan.pk}/identite/",
        f"/accounts/membership/{membership.pk}/role/", "/accounts/invitation/inviter/",
        f"/accounts/person/?q={MARKUP}", f"/login/?next={MARKUP}",
    ]  # fmt: skip
    seen = 0
    for page in pages:
        shown = text(office.client.get(page))
        assert "<script" not in shown, page
        assert "<img src=x" not in shown, page
        seen += "&lt;script&gt;" in shown
    assert seen > 8


def test_the_first_page_only_reads(office: Office) -> None:
    assert office.post("/", {"_save": "1"}).status_code == 405


def test_a_list_that_is_looked_at_changes_nothing(office: Office) -> None:
    before = everything()
    for path in ("/", *LISTS):
        assert office.get(path).status_code == 200
        assert office.get(path, q="a", o="1").status_code == 200
    assert everything() == before


def test_what_is_shown_of_a_session_opens_nothing(office: Office) -> None:
    shown = text(office.get("/accounts/session/")) + text(office.get("/accounts/device/"))
    for session in Session.objects.all():
        assert bytes(session.token_hash).hex() not in shown
    assert Action.objects.filter(what="signed_in").exists()
