"""The demonstration: fictional people that the product would accept, and a page that shows their phones."""

import http.client
import json
import re
import stat
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from itertools import permutations
from pathlib import Path

import pytest

from accounts.passwords import is_strong
from accounts.services.invitations import Identity
from accounts.specialities import title_of
from project.bootstrap import place
from project.bootstrap.console import Fault
from project.bootstrap.ports import free_port
from project.demo import headless, totp
from project.demo.headless import Headless, Refusal
from project.demo.mails import read_mails
from project.demo.people import ADMINISTRATOR, CAST, ORGANISATION
from project.demo.phones import WORDS, Phone, new_password, read, write
from project.demo.talks import TALKS
from project.demo.web import PhonesPage


# RFC 6238, appendix B, shortened to six digits.
@pytest.mark.parametrize(
    ("at", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
    ],
)
def test_codes_are_those_of_the_standard(at: int, code: str) -> None:
    assert totp.code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", at) == code
    assert totp.code("gezdgnbvgy3tqojqgezdgnbvgy3tqojq", at) == code


def test_a_code_lasts_for_what_the_page_says() -> None:
    assert [totp.seconds_left(at) for at in (0, 1.9, 29.9, 30)] == [30, 29, 1, 30]


def test_everybody_could_be_invited() -> None:
    for actor in CAST:
        told = {name: value for name, value in asdict(actor).items() if name not in ("key", "title")}
        assert Identity(email=actor.email, **told).faults() == [], actor.key


def test_everybody_is_called_what_the_directory_says() -> None:
    for actor in CAST:
        said = title_of(profession=actor.profession, civility=actor.civility, speciality=actor.speciality)
        assert said == actor.title


def test_nobody_is_real() -> None:
    assert all(actor.rpps is None or actor.rpps.startswith("997009") for actor in CAST)
    assert all(actor.email.endswith(".example") for actor in CAST)
    assert len({actor.key for actor in CAST}) == len({actor.family for actor in CAST}) == 6


def test_the_cast_holds_the_roles_that_the_readme_promises() -> None:
    professions = [actor.profession for actor in CAST]
    assert (professions.count("60"), professions.count("10"), professions.count("21")) == (1, 2, 1)
    assert {actor.role for actor in CAST} == {"member", "coordinator", "manager"}


def test_every_password_that_may_be_generated_satisfies_the_rules_for_everybody() -> None:
    for actor in CAST:
        names = [actor.email, actor.given, actor.family, ORGANISATION]
        for first, second in permutations(WORDS, 2):
            third = next(word for word in WORDS if word not in (first, second))
            assert is_strong(f"{first}-{second}-4827-{third}", names=names), (actor.key, first, second)


def test_two_generated_passwords_differ() -> None:
    made = [new_password() for _ in range(50)]
    assert len(set(made)) == 50
    assert all(re.fullmatch(r"\w+-\w+-\d{4}-\w+", password) for password in made)


def test_talks_are_between_two_of_the_cast_and_quote_what_was_said() -> None:
    keys = {actor.key for actor in CAST}
    assert len({frozenset(talk.everybody) for talk in TALKS}) == len(TALKS)
    for talk in TALKS:
        assert talk.starter not in talk.others
        assert {*talk.everybody} <= keys
        for place_, line in enumerate(talk.lines):
            assert line.by in talk.everybody
            assert line.quotes is None or 0 <= line.quotes < place_
        texts = [line.text for line in talk.lines]
        assert len(set(texts)) == len(texts)


def test_somebody_of_the_cast_enters_the_administration() -> None:
    assert [actor.role for actor in CAST if actor.key == ADMINISTRATOR] == ["manager"]


def test_the_first_screen_is_alive() -> None:
    assert sum(line.unread for talk in TALKS for line in talk.lines) >= 3


PHONE = Phone(
    key="ines",
    name='Inès <b>"FACTICE"</b>',
    title="Infirmière",
    email="ines@msp-tilleuls.example",
    password="Verveine-Granit-4827-Loutre",
    totp_secret="GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
    printed_codes=("ABCD-EFGH", "JKLM-NPQR"),
    recovery_code=("0123", "4567", "89AB"),
)
MAIL = """Content-Type: text/plain; charset="utf-8"
MIME-Version: 1.0
Content-Transfer-Encoding: 8bit
Subject: Votre invitation <script>
From: colloque@localhost
To: ines@msp-tilleuls.example
Date: Tue, 24 Nov 2026 09:00:00 -0000
Message-ID: <1@localhost>

Bonjour,

http://localhost:8000/#/invitation/abc_DEF-123
http://attacker.example/<img src=x>

-------------------------------------------------------------------------------
"""


