"""A browser's socket, in the loop of the test: the real consumer, exchange and database."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from channels.testing import WebsocketCommunicator
from django.db import connection

from messaging.consumers import websocket
from messaging.protocol import SUBPROTOCOL, b64
from tests.messaging.world import Desk, Thread

ORIGIN = "http://localhost:8000"
PATIENCE = 8.0
T = TypeVar("T")


async def elsewhere(work: Callable[[], T]) -> T:
    """In a thread with a connection of its own, as another process would."""

    def run() -> T:
        try:
            return work()
        finally:
            connection.close()

    return await asyncio.to_thread(run)


class Line:
    def __init__(
        self,
        token: str | None,
        *,
        origin: str | None = ORIGIN,
        protocol: str | None = SUBPROTOCOL,
        path: str = "/ws",
    ) -> None:
        headers = [(b"origin", origin.encode())] if origin is not None else []
        if token is not None:
            headers.append((b"cookie", f"colloque={token}".encode()))
        self._wire = WebsocketCommunicator(websocket, path, headers, [protocol] if protocol else [])
        self.ref = 0

    async def connect(self) -> bool:
        accepted, _ = await self._wire.connect(timeout=PATIENCE)
        return bool(accepted)

    async def say(self, frame: object) -> None:
        await self._wire.send_to(text_data=frame if isinstance(frame, str) else json.dumps(frame))

    async def say_bytes(self, data: bytes) -> None:
        await self._wire.send_to(bytes_data=data)

    async def next(self) -> Any:
        """The next frame, or {"close": code}."""
        event = await self._wire.receive_output(timeout=PATIENCE)
        if event["type"] == "websocket.close":
            return {"close": event["code"]}
        return json.loads(event["text"])

    async def until(self, kind: str) -> Any:
        while True:
            frame = await self.next()
            if kind in (frame.get("type"), *frame):
                return frame

    async def is_silent(self, seconds: float = 0.3) -> bool:
        return bool(await self._wire.receive_nothing(timeout=seconds, interval=0.05))

    async def hello(self, *heads: tuple[bytes, int]) -> Any:
        await self.say({"type": "hello", "protocol": 1, "heads": [[b64(id), seq] for id, seq in heads]})
        return await self.next()

    async def append(self, thread: Thread, entry: bytes) -> int:
        self.ref += 1
        await self.say(
            {"type": "append", "ref": self.ref, "conversation": b64(thread.id), "entry": b64(entry)}
        )
        return self.ref

    async def cursor(self, thread: Thread, seq: int) -> None:
        await self.say({"type": "cursor", "conversation": b64(thread.id), "seq": seq})

    async def hang_up(self) -> None:
        await self._wire.disconnect(timeout=PATIENCE)


@asynccontextmanager
async def on_line(desk: Desk, *heads: tuple[bytes, int]) -> AsyncIterator[Line]:
    line = Line(desk.token)
    assert await line.connect()
    welcome = await line.hello(*heads)
    assert welcome["type"] == "welcome", welcome
    try:
        yield line
    finally:
        await line.hang_up()
