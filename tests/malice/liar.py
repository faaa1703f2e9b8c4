"""A host that lies: stands between a browser and the real server and changes what it likes."""

import asyncio
import contextlib
import json
import threading
from collections.abc import Awaitable, Callable
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from tests.malice.frames import TEXT, Frame, read_frame
from tests.malice.http import Spoken, ask, hear
from tests.running import Colloque
from tests.services import free_port

Json = dict[str, Any]
Fetch = Callable[[str], Awaitable[Json]]  # a GET at the real server, as the person who is lied to


class Lie(Protocol):
    """May change any JSON answer and any frame; what it gives back is what the browser gets."""

    async def answer(self, path: str, query: dict[str, str], told: Json, fetch: Fetch) -> Json:
        """An answer to a good GET of the API."""

    async def frame(self, told: Json, fetch: Fetch) -> list[Json]:
        """A frame of the socket; nothing, or several, may take its place."""


class Truth:
    async def answer(self, path: str, query: dict[str, str], told: Json, fetch: Fetch) -> Json:
        return told

    async def frame(self, told: Json, fetch: Fetch) -> list[Json]:
        return [told]


class Liar:
    def __init__(self, server: Colloque, *, honest: bool = False) -> None:
        self.server = server
        self.honest = honest
        self.port = free_port()
        self.origin = f"http://localhost:{self.port}"
        self.lie: Lie = Truth()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._lines: set[asyncio.Task[None]] = set()

    def start(self) -> "Liar":
        self._thread.start()
        self._soon(self._listen())
        return self

    def stop(self) -> None:
        self._soon(self._hang_up())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()

    def tell(self, lie: Lie) -> None:
        """From now on, on lines that are open too; an honest host goes on telling the truth."""
        if not self.honest:
            self.lie = lie

    def cut_lines(self) -> None:
        """Every browser has to connect again, and hears the lie from the beginning."""
        self._soon(self._cut())

    def _soon(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    async def _listen(self) -> None:
        self._door = [
            await asyncio.start_server(self._serve, host, self.port) for host in ("127.0.0.1", "::1")
        ]

    async def _hang_up(self) -> None:
        for door in self._door:
            door.close()
        await self._cut()

    async def _cut(self) -> None:
        lines = list(self._lines)
        for line in lines:
            line.cancel()
        await asyncio.gather(*lines, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = asyncio.create_task(self._line(reader, writer))
        self._lines.add(line)
        line.add_done_callback(self._lines.discard)
        with contextlib.suppress(asyncio.CancelledError, ConnectionError):
            await line

    async def _line(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (request := await hear(reader)) is not None:
                if request.header("upgrade").lower() == "websocket":
                    return await self._relay(request, reader, writer)
                writer.write((await self._answered(request)).encode())
                await writer.drain()
        finally:
            writer.close()

    async def _answered(self, request: Spoken) -> Spoken:
        answer = await ask(self.server.port, self._as_ours(request))
        is_json = answer.header("content-type").startswith("application/json")
        if request.line.startswith("GET /api/") and answer.status == 200 and is_json:
            answer.body = await self._lied(request, json.loads(answer.body))
        kept = answer.without("connection", "content-length")
        answer.headers = [*kept, ("Content-Length", str(len(answer.body)))]
        return answer

    async def _lied(self, request: Spoken, told: Json) -> bytes:
        target = urlsplit(request.target)
        query = {name: values[0] for name, values in parse_qs(target.query).items()}
        return json.dumps(await self.lie.answer(target.path, query, told, self._fetch(request))).encode()

    def _as_ours(self, request: Spoken) -> Spoken:
        """The real server sees its own origin: the browser believes in another one."""
        said = [("Host", f"localhost:{self.server.port}")]
        said += [("Origin", self.server.origin)] if request.header("origin") else []
        return Spoken(request.line, [*said, *request.without("host", "origin")], request.body)

    def _fetch(self, request: Spoken) -> Fetch:
        cookie = request.header("cookie")

        async def fetch(path: str) -> Json:
            headers = [("Host", f"localhost:{self.server.port}"), ("Cookie", cookie)]
            answer = await ask(self.server.port, Spoken(f"GET {path} HTTP/1.1", headers, b""))
            assert answer.status == 200, answer.body[:200]
            told: Json = json.loads(answer.body)
            return told

        return fetch

    async def _relay(
        self, request: Spoken, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        theirs, ours = await asyncio.open_connection("127.0.0.1", self.server.port)
        try:
            request.headers = request.without("sec-websocket-extensions")
            ours.write(self._as_ours(request).encode())
            handshake = await hear(theirs)
            if handshake is None:
                return
            writer.write(handshake.encode())
            up = asyncio.create_task(_pass_on(reader, ours))
            down = asyncio.create_task(self._deal(theirs, writer, self._fetch(request)))
            await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
            for direction in (up, down):
                direction.cancel()
        finally:
            ours.close()

    async def _deal(self, theirs: asyncio.StreamReader, writer: asyncio.StreamWriter, fetch: Fetch) -> None:
        while (frame := await read_frame(theirs)) is not None:
            for told in await self._frames(frame, fetch):
                writer.write(told.encode())
            await writer.drain()

    async def _frames(self, frame: Frame, fetch: Fetch) -> list[Frame]:
        if frame.opcode != TEXT:
            return [frame]
        told = await self.lie.frame(json.loads(frame.payload), fetch)
        return [Frame(TEXT, json.dumps(one).encode(), None) for one in told]


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
