"""As much of HTTP/1.1 as stands between a browser and our server: whole messages, in and out."""

import asyncio
from dataclasses import dataclass

_HEAD = 64 * 1024


@dataclass
class Spoken:
    """A request or an answer: first line, headers in their order, body."""

    line: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")

    def without(self, *names: str) -> list[tuple[str, str]]:
        return [(key, value) for key, value in self.headers if key.lower() not in names]

    def encode(self) -> bytes:
        lines = [self.line, *(f"{key}: {value}" for key, value in self.headers), "", ""]
        return "\r\n".join(lines).encode("latin-1") + self.body

    @property
    def target(self) -> str:
        return self.line.split(" ")[1]

    @property
    def status(self) -> int:
        return int(self.line.split(" ")[1])


async def hear(reader: asyncio.StreamReader) -> Spoken | None:
    """The next message, or None at the end."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    line, *rest = head.decode("latin-1").split("\r\n")[:-2]
    headers = [(key.strip(), value.strip()) for key, _, value in (row.partition(":") for row in rest)]
    spoken = Spoken(line, headers, b"")
    if spoken.header("transfer-encoding").lower() == "chunked":
        spoken.body = await _chunks(reader)
        spoken.headers = spoken.without("transfer-encoding")
    elif spoken.header("content-length"):
        spoken.body = await reader.readexactly(int(spoken.header("content-length")))
    return spoken


async def ask(port: int, request: Spoken) -> Spoken:
    """Over a connection of its own, so that answers cannot be taken for one another."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        headers = [*request.without("connection", "accept-encoding"), ("Connection", "close")]
        writer.write(Spoken(request.line, headers, request.body).encode())
        await writer.drain()
        answer = await hear(reader)
        assert answer is not None, f"no answer to {request.line}"
        return answer
    finally:
        writer.close()


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readline()).split(b";")[0], 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return body
