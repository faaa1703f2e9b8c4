"""The host as any program can reach it: plain requests and one socket, with exactly the headers given."""

import http.client
import json
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from websockets.sync.client import ClientConnection, connect

from messaging.protocol import SUBPROTOCOL

SAME = "the origin of the server itself"


class Answer(NamedTuple):
    status: int
    body: Any
    raw: bytes

    @property
    def code(self) -> str | None:
        return self.body.get("code") if isinstance(self.body, dict) else None


class Place(Protocol):
    """The server, or whatever stands before it."""

    origin: str
    port: int


class Wire:
    """One session's cookie and whatever a test wants to say with it."""

    def __init__(self, server: Place) -> None:
        self.server = server
        self.cookie: str | None = None

    def post(
        self,
        path: str,
        body: object = None,
        *,
        origin: str | None = SAME,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        text = json.dumps({} if body is None else body).encode()
        said = {"Content-Type": "application/json", **self.headers(origin), **(headers or {})}
        return self._ask("POST", path, said, text)

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, self.headers(None), None)

    def fine(self, path: str, body: object = None) -> Any:
        """The body of an answer that must be a good one; `body` None asks by GET."""
        answer = self.get(path) if body is None else self.post(path, body)
        assert answer.status == 200, f"{path}: {answer.status} {answer.raw[:300]!r}"
        return answer.body

    def headers(self, origin: str | None) -> dict[str, str]:
        said = {"Host": f"localhost:{self.server.port}"}
        if origin is not None:
            said["Origin"] = self.server.origin if origin == SAME else origin
        if self.cookie is not None:
            said["Cookie"] = self.cookie
        return said

    def socket(self, *, origin: str | None = SAME) -> "ClientConnection":
        said = self.headers(origin)
        return connect(
            f"ws://localhost:{self.server.port}/ws",
            subprotocols=[SUBPROTOCOL],  # type: ignore[list-item]
            additional_headers=[(name, said[name]) for name in ("Origin", "Cookie") if name in said],
            compression=None,
            proxy=None,
            max_size=2**20,
        )

    def _ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        line = http.client.HTTPConnection("localhost", self.server.port, timeout=30)
        try:
            line.request(method, path, body, dict(headers))
            answer = line.getresponse()
            raw = answer.read()
            self._keep(answer.headers.get_all("Set-Cookie") or [])
        finally:
            line.close()
        is_json = answer.headers.get_content_type() == "application/json"
        return Answer(answer.status, json.loads(raw) if is_json else None, raw)

    def _keep(self, set_cookies: list[str]) -> None:
        for line in set_cookies:
            pair = line.split(";", 1)[0]
            self.cookie = pair if not pair.endswith(("=", '=""')) else None
