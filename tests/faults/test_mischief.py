"""What happens to the frames of a socket really happens, is counted, and nothing else of HTTP is touched."""

import asyncio
import http.client
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from tests.faults.frames import FrameProxy, Mischiefs
from tests.faults.mischief import WINDOW, calm, doubling, losing, swapping, tearing


class Far:
    """Answers each `append` by `appended`, and says how many it heard, even when nobody listens any more."""

    def __init__(self) -> None:
        self.heard: list[int] = []
        self.faults = 0

    async def serve(self, socket: ServerConnection) -> None:
        try:
            async for text in socket:
                number = json.loads(text)["n"]
                self.heard.append(number)
                await socket.send(json.dumps({"type": "appended", "n": number}))
        except ConnectionClosed:
            self.faults += 1


def plain(socket: ServerConnection, request: Request) -> Response | None:
    if request.path == "/ws":
        return None
    return Response(HTTPStatus.OK, "OK", Headers({"Content-Length": "4", "Connection": "close"}), b"page")


@asynccontextmanager
async def through(mischiefs: Mischiefs) -> AsyncIterator[tuple[Far, FrameProxy]]:
    far = Far()
    async with serve(far.serve, "127.0.0.1", 0, process_request=plain) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        with FrameProxy(port, mischiefs) as proxy:
            yield far, proxy


def near(proxy: FrameProxy) -> connect:
    return connect(f"ws://127.0.0.1:{proxy.port}/ws", proxy=None)


async def say(socket: ClientConnection, *numbers: int) -> None:
    for number in numbers:
        await socket.send(json.dumps({"type": "append", "n": number}))


async def hear(socket: ClientConnection, count: int) -> list[int]:
    return [json.loads(await asyncio.wait_for(socket.recv(), 5))["n"] for _ in range(count)]


async def test_calm_frames_and_pages_pass_unharmed() -> None:
    async with through(calm) as (far, proxy):
        async with near(proxy) as socket:
            await say(socket, *range(30))
            assert await hear(socket, 30) == list(range(30))
            await asyncio.wait_for(await socket.ping(), 5)
        page = await asyncio.to_thread(_page, proxy.port)
        assert page == b"page"
        assert far.heard == list(range(30))
        assert not proxy.injected


def _page(port: int) -> bytes:
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        asking.request("GET", "/page")
        return asking.getresponse().read()
    finally:
        asking.close()


async def test_every_frame_comes_twice_on_both_ways() -> None:
    async with through(doubling) as (far, proxy):
        async with near(proxy) as socket:
            await say(socket, 1, 2)
            assert await hear(socket, 8) == [1, 1, 1, 1, 2, 2, 2, 2]
        assert far.heard == [1, 1, 2, 2]
        assert proxy.injected == {"doubled": 6}


async def test_frames_overtake_one_another_within_the_window_and_none_is_lost() -> None:
    async with through(swapping(1)) as (far, proxy):
        async with near(proxy) as socket:
            await say(socket, *range(95))
            came = await hear(socket, 95)
        for order in (far.heard, came):
            assert sorted(order) == list(range(95))
        assert far.heard != list(range(95))
        assert all(abs(place - number) < WINDOW for place, number in enumerate(far.heard))
        later = {number: place for place, number in enumerate(far.heard)}
        assert all(abs(place - later[number]) < WINDOW for place, number in enumerate(came))
        assert came != far.heard
        assert proxy.injected["swapped"] > 100


async def test_what_the_server_has_answered_is_lost_on_its_way() -> None:
    async with through(losing("appended", share=1.0, seed=1)) as (far, proxy):
        async with near(proxy) as socket:
            await say(socket, 7)
            with pytest.raises(ConnectionClosed):
                await asyncio.wait_for(socket.recv(), 5)
        assert far.heard == [7]
        assert proxy.injected == {"lost appended": 1, "cut": 1}


@pytest.mark.parametrize(("kind", "reaches"), [("append", []), ("appended", [7])])
async def test_a_frame_is_torn_and_the_end_that_reads_it_knows_no_part_of_it(
    kind: str, reaches: list[int]
) -> None:
    async with through(tearing(kind, share=1.0, seed=1)) as (far, proxy):
        async with near(proxy) as socket:
            await say(socket, 7)
            with pytest.raises(ConnectionClosed):
                await asyncio.wait_for(socket.recv(), 5)
        assert far.heard == reaches
        assert proxy.injected == {f"torn {kind}": 1, "cut": 1}


async def test_a_share_leaves_the_others_alone() -> None:
    lost, came = 0, 0
    async with through(losing("appended", share=0.3, seed=4)) as (_, proxy):
        for number in range(40):
            async with near(proxy) as socket:
                await say(socket, number)
                try:
                    assert await hear(socket, 1) == [number]
                    came += 1
                except ConnectionClosed:
                    lost += 1
        assert proxy.injected["lost appended"] == lost
        assert (lost > 3, came > 15) == (True, True)
