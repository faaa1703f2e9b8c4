import pytest

from accounts.address import address
from accounts.folding import fold
from accounts.professions import PROFESSIONS, profession_code
from accounts.protocol import b64, octets
from accounts.rpps import is_rpps
from accounts.specialities import is_speciality, title_of


@pytest.mark.parametrize(
    "text", ["10102727017", "9970021889", "997002188960", "99700218897", "", "९९७००२१८८९६", "99700218896\n"]
)
def test_what_is_no_rpps_is_refused(text: str) -> None:
    assert not is_rpps(text)


@pytest.mark.parametrize("text", ["99700218896", "99700367909", "01234567897", "99700900006"])
def test_an_rpps_has_its_key(text: str) -> None:
    assert is_rpps(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ines",
        "ines@",
        "@tilleuls.example",
        "ines@tilleuls",
        "ines@evil.example@tilleuls.example",
        "ines@tilleuls.example@evil.example",
        "ines@tilleuls.example evil",
        "ines@tilleuls.example\n",
        "ines@tilleuls.example\r\nBcc: x@evil.example",
        "ines<x>@tilleuls.example",
        '"ines x"@tilleuls.example',
        "ines..x@tilleuls.example",
        ".ines@tilleuls.example",
        "\u212aarl@tilleuls.example",  # the Kelvin sign, whose lower case is k
        "inès@tilleuls.example",
        "ines@tilleuls。example",
        "ines@-tilleuls.example",
        "a" * 250 + "@b.example",
    ],
)
def test_what_is_no_plain_address_is_refused(text: str) -> None:
    assert address(text) is None


def test_an_address_is_exact_but_for_its_case() -> None:
    assert address("Ines@Tilleuls.Example") == "ines@tilleuls.example"
    assert address("ines+bis@tilleuls.example") == "ines+bis@tilleuls.example"


def test_folding_drops_accents_and_case() -> None:
    assert fold("Inès FAÇADE Cœur ÉPITHÉSISTE") == "ines facade coeur epithesiste"


def test_professions_are_a_closed_list() -> None:
    assert profession_code("Magicien") is None
    assert profession_code("infirmier") == profession_code("60") == "60"
    assert profession_code("Infirmière") == "60"
    assert len(PROFESSIONS) == len(set(PROFESSIONS.values()))


def test_a_speciality_is_of_one_profession() -> None:
    assert not is_speciality("SM54", of="60")
    assert not is_speciality("SM99", of="10")
    assert not is_speciality("SM54", of="999")
    assert is_speciality("SM54", of="10")


@pytest.mark.parametrize(
    ("profession", "civility", "speciality", "said"),
    [
        ("60", None, None, "Infirmier"),
        ("60", "M", None, "Infirmier"),
        ("60", "MME", None, "Infirmière"),
        ("50", "M", None, "Sage-femme"),
        ("10", "MME", None, "Médecin"),
        ("10", "MME", "SM54", "Médecin généraliste"),
        ("10", "M", "SM53", "Médecin généraliste"),
        ("10", None, "SM04", "Cardiologue"),
        ("10", "MME", "SM20", "Gynécologue-obstétricienne"),
        ("40", "MME", "SCD02", "Chirurgienne orale"),
        ("60", "MME", "SI01", "Infirmière en pratique avancée"),
    ],
)
def test_people_are_called_what_one_says(
    profession: str, civility: str | None, speciality: str | None, said: str
) -> None:
    assert title_of(profession=profession, civility=civility, speciality=speciality) == said


@pytest.mark.parametrize("text", ["AA==", "A", "AB", "A A", "+/8", "AAA=", "é"])
def test_bytes_have_one_way_of_writing(text: str) -> None:
    with pytest.raises(ValueError, match="base64url"):
        octets(text)


def test_bytes_come_back() -> None:
    for size in range(70):
        data = bytes(range(size))
        assert octets(b64(data)) == data
