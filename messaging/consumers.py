"""The socket (PROTOCOL.md F): connecting, then hello, then open. Parses a frame, asks one thing, answers."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Literal

import msgspec
import structlog
from django.conf import settings
from django.db import DatabaseError

from accounts import clock
from accounts.caller import Caller, caller_of, caller_still
from accounts.errors import Refused, Unavailable
from accounts.limits import limit
from accounts.measures import FAULTS
from accounts.models import History
from accounts.services.histories import current_history, takes_back_until
from messaging import measures, protocol
from messaging.exchange.exchange import Exchange, exchange_here
from messaging.exchange.outlet import Outlet
from messaging.exchange.single import SecondProcess
from messaging.exchange.writer import writer_of
from messaging.frames import BadFrames, read_frame
from messaging.protocol import CLOSE, SUBPROTOCOL, b64, octets
from messaging.queries import Head, heads_of
from messaging.services.log import Appended, AppendWish
from messaging.services.markers import MarkerWish
from messaging.services.restoring import claim

Scope = Mapping[str, Any]
Message = Mapping[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
_log = structlog.get_logger("messaging")
_NO_DEVICE = "not_allowed"


async def websocket(scope: Scope, receive: Callable[[], Awaitable[Message]], send: Send) -> None:
    """Another site's page never gets as far as an open socket."""
    if scope["path"] == "/ws" and _origin(scope) in settings.ALLOWED_ORIGINS:
        await SocketConsumer(scope, receive, send).run()
        return
    await receive()
    await send({"type": "websocket.close", "code": CLOSE["not_allowed"]})


def _origin(scope: Scope) -> str | None:
    given = [value for name, value in scope["headers"] if name.lower() == b"origin"]
    return given[0].decode("latin-1") if len(given) == 1 else None


