"""The address for whoever watches the process: figures and health, and nothing else. Told by the port that
was asked, before any header is read: nothing of the public side leads here, nothing here leads there."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

import msgspec

from messaging.health import RETRY_AFTER, Live, readiness
from messaging.scrape import CONTENT_TYPE, page

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Answer = tuple[int, str, bytes]
_JSON: Final = "application/json"


def beside(application: Application, port: int) -> Application:
    async def chosen(scope: Scope, receive: Receive, send: Send) -> None:
        is_ours = (scope.get("server") or ("", None))[1] == port
        await (watch if is_ours else application)(scope, receive, send)

    return chosen


async def watch(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        await receive()
        await send({"type": "websocket.close"})
        return
    ask = _PAGES.get(scope["path"], _nothing) if scope["method"] == "GET" else _nothing
    status, content_type, body = await ask()
    headers = [(b"content-type", content_type.encode()), (b"cache-control", b"no-store")]
    if status == 503:
        headers.append((b"retry-after", RETRY_AFTER.encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _figures() -> Answer:
    return 200, CONTENT_TYPE, (await page()).encode()


async def _live() -> Answer:
    return 200, _JSON, msgspec.json.encode(Live())


async def _ready() -> Answer:
    found = await readiness()
    return 200 if found.ready else 503, _JSON, msgspec.json.encode(found)


async def _nothing() -> Answer:
    return 404, _JSON, b""


_PAGES: Final = {"/metrics": _figures, "/health/live": _live, "/health/ready": _ready}
