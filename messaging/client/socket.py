"""The live connection (PROTOCOL.md F): requests with an answer, everything else in a queue."""

import asyncio
import json
from types import TracebackType
from typing import Any, Final, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from accounts.protocol import PROTOCOL, b64
from messaging.client.api import Api
from messaging.protocol import FRAME_BYTES, SUBPROTOCOL

SECONDS: Final = 30
Frame = dict[str, Any]


class Declined(Exception):
    """`refused`, with the code of the answer."""

    def __init__(self, frame: Frame) -> None:
        self.code, self.retry_after = str(frame["code"]), frame.get("retry_after")
        super().__init__(self.code)


class Socket:
    """`async with Socket(api) as socket`: says hello by itself; `heard` holds what nobody asked for."""

    def __init__(self, api: Api, heads: dict[bytes, int] | None = None) -> None:
        self.heard: asyncio.Queue[Frame] = asyncio.Queue()
        self.welcome: Frame = {}
        self.closed = asyncio.Event()
        self._api, self._heads = api, heads or {}
        self._answers: dict[int, asyncio.Future[Frame]] = {}
        self._ref = 0

    @property
    def close_code(self) -> int | None:
        return self._connection.close_code

    async def __aenter__(self) -> Self:
        self._connection: ClientConnection = await connect(
            self._api.origin.replace("http", "ws", 1) + "/ws",
            origin=Origin(self._api.origin),
            additional_headers={"Cookie": self._api.cookie},
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            max_size=16 * FRAME_BYTES,
        )
        heads = [[b64(conversation), seq] for conversation, seq in self._heads.items()]
        await self.send({"type": "hello", "protocol": PROTOCOL, "heads": heads})
        self.welcome = json.loads(await asyncio.wait_for(self._connection.recv(), SECONDS))
        self._listening = asyncio.create_task(self._listen())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listening.cancel()
        await self._connection.close()

    async def send(self, frame: Frame) -> None:
        await self._connection.send(json.dumps(frame))

    async def ask(self, kind: str, **fields: Any) -> Frame:
        """Raises Declined, TimeoutError, or ConnectionError when the socket closes first."""
        self._ref += 1
        answer = self._answers[self._ref] = asyncio.get_running_loop().create_future()
        await self.send({"type": kind, "ref": self._ref, **fields})
        frame: Frame = await asyncio.wait_for(answer, SECONDS)
        if frame["type"] == "refused":
            raise Declined(frame)
        return frame

    async def append(self, conversation: bytes, entry: bytes) -> Frame:
        return await self.ask("append", conversation=b64(conversation), entry=b64(entry))

    async def put_marker(self, marker: bytes) -> Frame:
        return await self.ask("marker", marker=b64(marker))

    async def beat(self) -> Frame:
        return await self.ask("beat")

    async def applied(self, conversation: bytes, seq: int) -> None:
        await self.send({"type": "cursor", "conversation": b64(conversation), "seq": seq})

    async def look(self, conversation: bytes | None) -> None:
        await self.send({"type": "look", "conversation": conversation and b64(conversation)})

    async def _listen(self) -> None:
        try:
            async for text in self._connection:
                self._take(json.loads(text))
        except ConnectionClosed:
            pass
        finally:
            self.closed.set()
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(ConnectionError("the socket closed"))

    def _take(self, frame: Frame) -> None:
        answer = self._answers.pop(frame.get("ref") or 0, None)
        if answer is None:
            self.heard.put_nowait(frame)
        elif not answer.done():
            answer.set_result(frame)
