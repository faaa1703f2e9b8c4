"""Bodies beyond the limit end here. Twisted keeps a whole body, on disk when it is long, before Daphne calls
the application: a check behind that would come after the cost."""

from typing import Any

from daphne.http_protocol import HTTPFactory, WebRequest
from django.http import HttpRequest
from twisted.web.http import RESPONSES

from accounts.edge import refusal_response
from accounts.errors import Refused
from accounts.limits import limit
from project.headers import harden

_PATIENCE = 16  # so many times the limit are read and dropped, so that the answer arrives


class BoundedFactory(HTTPFactory):  # type: ignore[misc]  # Daphne has no types
    def buildProtocol(self, addr: Any) -> Any:
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = BoundedRequest
        return protocol


class BoundedRequest(WebRequest):  # type: ignore[misc]  # Daphne has no types
    """Refuses by the length announced, or while more comes than may."""

    _got = 0
    _refused = False

    def gotLength(self, length: int | None) -> None:
        super().gotLength(0 if _is_beyond(length) else length)
        if _is_beyond(length):
            self._refuse()

    def handleContentChunk(self, data: bytes) -> None:
        self._got += len(data)
        if not self._refused and _is_beyond(self._got):
            self._refuse()
        if not self._refused:
            super().handleContentChunk(data)
        elif self._got > _PATIENCE * limit("http_body_bytes"):
            self.channel.transport.abortConnection()

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        if self._refused:
            self.channel.loseConnection()
        else:
            super().requestReceived(command, path, version)

    def _refuse(self) -> None:
        self._refused = True
        self.channel.transport.write(_refusal(self.server.server_name))


def _is_beyond(length: int | None) -> bool:
    return length is not None and length > limit("http_body_bytes")


def _refusal(name: str) -> bytes:
    asked = HttpRequest()
    asked.path = "/api/"
    answer = harden(asked, refusal_response(Refused("too_long")))
    content = b"".join(answer)
    lines = [
        b"HTTP/1.1 %d %s" % (answer.status_code, RESPONSES[answer.status_code]),
        *(f"{field}: {value}".encode() for field, value in answer.headers.items()),
        f"Server: {name}".encode(),
        b"Content-Length: %d" % len(content),
        b"Connection: close",
    ]
    return b"\r\n".join([*lines, b"", content])
