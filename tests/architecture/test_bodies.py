"""A body beyond the limit is refused by the real server before it is kept anywhere."""

import http.client
import socket
from collections.abc import Callable, Iterator

import pytest

from tests.running import Colloque

MOST = 1024 * 1024
SAID = b'{"code":"too_long","retry_after":null}'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Colloque]:
    running = Colloque(tmp_path_factory.mktemp("bodies"), {}).start()
    yield running
    running.stop()


class Sender:
    """Says what no ordinary client says, and reads the answer while it still speaks."""

    def __init__(self, server: Colloque, *headers: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        lines = [
            "POST /api/sign-in HTTP/1.1",
            f"Host: localhost:{server.port}",
            f"Origin: {server.origin}",
            "Content-Type: application/json",
            *headers,
        ]
        self.say("\r\n".join([*lines, "", ""]).encode())

    def say(self, data: bytes) -> None:
        self._socket.sendall(data)

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        told = http.client.HTTPResponse(self._socket)
        told.begin()
        framing = ("connection", "content-length", "transfer-encoding")
        headers = {name.lower(): value for name, value in told.getheaders() if name.lower() not in framing}
        return told.status, headers, told.read()

    def close(self) -> None:
        self._socket.close()

    def is_cut(self) -> bool:
        try:
            return self._socket.recv(1) == b""
        except ConnectionResetError:
            return True


Speak = Callable[..., Sender]


@pytest.fixture
def speak(server: Colloque) -> Iterator[Speak]:
    senders: list[Sender] = []

    def begin(*headers: str) -> Sender:
        senders.append(Sender(server, *headers))
        return senders[-1]

    yield begin
    for sender in senders:
        sender.close()


def chunk(size: int) -> bytes:
    return f"{size:x}\r\n".encode() + b"a" * size + b"\r\n"


def test_h2_a_length_beyond_the_limit_is_refused_before_one_byte_of_it(speak: Speak) -> None:
    sender = speak(f"Content-Length: {MOST + 1}")
    status, _, body = sender.answer()
    assert (status, body) == (413, SAID)


def test_h2_chunks_beyond_the_limit_are_refused_while_they_come(speak: Speak) -> None:
    sender = speak("Transfer-Encoding: chunked")
    for _ in range(17):
        sender.say(chunk(64 * 1024))
    status, _, body = sender.answer()
    assert (status, body) == (413, SAID)


def test_what_follows_a_refusal_is_not_kept_and_ends_the_connection(speak: Speak) -> None:
    sender = speak(f"Content-Length: {MOST + 1}")
    sender.say(b"a" * (MOST + 1) + b"GET /health/live HTTP/1.1\r\n\r\n")
    assert sender.answer()[0] == 413
    assert sender.is_cut()


def test_who_does_not_stop_is_cut_off(speak: Speak) -> None:
    sender = speak(f"Content-Length: {1024 * MOST}")
    with pytest.raises(ConnectionError):
        sender.say(b"a" * 64 * MOST)


def test_the_refusal_is_that_of_the_edge(speak: Speak) -> None:
    """Whoever measures the limits learns nothing from where a refusal was made."""
    early, edge = speak(f"Content-Length: {MOST + 1}"), speak(f"Content-Length: {MOST}")
    edge.say(b"a" * MOST)
    assert early.answer() == edge.answer()


def test_other_bodies_are_read_as_before(speak: Speak) -> None:
    sender = speak("Transfer-Encoding: chunked")
    sender.say(chunk(100) + b"0\r\n\r\n")
    assert sender.answer()[2] == b'{"code":"bad_request","retry_after":null}'
    sized = speak("Content-Length: 2")
    sized.say(b"{}")
    assert sized.answer()[2] == b'{"code":"bad_request","retry_after":null}'
