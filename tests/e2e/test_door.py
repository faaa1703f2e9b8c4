"""Attacks on the way in, over the wire of the running server."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection

from accounts.protocol import b64
from messaging.protocol import CLOSE
from tests.conftest import StartColloque
from tests.e2e.people import Account, invite
from tests.e2e.scribe import Scribe
from tests.e2e.settings import told
from tests.e2e.wire import Answer, Wire
from tests.running import Colloque

TRIES = 50
POST = {
    "/api/vault/make": {"vault": "A" * 22, "device": "A" * 43},
    "/api/vault/open": {"vault": "A" * 22},
    "/api/session/challenge": {},
    "/api/session/device": {"device": "A" * 43, "signature": "A" * 86},
    "/api/keys/append": {"statements": ["AA"], "seeds": []},
    "/api/epochs": {"conversation": None, "statement": "AA", "wraps": []},
    "/api/factor/fresh": {"code": "000000"},
    "/api/factor/passkey/begin": {},
    "/api/factor/remove": {"factor": "totp"},
    "/api/factor/totp/begin": {},
    "/api/factor/totp/confirm": {"code": "000000"},
    "/api/unlock": {"code": "000000"},
}
GET = (
    "/api/factors", "/api/people?q=a", "/api/people/" + "0" * 32, "/api/conversations", "/api/keys/mine",
    f"/api/keys/log?chain={'A' * 43}&after=-1", f"/api/entries?conversation={'A' * 43}&after=0&limit=5",
    f"/api/markers?conversation={'A' * 43}",
)  # fmt: skip
FOREIGN = ["https://mal.example", "null", "http://localhost", "HTTP://LOCALHOST", "same:1", "same/", "samex"]


@pytest.fixture(scope="module")
def server(start_colloque: StartColloque) -> Colloque:
    return start_colloque(told=told())


@pytest.fixture(scope="module")
def people(server: Colloque) -> Iterator[Account]:
    return invite(server, 20)


@pytest.fixture(scope="module")
def ines(server: Colloque, people: Iterator[Account]) -> Scribe:
    return Scribe(server, next(people)).join()


def _password_only(server: Colloque, account: Account) -> Wire:
    wire = Wire(server)
    given = {"email": account.email, "password": account.password, "shared": False}
    assert wire.fine("/api/sign-in", given)["stage"] == "second_factor"
    return wire


def test_f1_a_password_only_session_opens_no_socket(server: Colloque, ines: Scribe) -> None:
    assert _closed_with(_password_only(server, ines.account)) == CLOSE["signed_out"]


def test_f1_a_session_without_a_bound_device_opens_no_socket(server: Colloque, ines: Scribe) -> None:
    wire = _password_only(server, ines.account)
    wire.fine("/api/sign-in/printed", {"code": ines.account.printed.pop()})
    assert _closed_with(wire) == CLOSE["not_allowed"]


@pytest.mark.parametrize("path", sorted(POST))
def test_h4_a_password_only_session_posts_nothing_else(path: str, server: Colloque, ines: Scribe) -> None:
    answer = _password_only(server, ines.account).post(path, POST[path])
    assert (answer.status, answer.code) == (403, "second_factor_needed")


@pytest.mark.parametrize("path", GET)
def test_h4_a_password_only_session_reads_nothing(path: str, server: Colloque, ines: Scribe) -> None:
    answer = _password_only(server, ines.account).get(path)
    assert (answer.status, answer.code) == (403, "second_factor_needed")


@pytest.mark.parametrize("origin", [None, *FOREIGN])
def test_h1_no_request_of_another_origin_is_taken(origin: str | None, server: Colloque, ines: Scribe) -> None:
    said = None if origin is None else origin.replace("same", server.origin)
    given = {"email": ines.account.email, "password": ines.account.password, "shared": False}
    answer = Wire(server).post("/api/sign-in", given, origin=said)
    assert (answer.status, answer.code) == (403, "bad_origin")
    assert ines.wire.post("/api/session/challenge", {}, origin=said).code == "bad_origin"


@pytest.mark.parametrize("origin", [None, *FOREIGN])
def test_f1_no_socket_of_another_origin_is_taken(origin: str | None, server: Colloque, ines: Scribe) -> None:
    said = None if origin is None else origin.replace("same", server.origin)
    assert _closed_with(ines.wire, origin=said) in (400, 403, CLOSE["not_allowed"])


@pytest.mark.parametrize(
    "header", ["X-Forwarded-Host", "X_Origin", "Referer", "Access-Control-Request-Origin"]
)
def test_h1_no_other_header_stands_in_for_an_origin(header: str, server: Colloque, ines: Scribe) -> None:
    answer = ines.wire.post("/api/session/challenge", {}, origin=None, headers={header: server.origin})
    assert answer.code == "bad_origin"


def test_one_totp_code_signs_one_of_50_browsers_in(server: Colloque, people: Iterator[Account]) -> None:
    account = next(people)
    Scribe(server, account).enrol()
    waiting = [_password_only(server, account) for _ in range(TRIES)]
    typed = account.code()
    answers = _all_at_once([_ask(wire, "/api/sign-in/code", typed) for wire in waiting])
    assert [answer.status for answer in answers].count(200) == 1
    assert sum(wire.fine("/api/session")["stage"] == "signed_in" for wire in waiting) == 1


def test_one_printed_code_signs_one_of_50_browsers_in(server: Colloque, people: Iterator[Account]) -> None:
    account = next(people)
    Scribe(server, account).enrol()
    waiting = [_password_only(server, account) for _ in range(TRIES)]
    answers = _all_at_once([_ask(wire, "/api/sign-in/printed", account.printed[0]) for wire in waiting])
    assert [answer.status for answer in answers].count(200) == 1
    assert sum(wire.fine("/api/session")["stage"] == "signed_in" for wire in waiting) == 1


def test_no_answer_contains_the_password_that_was_typed(server: Colloque, people: Iterator[Account]) -> None:
    typed = "Motif-Introuvable-93-Azur"
    account = next(people)
    wire = Wire(server)
    answers = [
        wire.post("/api/sign-in", {"email": account.email, "password": typed, "shared": False}),
        wire.post("/api/sign-in", {"email": typed, "password": typed, "shared": typed}),
        wire.post("/api/invitation/accept", {"token": typed, "password": typed}),
        wire.post("/api/password/reset", {"token": typed, "password": typed, "extra": typed}),
        wire.post("/api/invitation/accept", {"token": account.token, "password": typed}),
        wire.get("/api/session"),
        wire.get(f"/{typed}"),
    ]
    assert answers[4].status == 200
    assert [answer.status for answer in answers if typed.encode() in answer.raw] == []


def test_f2_what_is_sealed_over_the_wire_comes_back(server: Colloque, people: Iterator[Account]) -> None:
    ines, anne_lise = (Scribe(server, next(people)).join() for _ in range(2))
    conversation = ines.start_direct(anne_lise.account.family)
    for number in range(3):
        ines.send(conversation, f"Bonjour {number}")
    assert anne_lise.pull(conversation).texts == ["Bonjour 0", "Bonjour 1", "Bonjour 2"]
    ines.close()


def test_o5_an_entry_comes_back_as_it_was_made(server: Colloque, people: Iterator[Account]) -> None:
    ines, anne_lise = (Scribe(server, next(people)).join() for _ in range(2))
    conversation = ines.start_direct(anne_lise.account.family)
    entry = ines.send(conversation, "Octet par octet")
    page = anne_lise.wire.fine(f"/api/entries?conversation={b64(conversation)}&after=1&limit=5")
    assert [row["entry"] for row in page["entries"]] == [b64(entry)]
    ines.close()


def test_f2_the_same_bytes_again_get_the_same_answer(server: Colloque, people: Iterator[Account]) -> None:
    ines, anne_lise = (Scribe(server, next(people)).join() for _ in range(2))
    conversation = ines.start_direct(anne_lise.account.family)
    entry = ines.seal(ines.talks[conversation], "Une seule fois")
    first, second = ines.append(conversation, entry), ines.append(conversation, entry)
    assert (first["seq"], first["at"]) == (second["seq"], second["at"])
    assert anne_lise.pull(conversation).texts == ["Une seule fois"]
    ines.close()


def _ask(wire: Wire, path: str, code: str) -> Callable[[], Answer]:
    return lambda: wire.post(path, {"code": code})


def _all_at_once(asks: list[Callable[[], Answer]]) -> list[Answer]:
    with ThreadPoolExecutor(len(asks)) as pool:
        return [asked.result() for asked in [pool.submit(ask) for ask in asks]]


def _closed_with(wire: Wire, **origin: str | None) -> int:
    """The close code, or the status when the handshake itself was refused; a socket that works is a fault."""
    try:
        with wire.socket(**origin) as socket:
            return _greeted(socket)
    except InvalidStatus as refused:
        return refused.response.status_code


def _greeted(socket: ClientConnection) -> int:
    with pytest.raises(ConnectionClosed) as closed:
        _greet(socket)
    return closed.value.rcvd.code if closed.value.rcvd is not None else 0


def _greet(socket: ClientConnection) -> None:
    """The host may close before it was greeted, or after."""
    socket.send(json.dumps({"type": "hello", "protocol": 1, "heads": []}))
    socket.recv(timeout=10)