def test_phones_are_kept_for_the_owner_only(tmp_path: Path) -> None:
    write(tmp_path / "phones.json", [PHONE])
    assert read(tmp_path / "phones.json") == [PHONE]
    assert stat.S_IMODE((tmp_path / "phones.json").stat().st_mode) == 0o600


def test_mails_are_read_as_django_wrote_them(tmp_path: Path) -> None:
    (tmp_path / "1.log").write_text(MAIL + MAIL.replace("invitation <script>", "second"))
    first, second = read_mails(tmp_path)
    assert (first.subject, second.subject) == ("Votre second", "Votre invitation <script>")
    assert first.to == PHONE.email
    assert "#/invitation/abc_DEF-123" in first.text


@pytest.fixture
def page(tmp_path: Path) -> Iterator[PhonesPage]:
    (tmp_path / "1.log").write_text(MAIL)
    serving = PhonesPage(
        port=free_port(18700),
        origin="http://localhost:8000",
        admin="http://admin.localhost:8000",
        people=[PHONE, replace(PHONE, key=ADMINISTRATOR)],
        mail=tmp_path,
    )
    serving.start()
    yield serving
    serving.stop()


def get(page: PhonesPage, path: str, host: str | None = None) -> tuple[int, http.client.HTTPMessage, str]:
    name = page.origin.removeprefix("http://")
    connection = http.client.HTTPConnection("127.0.0.1", int(name.split(":")[1]), timeout=5)
    try:
        connection.request("GET", path, headers={"Host": host or name})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    finally:
        connection.close()


def test_a_foreign_host_name_reads_no_code(page: PhonesPage) -> None:
    for path in ("/", "/codes.json", "/phones.js"):
        status, _, body = get(page, path, host="attacker.example")
        assert (status, body) == (403, "")


def test_the_page_shows_the_phone_under_a_strict_policy(page: PhonesPage) -> None:
    status, headers, body = get(page, "/")
    assert status == 200
    assert "default-src 'none'" in str(headers["Content-Security-Policy"])
    assert "unsafe" not in str(headers["Content-Security-Policy"])
    assert headers["Cache-Control"] == "no-store"
    for told in (
        PHONE.password,
        "0123 4567 89AB",
        "ABCD-EFGH",
        PHONE.email,
        "Les téléphones",
        '<html lang="fr">',
    ):
        assert told in body
    assert PHONE.totp_secret not in body


def test_what_mails_and_names_hold_stays_text(page: PhonesPage) -> None:
    body = get(page, "/")[2]
    assert "<script>" not in body
    assert "<img" not in body
    assert "<b>" not in body
    assert re.findall(r'<a href="([^"]*)"', body) == [
        "http://localhost:8000",
        "http://admin.localhost:8000",
        "http://localhost:8000/#/invitation/abc_DEF-123",
    ]
    assert "style=" not in body


def test_live_codes_are_those_of_now(page: PhonesPage) -> None:
    told = json.loads(get(page, "/codes.json")[2])
    assert re.fullmatch(r"\d{6}", told["codes"]["ines"])
    assert 1 <= told["left"] <= 30
    assert told["mails"] == 1


@pytest.mark.parametrize("path", ["/phones.json", "/../phones.json", "/people.py", "/phones.css/x"])
def test_nothing_else_is_served(page: PhonesPage, path: str) -> None:
    assert get(page, path)[0] == 404


# Stands in for the client's program only: what it says on its two pipes.
_PROGRAM = """#!%s
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps({"event": {"type": "connection"}}), flush=True)
    if asked["command"] == "stop":
        sys.exit(0)
    refused = {"error": {"code": "bad_code", "retryAfter": None}}
    answer = refused if asked["command"] == "refuse" else {"result": asked["input"]}
    print(json.dumps({"id": asked["id"], **answer}), flush=True)
"""


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Headless]:
    node = tmp_path / "node"
    node.write_text(_PROGRAM % sys.executable)
    node.chmod(0o700)
    monkeypatch.setattr(headless, "BIN", tmp_path)
    assert tmp_path != place.BIN
    with (tmp_path / "log").open("w") as log:
        driven = Headless(origin="http://localhost:8000", state=tmp_path / "state", log=log)
        yield driven
        driven.close()


def test_the_client_is_asked_and_answers(client: Headless) -> None:
    assert client.ask("page", limit=3) == {"limit": 3}
    with pytest.raises(Refusal, match="refused refuse: bad_code"):
        client.ask("refuse")
    assert client.ask("open") == {}


def test_a_client_that_stops_is_named(client: Headless) -> None:
    with pytest.raises(Fault, match="stopped during stop"):
        client.ask("stop")
