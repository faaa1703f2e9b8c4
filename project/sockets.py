"""Daphne's sockets, with a short way out: what is dealt to many costs each little more than the system's own
write. Daphne and autobahn would spend most of a delivery on asking again what is known already."""

from typing import Any

from daphne.server import Server
from daphne.ws_protocol import WebSocketProtocol

from messaging.exchange.writer import EXTENSION

_TEXT = 0x81  # a whole message, as text


class SocketServer(Server):  # type: ignore[misc]  # Daphne has no types
    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        if isinstance(protocol, WebSocketProtocol):
            scope.setdefault("extensions", {})[EXTENSION] = _Way(protocol).write
        return super().create_application(protocol, scope)


class _Way:
    __slots__ = ("_protocol",)

    def __init__(self, protocol: WebSocketProtocol) -> None:
        self._protocol = protocol

    def write(self, text: str) -> int:
        """How many bytes wait in memory after it: Twisted never refuses any."""
        protocol = self._protocol
        if protocol.state != WebSocketProtocol.STATE_OPEN:
            return 0
        return _write(protocol.transport, framed(text.encode()))


def framed(payload: bytes) -> bytes:
    length = len(payload)
    if length < 126:
        return bytes((_TEXT, length)) + payload
    if length < 1 << 16:
        return bytes((_TEXT, 126)) + length.to_bytes(2, "big") + payload
    return bytes((_TEXT, 127)) + length.to_bytes(8, "big") + payload


def _write(transport: Any, frame: bytes) -> int:
    """At once if nothing waits: else the reactor would be asked to watch the socket, and to stop again."""
    if not transport.connected or transport.disconnecting:
        return 0
    if not _waiting(transport):
        sent = transport.writeSomeData(frame)
        if sent == len(frame) or isinstance(sent, Exception):
            return 0  # one that is lost, its next read tells
        frame = frame[sent:]
    transport.write(frame)
    return _waiting(transport)


def _waiting(transport: Any) -> int:
    return int(len(transport.dataBuffer) - transport.offset + transport._tempDataLen)
