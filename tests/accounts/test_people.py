import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import clock
from accounts.models import Membership
from tests.accounts.browser import Browser, body, code
from tests.accounts.conftest import Limits
from tests.cast import Cast, make_person


def test_another_organisation_is_not_found(cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.zoe)
    assert _found(visitor, "") == []
    assert _found(visitor, "ines") == []


def test_foreign_and_absent_answer_the_same_bytes(cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.zoe)
    foreign, absent = (visitor.get(f"people/{who}") for who in (cast.ines.pk.hex, "0" * 32))
    assert (foreign.status_code, foreign.content) == (absent.status_code, absent.content)
    assert code(foreign) == "not_found"


@pytest.mark.parametrize("name", ["1", "A" * 32, "0" * 31, "0" * 33, "é", "%00"])
def test_what_is_no_id_is_refused(name: str, cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.ines)
    assert code(visitor.get(f"people/{name}")) == "bad_request"


def test_suspended_people_are_not_proposed_but_known(cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.ines)
    assert _found(visitor, "noel") == []
    assert body(visitor.get(f"people/{cast.noel.pk.hex}"))["given"] == "Noël"


def test_a_former_member_neither_sees_nor_is_seen(cast: Cast, visitor: Browser) -> None:
    Membership.objects.filter(person=cast.gaetan).update(ended_at=clock.now())
    assert "Gaëtan" not in _found(Browser().sign_in(cast.ines), "")
    assert _found(visitor.sign_in(cast.gaetan), "") == []


@pytest.mark.parametrize(
    ("words", "given"),
    [
        ("gaetan", ["Gaëtan"]),
        ("GAËTAN", ["Gaëtan"]),
        ("Gae", ["Gaëtan"]),
        ("anne lise", ["Anne-Lise"]),
        ("testard medecin", ["Anne-Lise"]),
        ("medecin testard", ["Anne-Lise"]),
        ("pharma", ["Gaëtan"]),
        ("médecin pharmacien", []),
        ("testard bourg", ["Anne-Lise"]),
        ("%", []),
        ("_", []),
        ("'; drop table accounts_person; --", []),
        ("", ["Gaëtan", "Anne-Lise"]),
    ],
)
def test_colleagues_are_found_by_name_or_profession(
    words: str, given: list[str], cast: Cast, visitor: Browser
) -> None:
    visitor.sign_in(cast.ines)
    assert _found(visitor, words) == given


def test_somebody_is_found_by_what_they_are_called_and_by_their_profession(
    cast: Cast, visitor: Browser
) -> None:
    make_person(cast.tilleuls, "awa", "Awa", "FICTIVE", "10", civility="MME", speciality="SM04")
    make_person(cast.tilleuls, "lea", "Léa", "FICTIVE", "330", civility="MME")
    visitor.sign_in(cast.ines)
    assert [person["profession"] for person in body(visitor.get("people", q="fictive"))["people"]] == [
        "Cardiologue",
        "Coordonnatrice de parcours",
    ]
    for words in ("cardiologue", "fictive medecin"):
        assert _found(visitor, words) == ["Awa"]
    for words in ("coordonnatrice", "coordonnateur"):
        assert _found(visitor, words) == ["Léa"]


def test_a_nul_is_refused_and_not_a_fault_of_ours(cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.ines)
    assert code(visitor.get("people", q="a\0b")) == "bad_request"


def test_at_most_so_many_are_found(cast: Cast, visitor: Browser, limits: Limits) -> None:
    limits(people_found=1)
    visitor.sign_in(cast.ines)
    assert len(_found(visitor, "")) == 1


def test_a_person_shows_directory_facts_and_no_address(cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.ines)
    shown = body(visitor.get(f"people/{cast.anne_lise.pk.hex}"))
    assert set(shown) == {
        "id",
        "given",
        "family",
        "profession",
        "place",
        "rpps",
        "professional",
        "chain",
        "key_head",
    }
    assert cast.anne_lise.email not in str(shown)


def test_finding_costs_the_same_for_one_and_for_many(cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.ines)
    costs = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            visitor.get("people")
        costs.append(len(queries))
        for number in range(3):
            make_person(cast.tilleuls, f"n{len(costs)}{number}", "N", "NOMBREUX", "60")
    assert costs == [2, 2]


def _found(visitor: Browser, words: str) -> list[str]:
    return [person["given"] for person in body(visitor.get("people", q=words))["people"]]
