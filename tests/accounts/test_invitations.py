from typing import Any

import pytest
from django.core import mail

from accounts import clock
from accounts.background import settle
from accounts.models import Invitation, Membership, Person
from accounts.services.invitations import CannotInvite, Identity, Invited, invite
from tests.accounts.browser import Browser, body, code, stage
from tests.accounts.conftest import Limits
from tests.cast import PASSWORD, Cast

NOUR = Identity(
    email="nour@tilleuls.example",
    given="Nour",
    family="NOUVELLE",
    profession="60",
    place="12 rue des Tilleuls",
    rpps="99700900105",
    role="coordinator",
    civility="MME",
    speciality="SI04",
)


@pytest.mark.parametrize("token", ["x", "A" * 43, "../../etc", "x y", ""])
def test_an_unknown_link_is_invalid(token: str, cast: Cast, visitor: Browser) -> None:
    assert code(visitor.post("invitation/look", {"token": token})) in ("link_invalid", "bad_request")
    assert code(visitor.post("invitation/accept", {"token": token, "password": PASSWORD})) in (
        "link_invalid",
        "bad_request",
    )


def test_used_expired_and_unknown_answer_the_same_bytes(cast: Cast, visitor: Browser) -> None:
    used, expired = _token(_invite(cast)), _token(_invite(cast, email="late@tilleuls.example"))
    assert _accept(Browser(), used).status_code == 200
    Invitation.objects.filter(email="late@tilleuls.example").update(expires_at=clock.ago(0))
    answers = {
        (answer.status_code, answer.content)
        for token in (used, expired, "A" * 43)
        for answer in (visitor.post("invitation/look", {"token": token}), _accept(visitor, token))
    }
    assert answers == {(400, b'{"code":"link_invalid","retry_after":null}')}


def test_a_weak_password_leaves_the_link_usable(cast: Cast, visitor: Browser) -> None:
    token = _token(_invite(cast))
    for weak in ("court", "Nouvelle.Nour.42", "Motdepasse2026!"):
        assert code(_accept(visitor, token, weak)) == "weak_password"
    assert stage(_accept(visitor, token)) == "enrol_factor"


def test_an_address_that_got_an_account_since_is_refused(cast: Cast, visitor: Browser) -> None:
    first, second = _token(_invite(cast)), _token(_invite(cast, rpps=None))
    _accept(Browser(), first)
    assert code(_accept(visitor, second)) == "link_invalid"
    assert Person.objects.filter(email=NOUR.email).count() == 1


def test_an_rpps_that_got_an_account_since_is_refused(cast: Cast, visitor: Browser) -> None:
    first, second = _token(_invite(cast)), _token(_invite(cast, email="nour.bis@tilleuls.example"))
    _accept(Browser(), first)
    assert code(_accept(visitor, second)) == "link_invalid"
    assert Invitation.objects.get(email="nour.bis@tilleuls.example").used_at is None


def test_looking_shows_who_is_expected_and_uses_nothing_up(cast: Cast, visitor: Browser) -> None:
    token = _token(_invite(cast))
    for _ in range(2):
        assert body(visitor.post("invitation/look", {"token": token})) == {
            "organisation": "MSP des Tilleuls",
            "email": "nour@tilleuls.example",
            "given": "Nour",
            "family": "NOUVELLE",
            "profession": "Infirmière en pratique avancée",
        }


def test_accepting_makes_exactly_the_person_invited(cast: Cast, visitor: Browser) -> None:
    assert stage(_accept(visitor, _token(_invite(cast, email="Nour@Tilleuls.Example")))) == "enrol_factor"
    person = Person.objects.get(email="nour@tilleuls.example")
    facts = (person.given, person.family, person.profession, person.rpps, person.place)
    assert facts == ("Nour", "NOUVELLE", "60", "99700900105", "12 rue des Tilleuls")
    assert (person.civility, person.speciality) == ("MME", "SI04")
    membership = Membership.objects.get(person=person)
    assert (membership.organisation, membership.role) == (cast.tilleuls, "coordinator")


def test_the_new_account_opens_nothing_before_its_second_factor(cast: Cast, visitor: Browser) -> None:
    _accept(visitor, _token(_invite(cast)))
    assert code(visitor.get("people")) == "second_factor_needed"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nour@evil.example@tilleuls.example"),
        ("email", "nour@tilleuls.example\nBcc: all@evil.example"),
        ("email", "n\u212a@tilleuls.example"),
        ("given", " "),
        ("family", "F" * 81),
        ("profession", "999"),
        ("civility", "DR"),
        ("speciality", "SM54"),
        ("speciality", ""),
        ("rpps", "10102727017"),
        ("place", ""),
        ("role", "administrator"),
    ],
)
def test_a_wrong_identity_is_not_invited(field: str, value: str, cast: Cast) -> None:
    with pytest.raises(CannotInvite, match=field):
        _invite(cast, **{field: value})
    settle()
    assert not mail.outbox


def test_somebody_who_has_an_account_is_not_invited(cast: Cast) -> None:
    with pytest.raises(CannotInvite, match="known"):
        _invite(cast, email=cast.zoe.email.upper())


def test_a_link_lives_72_hours(cast: Cast) -> None:
    invitation = _invite(cast).invitation
    assert (invitation.expires_at - invitation.created_at).total_seconds() == pytest.approx(72 * 3600, abs=1)


def test_the_mail_goes_to_the_exact_address_and_carries_its_link_only(cast: Cast) -> None:
    invited = _invite(cast)
    settle()
    (letter,) = mail.outbox
    assert letter.to == ["nour@tilleuls.example"]
    assert letter.body.count(_token(invited)) == 1
    assert invited.link == f"http://localhost:8000/#/invitation/{_token(invited)}"
    assert "Nour" not in letter.body
    assert "Nour" not in letter.subject


def test_the_database_holds_no_link(cast: Cast) -> None:
    token = _token(_invite(cast))
    row = Invitation.objects.values().get()
    assert token not in repr(row)
    assert token.encode() not in bytes(row["token_hash"])


def test_looking_is_slowed_by_source(cast: Cast, visitor: Browser, limits: Limits) -> None:
    limits(link_source=(2, 60))
    token = _token(_invite(cast))
    for _ in range(2):
        assert code(visitor.post("invitation/look", {"token": "A" * 43})) == "link_invalid"
    assert code(visitor.post("invitation/look", {"token": token})) == "throttled"


def _invite(cast: Cast, **changed: Any) -> Invited:
    facts = {name: getattr(NOUR, name) for name in NOUR.__dataclass_fields__} | changed
    return invite(organisation=cast.tilleuls, identity=Identity(**facts))


def _token(invited: Invited) -> str:
    return invited.link.rpartition("/")[2]


def _accept(visitor: Browser, token: str, password: str = PASSWORD) -> Any:
    return visitor.post("invitation/accept", {"token": token, "password": password})
