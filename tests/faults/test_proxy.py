"""Each misdeed of the network really happens, is counted, and happens to nothing else."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from tests.faults.connection import Weather
from tests.faults.proxy import Proxy

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Far:
    """The server behind the network: keeps what it hears, says it again, and notices when it is over."""

    def __init__(self) -> None:
        self.heard = bytearray()
        self.over = asyncio.Event()
        self.ends: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.ends.append(writer)
        try:
            while piece := await reader.read(65536):
                self.heard += piece
                writer.write(piece)
        except ConnectionError:
            pass
        finally:
            self.over.set()
            writer.close()


@asynccontextmanager
async def far() -> AsyncIterator[tuple[Far, int]]:
    server = Far()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    try:
        yield server, listening.sockets[0].getsockname()[1]
    finally:
        for end in server.ends:
            end.close()
        listening.close()
        await asyncio.sleep(0.02)


@asynccontextmanager
async def near(proxy: Proxy) -> AsyncIterator[Ends]:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    try:
        yield reader, writer
    finally:
        writer.close()
        await asyncio.sleep(0.02)


async def heard(reader: asyncio.StreamReader) -> bytes:
    """All until the end, however it ends."""
    found = bytearray()
    try:
        while piece := await asyncio.wait_for(reader.read(65536), 5):
            found += piece
    except ConnectionError:
        pass
    return bytes(found)


async def is_silent(reader: asyncio.StreamReader, seconds: float = 0.3) -> bool:
    try:
        await asyncio.wait_for(reader.read(1), seconds)
    except TimeoutError:
        return True
    return False


async def test_calm_weather_changes_nothing() -> None:
    async with far() as (server, port):
        with Proxy(port) as proxy:
            async with near(proxy) as (reader, writer):
                writer.write(b"bonjour")
                assert await reader.readexactly(7) == b"bonjour"
            await asyncio.wait_for(server.over.wait(), 5)
        assert not proxy.injected


async def test_a_cut_ends_open_connections_and_no_later_one() -> None:
    async with far() as (server, port):
        with Proxy(port) as proxy:
            async with near(proxy) as (reader, writer):
                writer.write(b"a")
                await reader.readexactly(1)
                assert proxy.cut() == 1
                assert await heard(reader) == b""
                await asyncio.wait_for(server.over.wait(), 5)
            async with near(proxy) as (reader, writer):
                writer.write(b"b")
                assert await reader.readexactly(1) == b"b"
            assert proxy.injected == {"cut": 1}


@pytest.mark.parametrize("most", [0, 1, 1000, 70_000])
async def test_a_connection_is_cut_behind_so_many_bytes_up(most: int) -> None:
    async with far() as (server, port):
        with Proxy(port, Weather(most_up=most)) as proxy:
            async with near(proxy) as (reader, writer):
                writer.write(b"x" * 80_000)
                await heard(reader)
                await asyncio.wait_for(server.over.wait(), 5)
            assert len(server.heard) <= most
            assert proxy.injected == {"cut": 1}


async def test_a_connection_is_cut_behind_so_many_bytes_down() -> None:
    async with far() as (server, port):
        with Proxy(port, Weather(most_down=5)) as proxy:
            async with near(proxy) as (reader, writer):
                writer.write(b"x" * 10)
                assert len(await heard(reader)) <= 5
            await asyncio.wait_for(server.over.wait(), 5)
            assert server.heard == b"x" * 10
            assert proxy.injected == {"cut": 1}


async def test_what_is_swallowed_is_neither_heard_nor_closed() -> None:
    async with far() as (server, port):
        with Proxy(port) as proxy:
            async with near(proxy) as (reader, writer):
                writer.write(b"a")
                await reader.readexactly(1)
                assert proxy.swallow() == 1
                writer.write(b"b")
                server.ends[0].write(b"c")
                assert await is_silent(reader)
                assert server.heard == b"a"
                assert not server.over.is_set()
            # Who gives up is not heard either, but it is noted.
            assert not server.over.is_set()
            assert proxy.injected["given up up"] == 1
            assert "given up down" not in proxy.injected
            async with near(proxy) as (reader, writer):
                writer.write(b"d")
                assert await reader.readexactly(1) == b"d"
            assert proxy.injected["silenced"] == 1
            assert proxy.injected["swallowed"] == 2


async def test_weather_that_swallows_takes_new_connections_and_answers_nothing() -> None:
    async with far() as (server, port):
        with Proxy(port, Weather(swallows=True)) as proxy:
            async with near(proxy) as (reader, writer):
                writer.write(b"a")
                assert await is_silent(reader)
                assert not server.heard
                assert proxy.cut() == 1
                assert await heard(reader) == b""


async def test_a_slow_connection_is_as_slow_as_told_and_the_server_feels_it() -> None:
    async with far() as (server, port):
        with Proxy(port, Weather(bytes_a_second=4000)) as proxy:
            async with near(proxy) as (reader, writer):
                started = time.monotonic()
                writer.write(b"x" * 2000)
                await reader.readexactly(2000)
                assert 0.3 < time.monotonic() - started < 3
                server.ends[0].write(b"y" * 16_000_000)
                await asyncio.sleep(0.2)
                assert server.ends[0].transport.get_write_buffer_size() > 8_000_000
            assert proxy.injected["slowed"] >= 2000


async def test_delay_is_that_of_each_way() -> None:
    async with far() as (_, port):
        with Proxy(port, Weather(delay=0.1)) as proxy:
            async with near(proxy) as (reader, writer):
                started = time.monotonic()
                writer.write(b"a")
                await reader.readexactly(1)
                assert time.monotonic() - started >= 0.2
            assert proxy.injected == {"delayed": 2}
