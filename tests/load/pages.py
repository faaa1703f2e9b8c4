"""Catching up with a long log: page by page over HTTP, and the bare query that it cannot be quicker than."""

import http.client
import re
import sqlite3
import time
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

import psycopg

from accounts.protocol import b64
from messaging.client.session import ClientSession
from messaging.protocol import PAGE_ENTRIES
from tests.load.stands import Ground
from tests.running import Colloque

_SEQ: Final = re.compile(rb'\{"seq":(\d+)')
_ASKED: Final = (
    "SELECT seq, at, object FROM messaging_entry WHERE conversation_id = {0} AND seq > {0} "
    "ORDER BY seq LIMIT {1}"
)


def catch_up(server: Colloque, client: ClientSession, conversation: bytes, count: int) -> float:
    """Seconds from the first question to the last byte; nothing is decoded."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    headers = {"Host": f"localhost:{server.port}", "Cookie": client.api.cookie}
    started, after = time.monotonic(), 0
    while after < count:
        connection.request("GET", _path(conversation, after), headers=headers)
        page = connection.getresponse().read()
        after = int(_SEQ.findall(page)[-1])
    connection.close()
    return time.monotonic() - started


def bare_query(ground: Ground, conversation: bytes, count: int) -> float:
    """The same pages, by SQL alone."""
    if ground.postgres is None:
        return _pages(_sqlite(ground), conversation, count)
    with psycopg.connect(ground.postgres.url("colloque")) as connection:
        query = _ASKED.format("%s", PAGE_ENTRIES).encode()
        return _pages(
            lambda id, after: connection.execute(query, (id, after), binary=True).fetchall(),
            conversation,
            count,
        )


def _sqlite(ground: Ground) -> Callable[[bytes, int], list[Any]]:
    connection = sqlite3.connect(ground.folder / "colloque" / "colloque.sqlite3")
    query = _ASKED.format("?", PAGE_ENTRIES)
    return lambda id, after: connection.execute(query, (id, after)).fetchall()


def _pages(ask: Callable[[bytes, int], list[Any]], conversation: bytes, count: int) -> float:
    ask(conversation, 0)
    started, after = time.monotonic(), 0
    while after < count:
        after = ask(conversation, after)[-1][0]
    return time.monotonic() - started


def _path(conversation: bytes, after: int) -> str:
    asked = {"conversation": b64(conversation), "after": after, "limit": PAGE_ENTRIES}
    return f"/api/entries?{urlencode(asked)}"
