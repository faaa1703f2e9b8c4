"""What a socket is sent, in order: straight to the wire where the server offers it, otherwise by a task of
its own, so that a server whose send waits delays nobody else."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Protocol

import structlog

_log = structlog.get_logger("messaging")
Send = Callable[[dict[str, Any]], Awaitable[None]]
# Of our own server (project/sockets.py): takes a text, gives how many bytes wait in memory.
EXTENSION: Final = "colloque.write"


class Writer(Protocol):
    def put(self, text: str) -> None: ...

    def close(self, code: int) -> None:
        """Nothing follows."""

    def stop(self) -> None: ...


def writer_of(scope: Mapping[str, Any], send: Send, too_much: Callable[[], None], *, most: int) -> Writer:
    """`too_much` is called once, when more than `most` waits: whoever does not read is closed, and catches up
    when it comes again."""
    write = scope.get("extensions", {}).get(EXTENSION)
    if write is None:
        return QueueWriter(send, too_much, most=most)
    return StraightWriter(write, send, too_much, most=most)


class StraightWriter:
    def __init__(
        self, write: Callable[[str], int], send: Send, too_much: Callable[[], None], *, most: int
    ) -> None:
        self._write = write
        self._send = send
        self._too_much = too_much
        self._most = most
        self._is_closed = False
        self._closing: asyncio.Task[None] | None = None

    def put(self, text: str) -> None:
        if not self._is_closed and self._write(text) > self._most:
            self._is_closed = True
            self._too_much()

    def close(self, code: int) -> None:
        self._is_closed = True
        self._closing = asyncio.create_task(self._say_close(code))

    def stop(self) -> None:
        self._is_closed = True

    async def _say_close(self, code: int) -> None:
        try:
            await self._send({"type": "websocket.close", "code": code})
        except Exception as wrong:  # each server has its own for a connection that is gone
            _log.info("socket.gone", error=type(wrong).__name__)


class QueueWriter:
    def __init__(self, send: Send, too_much: Callable[[], None], *, most: int) -> None:
        self._send = send
        self._too_much = too_much
        self._most = most
        self._size = 0
        self._is_closed = False
        self._waiting: deque[dict[str, Any]] = deque()
        self._wake = asyncio.Event()
        self._task = asyncio.create_task(self._run())

    def put(self, text: str) -> None:
        if self._is_closed or self._task.done():
            return  # the other end is gone; the server will say so
        if self._size + len(text) > self._most:
            self._is_closed = True
            self._too_much()
            return
        self._size += len(text)
        self._waiting.append({"type": "websocket.send", "text": text})
        self._wake.set()

    def close(self, code: int) -> None:
        """Instead of what waits."""
        self._is_closed = True
        self._waiting.clear()
        self._waiting.append({"type": "websocket.close", "code": code})
        self._wake.set()

    def stop(self) -> None:
        self._task.cancel()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                message = self._waiting.popleft()
                self._size -= len(message.get("text", ""))
                if not await self._written(message):
                    return

    async def _written(self, message: dict[str, Any]) -> bool:
        try:
            await self._send(message)
        except Exception as wrong:  # each server has its own for a connection that is gone
            _log.info("socket.gone", error=type(wrong).__name__)
            return False
        return True
