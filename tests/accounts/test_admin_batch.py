"""Invitations by file: looked at line by line, then sent whole; a single fault and nothing is written."""

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.background import settle
from accounts.models import Action, Invitation, Person
from accounts.services import batches
from tests.accounts.browser import Response
from tests.accounts.conftest import Limits
from tests.accounts.office import Office, go_stale, promote, text
from tests.cast import Cast, unused_code

PATH = "/accounts/invitation/fichier/"
GOOD = (
    "Adresse;Prénom;Nom;Profession;Lieu;RPPS;Civilité;Rôle\n"
    "nour@tilleuls.example;Nour;NOUVELLE;Infirmière;12 rue des Tilleuls;99700900105;MME;\n"
    '\n"Côme@x";;;;;;;\n'
)
TWO = (
    "Adresse;Prénom;Nom;Profession;Lieu;RPPS;Civilité;Rôle\n"
    "nour@tilleuls.example;Nour;NOUVELLE;Infirmière;12 rue des Tilleuls;99700900105;MME;\n"
    "come@tilleuls.example;Côme;MODELE;Médecin;12 rue des Tilleuls;;M;responsable\n"
)


@pytest.fixture
def office(cast: Cast) -> Office:
    return Office().enter(promote(cast.ines))


def look(office: Office, cast: Cast, content: str | bytes) -> Response:
    data = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile("personnes.csv", data, content_type="text/csv")
    return office.post(PATH, {"organisation": str(cast.tilleuls.pk), "file": file})


def send(office: Office, cast: Cast, content: str, **more: str) -> Response:
    return office.post(PATH, {"organisation": str(cast.tilleuls.pk), "text": content, **more})


def row(**changed: str) -> str:
    cells = {
        "email": "nour@tilleuls.example", "given": "Nour", "family": "NOUVELLE", "profession": "60",
        "place": "Ici", "rpps": "", "role": "", "civility": "", "speciality": "",
    } | changed  # fmt: skip
    return f"{';'.join(cells)}\n{';'.join(cells.values())}\n"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"email": "nour"}, "adresse électronique mal formée"),
        ({"given": ""}, "prénom absent"),
        ({"family": "N" * 81}, "nom absent ou trop long"),
        ({"profession": "Magicien"}, "profession inconnue"),
        ({"rpps": "99700900106"}, "numéro RPPS faux"),
        ({"rpps": "99700900022"}, "ce numéro RPPS a déjà un compte"),
        ({"role": "chef"}, "rôle inconnu"),
        ({"civility": "DR"}, "civilité inconnue"),
        ({"speciality": "SM54"}, "spécialité inconnue"),
        ({"email": "GAETAN@tilleuls.example"}, "cette adresse a déjà un compte"),
    ],
)
def test_a_fault_is_told_with_its_line(
    changed: dict[str, str], said: str, office: Office, cast: Cast
) -> None:
    answer = look(office, cast, row(**changed))
    assert answer.status_code == 422
    assert f"Ligne 2 : {said}" in text(answer)
    assert 'name="text"' not in text(answer)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "Le fichier"),
        ("adresse;prénom\na@b.example;A\n", "Il manque la colonne « nom »."),
        ("adresse;prénom;nom;profession;lieu\n", "Le fichier ne contient personne."),
        ("adresse;prénom;nom;profession;lieu\na@b.example;\0;N;60;Ici\n", "n’est pas un tableau CSV lisible"),
        ('adresse;prénom;nom;profession;lieu\n"' + "x" * 140_000, "n’est pas un tableau CSV lisible"),
    ],
)
def test_a_file_that_is_no_list_is_refused(content: str, said: str, office: Office, cast: Cast) -> None:
    answer = look(office, cast, content)
    assert answer.status_code == 422
    assert said in text(answer)


def test_two_lines_of_one_person_are_told(office: Office, cast: Cast) -> None:
    content = row() + "NOUR@tilleuls.example;N;N;60;Ici;;;;\n"
    assert "Ligne 3 : adresse ou numéro RPPS déjà présent" in text(look(office, cast, content))


def test_more_people_than_may_be_at_once_are_refused(office: Office, cast: Cast, limits: Limits) -> None:
    limits(batch_people=1)
    assert "trop de personnes" in text(look(office, cast, TWO))


def test_nothing_is_sent_while_one_line_is_wrong(office: Office, cast: Cast) -> None:
    assert "Ligne 4" in text(look(office, cast, GOOD))
    assert send(office, cast, GOOD).status_code == 422  # a forged second step is judged again
    settle()
    assert not Invitation.objects.exists()
    assert not mail.outbox


def test_what_was_good_when_looked_at_is_judged_again(office: Office, cast: Cast) -> None:
    assert look(office, cast, TWO).status_code == 200
    Person.objects.filter(pk=cast.gaetan.pk).update(email="come@tilleuls.example")
    answer = send(office, cast, TWO)
    assert answer.status_code == 422
    assert "Ligne 3 : cette adresse a déjà un compte" in text(answer)
    assert not Invitation.objects.exists()


def test_a_file_is_not_sent_on_a_stale_code(office: Office, cast: Cast) -> None:
    go_stale()
    for typed in ("", "000000"):
        assert send(office, cast, TWO, code=typed).status_code == 422
    assert not Invitation.objects.exists()
    assert Action.objects.filter(what="invited", outcome="refused").count() == 2
    assert send(office, cast, TWO, code=unused_code(cast.ines)).status_code == 302
    assert Invitation.objects.count() == 2


def test_a_good_file_is_shown_first_and_leaves_by_one_click(office: Office, cast: Cast) -> None:
    shown = look(office, cast, TWO)
    assert shown.status_code == 200
    assert "Envoyer 2 invitations" in text(shown)
    assert not Invitation.objects.exists()
    assert send(office, cast, TWO).status_code == 302
    settle()
    assert sorted(letter.to[0] for letter in mail.outbox) == [
        "come@tilleuls.example",
        "nour@tilleuls.example",
    ]
    come = Invitation.objects.get(email="come@tilleuls.example")
    assert (come.profession, come.role, come.civility, come.created_by) == ("10", "manager", "M", cast.ines)
    assert Action.objects.filter(what="invited", outcome="done").count() == 2


@pytest.mark.parametrize("written", ["utf-8-sig", "utf-8", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_what_spreadsheets_write_is_read(written: str, separator: str, office: Office, cast: Cast) -> None:
    content = TWO.replace(";", separator).replace("\n", "\r\n").encode(written)
    assert "Côme MODELE" in text(look(office, cast, content))
    assert batches.read_batch(content.decode(written)).is_good