class SocketConsumer:
    """None of Channels' own: hints reach the exchange, so that a socket has no channel to wait for, and no
    connection of the database to close after each event."""

    state: Literal["connecting", "hello", "open", "closed"] = "connecting"
    has_looked = False
    outlet: Outlet
    exchange: Exchange

    def __init__(self, scope: Scope, receive: Callable[[], Awaitable[Message]], send: Send) -> None:
        self.scope, self._receive, self._send = scope, receive, send
        self.writer = writer_of(scope, send, self._stalled, most=limit("waiting_bytes"))
        self.bad = BadFrames()

    async def run(self) -> None:
        try:
            while (message := await self._receive())["type"] != "websocket.disconnect":
                await self._event(message)
        finally:  # a server may end us without a disconnect
            self._leave()

    async def _event(self, message: Message) -> None:
        if message["type"] == "websocket.connect":
            await self._connect()
        else:
            await self._hear_text(message.get("text"))

    async def _connect(self) -> None:
        await self._send({"type": "websocket.accept", "subprotocol": self._subprotocol()})
        code = await self._enter()
        if code is None:
            self.state = "hello"
            asyncio.get_running_loop().call_later(limit("hello_seconds"), self._expect_hello)
        else:
            self._close(code)

    async def _hear_text(self, text: str | None) -> None:
        if self.state not in ("hello", "open"):
            return
        if self.outlet.frames.take():
            self._close(CLOSE["too_many"])
            return
        frame = read_frame(text)
        try:
            await self._hear(frame)
        except (msgspec.MsgspecError, Refused, Unavailable, DatabaseError) as wrong:
            self._refuse(frame, wrong)
        except Exception:  # a fault of ours: loud in the log, a code for the client
            _log.exception("frame.failed")
            FAULTS.add("frame")
            self._refuse(frame, Unavailable())

    def _subprotocol(self) -> str | None:
        return SUBPROTOCOL if SUBPROTOCOL in self.scope.get("subprotocols", ()) else None

    async def _enter(self) -> int | None:
        """Who is calling; a close code when it may not go on. The channel layer is not asked."""
        if self._subprotocol() is None:
            return CLOSE["outdated"]
        try:
            self.exchange = exchange_here()
            caller = await self.exchange.reader.run(caller_of, self.scope, act=False)
            self.outlet = Outlet(caller, self.writer.put, self._close)
        except Refused as refused:
            return CLOSE["not_allowed"] if refused.code == _NO_DEVICE else CLOSE["signed_out"]
        except (SecondProcess, DatabaseError) as wrong:
            _log.error("socket.unavailable", error=type(wrong).__name__)
            return CLOSE["restarting"]
        return None if self.exchange.outlets.add(self.outlet) else CLOSE["too_many"]

    async def _hear(self, frame: protocol.FromClient | None) -> None:
        if frame is None or isinstance(frame, protocol.Hello) != (self.state == "hello"):
            raise msgspec.ValidationError
        match frame:
            case protocol.Hello():
                await self._hello(frame)
            case protocol.Append():
                self._append(frame)
            case protocol.Cursor():
                self._cursor(octets(frame.conversation), frame.seq)
            case protocol.Beat():
                await self._beat(frame)
            case protocol.PutMarker():
                self._mark(frame)
            case protocol.Whisper():
                self.exchange.whispers.say(self.outlet, octets(frame.conversation), frame.word)
            case protocol.Present():
                self.exchange.presence.say(self.outlet, frame.on)
            case protocol.Look():
                self._look(octets(frame.conversation) if frame.conversation is not None else None)

    async def _hello(self, frame: protocol.Hello) -> None:
        if frame.protocol != protocol.PROTOCOL:
            return self._close(CLOSE["outdated"])
        positions = {octets(id): seq for id, seq in frame.heads}
        # The outlet is with the exchange already: what moves while we read is seen below.
        history, heads = await self.exchange.reader.run(_greeted, self.outlet.caller, positions)
        if self.state != "hello":
            return None
        self.state = "open"
        now = clock.seconds(clock.now())
        self.outlet.send(protocol.Welcome(now, _history(history), tuple(map(_shape, heads))))
        self.outlet.open(((id, min(positions.get(id, 0), head)) for id, head, _ in heads), heads)
        for id, head, _ in heads:
            newer, log_hash = self.exchange.dealer.heads.get(id, (0, b""))
            if newer > head:
                self.outlet.remind(id, newer, log_hash)
        return None

    def _append(self, frame: protocol.Append) -> None:
        self.exchange.outlets.appends.take(self.outlet.device)
        wish = AppendWish(self.outlet.caller, octets(frame.conversation), octets(frame.entry))
        # Not awaited: the next frames of this socket are heard while the disk works.
        self.exchange.writing.append(wish).add_done_callback(partial(self._appended, frame))

    def _appended(self, frame: protocol.Append, done: "asyncio.Future[Appended]") -> None:
        if not self._failed(frame, done):
            place = done.result()
            measures.APPENDED.add()
            self.outlet.send(protocol.Appended(frame.ref, frame.conversation, place.seq, place.at))

    def _mark(self, frame: protocol.PutMarker) -> None:
        self.exchange.outlets.markers.take(self.outlet.device)
        wish = MarkerWish(self.outlet.caller, octets(frame.marker))
        self.exchange.writing.mark(wish).add_done_callback(partial(self._marked, frame))

    def _marked(self, frame: protocol.PutMarker, done: "asyncio.Future[None]") -> None:
        if not self._failed(frame, done):
            self.outlet.send(protocol.Marked(frame.ref))

    def _look(self, conversation: bytes | None) -> None:
        """A client says by itself where it stands once it is connected; what follows, its person did."""
        self.exchange.outlets.look(self.outlet, conversation)
        if conversation is not None:
            self.exchange.presence.look(conversation)
        if self.has_looked:
            self.exchange.writing.keep_awake(self.outlet.caller).add_done_callback(_unheard)
        self.has_looked = True

    def _cursor(self, conversation: bytes, seq: int) -> None:
        if self.outlet.move(conversation, seq):
            head, log_hash = self.exchange.dealer.heads.get(conversation, (0, b""))
            self.outlet.remind(conversation, head, log_hash)

    async def _beat(self, frame: protocol.Beat) -> None:
        heads = await self.exchange.reader.run(_heads_still, self.outlet.caller)
        ahead = tuple(_shape(head) for head in heads if head[1] > self.outlet.position(head[0]))
        self.outlet.send(protocol.Heads(frame.ref, clock.seconds(clock.now()), ahead))

    def _failed(self, frame: protocol.FromClient, done: "asyncio.Future[Any]") -> bool:
        wrong = None if done.cancelled() else done.exception()
        if self.state != "open" or done.cancelled():
            return True
        if wrong is not None:
            self._refuse(frame, wrong)
        return wrong is not None

    def _refuse(self, frame: protocol.FromClient | None, wrong: BaseException) -> None:
        if isinstance(wrong, msgspec.MsgspecError):
            return self._refuse_frame()
        known = wrong if isinstance(wrong, Refused | Unavailable) else Unavailable()
        if known.code == "signed_out":  # noticed here before the exchange heard of it
            return self._close(CLOSE["signed_out"])
        ref = getattr(frame, "ref", None)
        self.bad.log(type(frame).__name__, known.code)
        return self.outlet.send(protocol.RefusedFrame(ref, known.code, known.retry_after))

    def _refuse_frame(self) -> None:
        self.bad.log("frame", "bad_frame")
        self.outlet.send(protocol.RefusedFrame(None, "bad_frame", None))
        if self.bad.too_many():
            self._close(CLOSE["bad_frames"])

    def _expect_hello(self) -> None:
        if self.state == "hello":
            self._close(CLOSE["stalled"])

    def _stalled(self) -> None:
        self._close(CLOSE["stalled"])

    def _close(self, code: int) -> None:
        """What waits to be written is not written any more."""
        if self.state != "closed":
            self.state = "closed"
            measures.closed(code)
            self._leave_exchange()
            self.writer.close(code)

    def _leave(self) -> None:
        self.state = "closed"
        self._leave_exchange()
        self.writer.stop()

    def _leave_exchange(self) -> None:
        if hasattr(self, "outlet"):
            self.exchange.outlets.remove(self.outlet)


def _heads_still(caller: Caller) -> list[Head]:
    """Asked with every answer: the exchange may not have heard yet that the session is over (F11)."""
    if not caller_still(caller):
        raise Refused("signed_out")
    return heads_of(caller.person.pk)


def _greeted(caller: Caller, places: Mapping[bytes, int]) -> tuple[History, list[Head]]:
    """What they hold beyond our heads is kept free for it, if this server was restored (T3)."""
    heads, history = _heads_still(caller), current_history()
    ahead = {id: places[id] for id, head, _ in heads if places.get(id, 0) > head}
    claim(caller.person.pk, history, ahead)
    return history, heads


def _history(row: History) -> protocol.History:
    until = takes_back_until(row)
    if row.restored_at is None or until is None:
        return protocol.History(b64(row.id), None, None)
    return protocol.History(b64(row.id), clock.seconds(row.restored_at), clock.seconds(until))


def _unheard(done: "asyncio.Future[None]") -> None:
    if not done.cancelled() and done.exception() is not None:
        _log.warning("touch.failed")  # the next look tries again


def _shape(head: Head) -> tuple[str, int, str]:
    id, seq, log_hash = head
    return b64(id), seq, b64(log_hash)
