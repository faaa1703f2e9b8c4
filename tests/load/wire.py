"""A websocket read by hand: what measures must cost less than what is measured."""

import asyncio
import base64
import os
import socket
from collections.abc import Callable, Mapping
from typing import Final

_TEXT, _CLOSE, _PING = 1, 8, 9
_PATIENCE: Final = 30
_ESTABLISHED: Final = 1  # a connection's state, as TCP_INFO begins


class Refused(Exception):
    """The server did not open the socket."""


class Line(asyncio.Protocol):
    """`hear` gets every text message as bytes, as it came."""

    def __init__(self, hear: Callable[[bytes], None]) -> None:
        self.hear = hear
        self.closed = asyncio.Event()
        self.code: int | None = None
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport | None = None
        self._rest = b""
        self._is_open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed.set()
        if not self.opened.done():
            self.opened.set_exception(Refused("the connection was cut"))

    def greet(self, request: bytes) -> None:
        assert self._transport is not None
        self._transport.write(request)

    def send(self, frame: bytes) -> None:
        """As `framed` made it."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(frame)

    def stop_reading(self) -> None:
        assert self._transport is not None
        self._transport.pause_reading()

    @property
    def is_connected(self) -> bool:
        """Asked of the system: whoever does not read hears of no end."""
        assert self._transport is not None
        held = self._transport.get_extra_info("socket")
        return bool(held.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == _ESTABLISHED)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        data = self._rest + data if self._rest else data
        at = 0
        if not self._is_open:
            at = self._handshake(data)
        while self._is_open and (end := self._frame(data, at)):
            at = end
        self._rest = data[at:]

    def _handshake(self, data: bytes) -> int:
        end = data.find(b"\r\n\r\n")
        if end < 0:
            return 0
        self._is_open = data.startswith(b"HTTP/1.1 101")
        if not self._is_open:
            self.opened.set_exception(Refused(data[:80].decode("latin-1")))
            self.close()
        else:
            self.opened.set_result(None)
        return end + 4

    def _frame(self, data: bytes, at: int) -> int:
        """Takes one frame; where the next begins, 0 when this one is not whole yet."""
        if len(data) - at < 2:
            return 0
        length, start = data[at + 1] & 127, at + 2
        if length >= 126:
            start += 2 if length == 126 else 8
            length = int.from_bytes(data[at + 2 : start], "big")
        end = start + length
        if end > len(data) or start > len(data):
            return 0
        self._take(data[at] & 15, data[start:end])
        return end

    def _take(self, sort: int, payload: bytes) -> None:
        if sort == _TEXT:
            self.hear(payload)
        elif sort == _PING:
            self.send(framed(payload, sort=10))
        elif sort == _CLOSE:
            self.code = int.from_bytes(payload[:2], "big")
            self.close()


def framed(payload: bytes, *, sort: int = _TEXT) -> bytes:
    """A frame of a client. Masked by zeros: lawful, and nothing has to be computed."""
    length = len(payload)
    if length < 126:
        head = bytes([128 | sort, 128 | length])
    else:
        head = bytes([128 | sort, 128 | 126]) + length.to_bytes(2, "big")
    return head + b"\0\0\0\0" + payload


async def connect(port: int, path: str, headers: Mapping[str, str], hear: Callable[[bytes], None]) -> Line:
    """Raises Refused, OSError or TimeoutError."""
    loop = asyncio.get_running_loop()
    _, line = await loop.create_connection(lambda: Line(hear), "127.0.0.1", port)
    line.greet(_request(port, path, headers))
    await asyncio.wait_for(asyncio.shield(line.opened), _PATIENCE)
    return line


def _request(port: int, path: str, headers: Mapping[str, str]) -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: localhost:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode()
