"""The address for whoever watches, as the server runs: apart from the public one, both ways."""

import http.client
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import services
from tests.running import Colloque


@pytest.fixture(scope="module")
def watch_port() -> int:
    return services.free_port()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, watch_port: int) -> Iterator[Colloque]:
    folder = tmp_path_factory.mktemp("watched")
    running = Colloque(folder, {"COLLOQUE_WATCH": f"127.0.0.1:{watch_port}"}).start()
    yield running
    running.stop()


def get(port: int, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def test_figures_and_health_are_at_their_own_address(server: Colloque, watch_port: int) -> None:
    status, headers, body = get(watch_port, "/metrics")
    assert (status, headers["content-type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    assert b"\ncolloque_ready 1\n" in body
    assert get(watch_port, "/health/live")[::2] == (200, b'{"live":true}')
    status, _, body = get(watch_port, "/health/ready")
    assert (status, json.loads(body)["database"]) == (200, "answers")


@pytest.mark.parametrize("path", ["/", "/api/session", "/metrics/", "/index.html", "/health"])
def test_nothing_else_is_there(server: Colloque, watch_port: int, path: str) -> None:
    assert get(watch_port, path, Host=f"localhost:{server.port}")[::2] == (404, b"")


def test_it_only_answers_questions(server: Colloque, watch_port: int) -> None:
    assert get(watch_port, "/metrics", method="POST")[0] == 404
    upgrade = {
        "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==", "Sec-WebSocket-Protocol": "colloque.1",
        "Origin": server.origin,
    }  # fmt: skip
    assert get(watch_port, "/ws", **upgrade)[0] == 403


def test_the_public_address_has_no_figures(server: Colloque, watch_port: int) -> None:
    for host in (f"localhost:{server.port}", f"localhost:{watch_port}"):
        assert get(server.port, "/metrics", Host=host)[0] == 404
    ready = get(server.port, "/health/ready", Host=f"localhost:{server.port}")
    assert (ready[0], ready[1]["cache-control"]) == (200, "no-store")


def test_a_taken_address_ends_the_start_with_one_line(
    tmp_path: Path, watch_port: int, server: Colloque
) -> None:
    with pytest.raises(AssertionError, match=f"or the address 127.0.0.1:{watch_port} is taken"):
        Colloque(tmp_path, {"COLLOQUE_WATCH": f"127.0.0.1:{watch_port}"}).start()


def test_a_database_that_is_broken_makes_it_unready_and_not_dead(tmp_path: Path) -> None:
    port = services.free_port()
    server = Colloque(tmp_path, {"COLLOQUE_WATCH": f"127.0.0.1:{port}"}).start()
    try:
        assert get(port, "/health/ready")[0] == 200
        for file in tmp_path.glob("colloque.sqlite3*"):
            file.write_bytes(b"no database" * 1000)
        time.sleep(1.1)  # what was answered holds for a second
        status, headers, body = get(port, "/health/ready")
        assert (status, headers["retry-after"], json.loads(body)["database"]) == (503, "2", "silent")
        assert get(port, "/health/live")[0] == 200
        text = get(port, "/metrics")[2]
        assert b"\ncolloque_database_answers 0\n" in text
        assert b"colloque_messages_shown_total" not in text
    finally:
        server.stop()
