"""The HTTP routes as a client calls them (PROTOCOL.md H): one session and its cookies."""

import asyncio
import http.client
import json
from http.cookies import SimpleCookie
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from accounts.protocol import b64, octets

SECONDS: Final = 30
Answer = dict[str, Any]


class Rejected(Exception):
    """The server's refusal: its code is what counts."""

    def __init__(self, status: int, answer: Answer) -> None:
        self.status, self.answer = status, answer
        self.code = str(answer.get("code"))
        self.retry_after = answer.get("retry_after")
        super().__init__(f"{status} {self.code}")


class Api:
    def __init__(self, origin: str) -> None:
        self.origin = origin
        self._host = urlsplit(origin).netloc
        self._cookies: dict[str, str] = {}

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    def at(self, origin: str) -> "Api":
        """The same session before another process of the server."""
        other = Api(origin)
        other._cookies = self._cookies
        return other

    async def get(self, path: str, **query: str | int) -> Answer:
        return await asyncio.to_thread(
            self._call, "GET", f"{path}?{urlencode(query)}" if query else path, None
        )

    async def post(self, path: str, **body: Any) -> Answer:
        return await asyncio.to_thread(self._call, "POST", path, json.dumps(body).encode())

    async def sign_in(self, email: str, password: str, code: str) -> Answer:
        await self.post("/api/sign-in", email=email, password=password, shared=False)
        return await self.post("/api/sign-in/code", code=code)

    async def entries(self, conversation: bytes, after: int, limit: int = 500) -> Answer:
        return await self.get("/api/entries", conversation=b64(conversation), after=after, limit=limit)

    async def key_log(self, chain: bytes, after: int = -1) -> list[bytes]:
        """All that follows, page by page (H9)."""
        found: list[bytes] = []
        while True:
            answer = await self.get("/api/keys/log", chain=b64(chain), after=after + len(found))
            found += [octets(statement) for statement in answer["statements"]]
            if not answer["statements"] or after + len(found) >= answer["head"]["n"]:
                return found

    async def post_epoch(
        self, conversation: bytes | None, statement: bytes, wraps: dict[bytes, bytes]
    ) -> Answer:
        return await self.post(
            "/api/epochs",
            conversation=None if conversation is None else b64(conversation),
            statement=b64(statement),
            wraps=[[b64(chain), b64(sealed)] for chain, sealed in wraps.items()],
        )

    def _call(self, method: str, path: str, body: bytes | None) -> Answer:
        connection = http.client.HTTPConnection(self._host, timeout=SECONDS)
        headers = {"Origin": self.origin, "Cookie": self.cookie, "Content-Type": "application/json"}
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            self._keep(response)
            answer: Answer = json.loads(response.read())
        finally:
            connection.close()
        if response.status >= 400:
            raise Rejected(response.status, answer)
        return answer

    def _keep(self, response: http.client.HTTPResponse) -> None:
        for line in response.msg.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                if morsel.value and morsel["max-age"] != "0":
                    self._cookies[name] = morsel.value
                else:
                    self._cookies.pop(name, None)
