"""The server as it runs: on both addresses of localhost, with one set of headers, ending with its starter."""

import contextlib
import http.client
import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from project.headers import CONTENT_SECURITY_POLICY
from tests import services
from tests.running import Colloque


@pytest.fixture(scope="module")
def client_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    (folder / "assets").mkdir()
    (folder / "index.html").write_text("<!doctype html><title>Colloque</title>")
    (folder / "assets" / "main-B3xY_9aZ.js").write_text("export {};")
    (folder / "assets" / "main-B3xY_9aZ.js.gz").write_bytes(b"\x1f\x8bshort")
    (folder / "icon.svg").write_text("<svg/>")
    return folder


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, client_folder: Path) -> Iterator[Colloque]:
    running = Colloque(tmp_path_factory.mktemp("serving"), {"COLLOQUE_CLIENT": str(client_folder)}).start()
    yield running
    running.stop()


def get(
    server: Colloque, path: str, *, host: str = "127.0.0.1", method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(host, server.port, timeout=10)
    try:
        connection.request(method, path, headers={"Host": f"localhost:{server.port}", **headers})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@pytest.mark.postgres
def test_it_ends_in_time_when_its_database_is_gone(tmp_path: Path) -> None:
    with services.postgres() as database:
        told = {"DATABASE_URL": database.create("gone"), "COLLOQUE_LIMIT_STOP_SECONDS": "2"}
        server = Colloque(tmp_path, told).start()
        try:
            database.stop(signal.SIGQUIT)
            asked = [threading.Thread(target=_ask_for_session, args=[server]) for _ in range(3)]
            for thread in asked:
                thread.start()
            time.sleep(0.5)  # now they wait for a connection
            begun = time.monotonic()
            server.stop()
            assert time.monotonic() - begun < 3.5
        finally:
            for thread in asked:
                thread.join()


def _ask_for_session(server: Colloque) -> None:
    with contextlib.suppress(OSError, http.client.HTTPException):
        get(server, "/api/session", Cookie="colloque=none")


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_it_listens_on_both_addresses_of_localhost(server: Colloque, host: str) -> None:
    status, headers, body = get(server, "/", host=host)
    assert (status, headers["content-type"]) == (200, 'text/html; charset="utf-8"')
    assert body.startswith(b"<!doctype html>")


def test_a_foreign_host_name_is_refused(server: Colloque) -> None:
    assert get(server, "/api/session", Host="attacker.example")[0] == 400


@pytest.mark.parametrize(
    "path", ["/", "/api/session", "/api/nowhere", "/nowhere", "/assets/main-B3xY_9aZ.js", "/icon.svg"]
)
def test_every_answer_carries_the_headers(server: Colloque, path: str) -> None:
    headers = get(server, path)[1]
    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-embedder-policy"] == "require-corp"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "camera=()" in headers["permissions-policy"]
    assert "access-control-allow-origin" not in headers
    assert "strict-transport-security" not in headers


def test_the_policy_leaves_no_door_open() -> None:
    rules = dict(rule.split(" ", 1) for rule in CONTENT_SECURITY_POLICY.split("; "))
    assert (
        rules["default-src"]
        == rules["object-src"]
        == rules["base-uri"]
        == rules["frame-ancestors"]
        == "'none'"
    )
    assert rules["script-src"] == "'self' 'wasm-unsafe-eval'"
    for forbidden in ("unsafe-inline", "'unsafe-eval'", "http:", "https:", "data:", "*"):
        assert forbidden not in CONTENT_SECURITY_POLICY


def test_the_api_is_never_stored_and_hashed_files_for_ever(server: Colloque) -> None:
    assert get(server, "/api/session")[1]["cache-control"] == "no-store"
    assert "immutable" in get(server, "/assets/main-B3xY_9aZ.js")[1]["cache-control"]
    assert get(server, "/")[1]["cache-control"] == "max-age=0, public"
    assert "immutable" not in get(server, "/icon.svg")[1]["cache-control"]


def test_the_compressed_twin_is_sent_to_who_reads_it(server: Colloque) -> None:
    status, headers, body = get(server, "/assets/main-B3xY_9aZ.js", **{"Accept-Encoding": "gzip"})
    assert (status, headers["content-encoding"], body) == (200, "gzip", b"\x1f\x8bshort")


def test_the_client_cannot_be_posted_to(server: Colloque) -> None:
    assert get(server, "/", method="POST")[0] == 405


@pytest.mark.parametrize(
    "path", ["/assets/../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/assets/"]
)
def test_nothing_outside_the_client_is_served(server: Colloque, path: str) -> None:
    assert get(server, path)[0] == 404


def test_a_taken_port_ends_the_start_with_one_line(server: Colloque, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=f"Port {server.port} is taken"):
        Colloque(tmp_path, {}, port=server.port).start()


def test_it_ends_when_its_starter_dies(tmp_path: Path) -> None:
    running = Colloque(tmp_path, {}).start()
    pid = running.pid
    running.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", running.port), timeout=1).close()


def test_two_hundred_requests_at_once_are_all_answered(server: Colloque) -> None:
    opened = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(200)]
    for one in opened:
        one.sendall(f"GET / HTTP/1.1\r\nHost: localhost:{server.port}\r\nConnection: close\r\n\r\n".encode())
    assert all(one.recv(15).startswith(b"HTTP/1.1 200") for one in opened)
    for one in opened:
        one.close()


def test_its_log_holds_json_lines_only_and_no_access_log(server: Colloque) -> None:
    get(server, "/api/session?secret=canary-in-a-query")
    get(server, "/canary-in-a-path", Host="canary.example")
    time.sleep(0.2)
    lines = server.log.read_text().splitlines()
    assert all(isinstance(json.loads(line), dict) for line in lines)
    assert "canary" not in server.log.read_text()


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("COLLOQUE_SECRET_KEY", "short", "COLLOQUE_SECRET_KEY is too short"),
        ("COLLOQUE_AT_REST_KEY", "AAAA", "COLLOQUE_AT_REST_KEY must be 32 bytes"),
        ("COLLOQUE_ORIGINS", "http://colloque.example", "is not an exact https origin"),
        ("COLLOQUE_ORIGINS", "https://*.colloque.example", "is not an exact https origin"),
        ("COLLOQUE_ORIGINS", "https://colloque.example/", "is not an exact https origin"),
        ("COLLOQUE_LIMIT_FRAME_BYTES", "many", "invalid literal"),
    ],
)
def test_an_unsafe_setting_stops_the_start(tmp_path: Path, setting: str, value: str, told: str) -> None:
    with pytest.raises(AssertionError, match=told):
        Colloque(tmp_path, {setting: value}).start()


@pytest.mark.parametrize("setting", ["COLLOQUE_SECRET_KEY", "COLLOQUE_AT_REST_KEY", "COLLOQUE_ORIGINS"])
def test_a_missing_secret_stops_the_start(tmp_path: Path, setting: str) -> None:
    server = Colloque(tmp_path, {})
    del server._told[setting]
    with pytest.raises(AssertionError, match=f"Set the {setting} environment variable"):
        server.start()


def test_https_origins_bring_secure_cookies_and_strict_transport(tmp_path: Path) -> None:
    running = Colloque(tmp_path, {"COLLOQUE_ORIGINS": "https://colloque.example"}).start()
    try:
        headers = get(running, "/api/session", Host="colloque.example")[1]
        assert headers["strict-transport-security"] == "max-age=63072000; includeSubDomains; preload"
        code = "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE)"
        assert running.manage("shell", "--no-imports", "-c", code).split() == ["__Host-colloque", "True"]
    finally:
        running.stop()
