"""A websocket server that only passes on, without a database: what this machine gives at all today."""

import argparse
import asyncio
from contextlib import suppress

from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed

_rooms: dict[str, set[ServerConnection]] = {}


async def _pass_on(socket: ServerConnection) -> None:
    assert socket.request is not None
    room = _rooms.setdefault(socket.request.path, set())
    room.add(socket)
    with suppress(ConnectionClosed):  # without a goodbye, as the measuring program leaves
        async for text in socket:
            broadcast(room, text)
    room.discard(socket)


async def _serve(port: int) -> None:
    async with serve(_pass_on, "127.0.0.1", port, compression=None):
        print("Listening", flush=True)
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="tests.load.bare")
    parser.add_argument("--port", type=int, required=True)
    asyncio.run(_serve(parser.parse_args().port))
