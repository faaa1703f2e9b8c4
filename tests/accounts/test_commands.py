import re
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from accounts import clock
from accounts.models import Bucket, Invitation, Organisation, PasswordReset, Person, Session
from accounts.services.people import suspend
from tests.accounts.browser import Browser, stage
from tests.cast import PASSWORD, Cast

NOUR = {
    "organisation": "MSP des Tilleuls",
    "email": "nour@tilleuls.example",
    "given": "Nour",
    "family": "NOUVELLE",
    "profession": "Infirmier",
    "civility": "MME",
    "rpps": "99700900105",
    "place": "12 rue des Tilleuls",
    "role": "manager",
}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("organisation", "Nowhere"),
        ("email", "nour"),
        ("profession", "Magicien"),
        ("civility", "DR"),
        ("speciality", "SM54"),
        ("rpps", "99700900106"),
    ],
)
def test_a_wrong_invitation_is_refused(field: str, value: str, cast: Cast) -> None:
    with pytest.raises(CommandError):
        _invite(**{field: value})
    assert not Invitation.objects.exists()
    assert not mail.outbox


def test_the_link_is_not_printed_unless_asked_for(cast: Cast) -> None:
    told = _invite()
    assert "#/invitation/" not in told
    assert "#/invitation/" in mail.outbox[0].body


def test_a_printed_link_works(cast: Cast, visitor: Browser) -> None:
    found = re.search(r"#/invitation/(\S+)", _invite(print_link=True))
    assert found
    answer = visitor.post("invitation/accept", {"token": found.group(1), "password": PASSWORD})
    assert stage(answer) == "enrol_factor"
    assert Person.objects.get(email=NOUR["email"]).memberships.get().role == "manager"


def test_an_organisation_is_made_when_told(cast: Cast) -> None:
    _invite(organisation="Cabinet Neuf", create_organisation=True)
    assert Organisation.objects.filter(name="Cabinet Neuf").count() == 1


def test_what_has_had_its_time_goes_and_the_rest_stays(cast: Cast, visitor: Browser) -> None:
    Browser().sign_in(cast.anne_lise)
    Session.objects.update(created_at=clock.ago(31 * 24 * 3600))
    visitor.sign_in(cast.ines)
    suspend(cast.gaetan)
    for age, person in ((-60, cast.ines), (60, cast.anne_lise)):
        PasswordReset.objects.create(
            person=person, token_hash=person.pk.bytes * 2, created_at=clock.now(), expires_at=clock.ago(age)
        )
    Bucket.objects.update(at=clock.ago(8 * 24 * 3600))
    first, second = _forget(), _forget()
    assert first.startswith("1 sessions, 1 resets, 0 invitations, 0 factors, 0 revocations,")
    assert set(re.findall(r"\d+", second)) == {"0"}
    assert visitor.stage() == "signed_in"
    assert PasswordReset.objects.get().person == cast.ines


def _invite(**changed: Any) -> str:
    out = StringIO()
    call_command("invite", **(NOUR | changed), stdout=out)
    return out.getvalue()


def _forget() -> str:
    out = StringIO()
    call_command("forget_expired", stdout=out)
    return out.getvalue().strip()
