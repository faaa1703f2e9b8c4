"""A whole client: a person with keys, who starts conversations, writes, follows and marks.

For load, malice and fault tests: it keeps everything in memory and decides nothing on its own.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from accounts.keylog import KeyLog, extend
from accounts.objects import object_hash
from accounts.protocol import b64, octets
from accounts.shapes import Position
from messaging.client.api import Api
from messaging.client.chance import Chance, SystemChance
from messaging.client.contents import Text, read_text, write_text
from messaging.client.device import Device, new_device, paper_device
from messaging.client.entries import MessagePlace, following, found, make_epoch, make_marker, make_message
from messaging.client.following import FollowedLog
from messaging.client.onetime import code_at
from messaging.client.person import Started, start_keys
from messaging.client.socket import Socket
from messaging.envelopes import Message
from messaging.epochs import Epoch


@dataclass(slots=True)
class Followed:
    """One conversation as this client has it."""

    log: FollowedLog
    times: list[int] = field(default_factory=list)
    written: int = 0
    last_own: bytes | None = None


class ClientSession:
    def __init__(
        self, origin: str, chance: Chance | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        self.api = Api(origin)
        self.conversations: dict[bytes, Followed] = {}
        self.key_logs: dict[bytes, KeyLog] = {}
        self._chance = chance or SystemChance()
        self._clock = clock

    def __repr__(self) -> str:
        return "ClientSession(..)"

    @property
    def chain(self) -> bytes:
        return self._started.log.chain

    @property
    def device(self) -> Device:
        return self._device

    @property
    def now(self) -> int:
        return int(self._clock())

    async def sign_in(self, email: str, password: str, totp_secret: bytes) -> None:
        state = await self.api.sign_in(email, password, code_at(totp_secret, self._clock()))
        self._organisation = bytes.fromhex(state["organisation"]["id"])

    async def start_keys(self) -> bytes:
        """Keys, the own conversation, and this session bound to its device; gives the recovery code."""
        code = self._chance.draw(20)
        self._device, paper = new_device(self._chance), paper_device(code)
        self._started: Started = start_keys(self._device, paper, self.now, self._chance)
        self.key_logs[self.chain] = self._started.log
        draft = found("self", [self._started.log], self._started.log, self._organisation, self.now)
        made = make_epoch(draft, self._device, self._publics(), self._chance)
        await self.api.post("/api/vault/make", vault=b64(self._chance.draw(16)), device=b64(self._device.id))
        await self.api.post(
            "/api/keys/start",
            statements=[b64(statement) for statement in self._started.statements],
            seeds=[
                {"device": b64(id), "generation": 1, "sealed": b64(sealed)}
                for id, sealed in self._started.seeds.items()
            ],
            epoch=b64(made.statement),
            wrap=b64(made.wraps[self.chain]),
        )
        await self.bind()
        return code

    async def bind(self) -> None:
        answer = await self.api.post("/api/session/challenge")
        signature = self._device.signs_session(octets(answer["challenge"]))
        await self.api.post("/api/session/device", device=b64(self._device.id), signature=b64(signature))

    async def learn(self, chain: bytes) -> KeyLog:
        """Fetches what is new of a key log and judges it."""
        log = self.key_logs.get(chain)
        while page := await self.api.key_log(chain, log.head.n if log else -1):
            for statement in page:
                log = extend(log, statement)
        assert log is not None
        assert log.chain == chain
        self.key_logs[chain] = log
        return log

    async def start_direct(self, chain: bytes) -> bytes:
        other, own = await self.learn(chain), self.key_logs[self.chain]
        draft = found("direct", [own, other], own, self._organisation, self.now)
        made = make_epoch(draft, self._device, self._publics(), self._chance)
        await self.api.post_epoch(None, made.statement, dict(made.wraps))
        conversation = object_hash(made.statement)
        await self.catch_up(conversation)
        return conversation

    async def renew_epoch(self, conversation: bytes) -> None:
        log = self.conversations[conversation].log
        assert log.last is not None
        logs = {row.chain: await self.learn(row.chain) for row in log.last.epoch.roster}
        draft = following(log.last.epoch, conversation, logs, log.position, self.now)
        made = make_epoch(draft, self._device, self._publics(), self._chance)
        await self.api.post_epoch(conversation, made.statement, dict(made.wraps))
        await self.catch_up(conversation)

    async def catch_up(self, conversation: bytes) -> Followed:
        """Pulls and judges page after page until the log's head."""
        followed = self.conversations.setdefault(conversation, Followed(FollowedLog(conversation)))
        while True:
            page = await self.api.entries(conversation, followed.log.head)
            for row in page["entries"]:
                await self._apply(followed, row["seq"], row["at"], octets(row["entry"]), row["wrap"])
            if followed.log.head >= page["head"] or not page["entries"]:
                return followed

    async def write(
        self, socket: Socket, conversation: bytes, text: str, client_id: bytes | None = None
    ) -> int:
        """Its place in the log. The caller is caught up; one text is sealed once."""
        return await self.append(socket, conversation, self.sealed(conversation, text, client_id))

    async def append(self, socket: Socket, conversation: bytes, entry: bytes) -> int:
        answer = await socket.append(conversation, entry)
        return int(answer["seq"])

    def sealed(self, conversation: bytes, text: str, client_id: bytes | None = None) -> bytes:
        followed = self.conversations[conversation]
        last = followed.log.last
        assert last is not None
        followed.written += 1
        place = MessagePlace(
            conversation, last.epoch.number, last.epoch.hash, self.chain, followed.written, followed.last_own,
            followed.log.position, self.key_logs[self.chain].head, client_id or self._chance.draw(16),
        )  # fmt: skip
        secret = followed.log.secrets[last.epoch.hash]
        entry = make_message(place, secret, write_text(text), self._device, self._chance)
        followed.last_own = object_hash(entry)
        return entry

    def texts(self, conversation: bytes) -> list[tuple[bytes, Text]]:
        """Accepted messages with their writer's chain, in the order of the log; raises Unreadable."""
        log = self.conversations[conversation].log
        messages = [v.entry for v in log.verdicts if v.outcome == "accepted" and isinstance(v.entry, Message)]
        return [(message.person, read_text(log.content_of(message))) for message in messages]

    async def mark(self, socket: Socket, conversation: bytes, counter: int) -> Position:
        """Everything here is read."""
        place = self.conversations[conversation].log.position
        marker = make_marker(conversation, self.chain, self._device, counter, (place, place, place), self.now)
        await socket.put_marker(marker)
        return place

    async def take(self, frame: dict[str, object]) -> None:
        """What a socket heard about the log: the next entry, or that there is more to pull."""
        conversation = octets(str(frame["conversation"]))
        followed = self.conversations.get(conversation)
        if frame["type"] == "entry" and followed is not None and followed.log.head + 1 == frame["seq"]:
            seq, at = int(str(frame["seq"])), int(str(frame["at"]))
            await self._apply(followed, seq, at, octets(str(frame["entry"])), None)
        else:
            await self.catch_up(conversation)

    async def _apply(self, followed: Followed, seq: int, at: int, entry: bytes, wrap: str | None) -> None:
        log = followed.log
        assert seq == log.head + 1, "the host left out a place"
        log.key_logs = self.key_logs
        verdict = log.apply(entry)
        while verdict.outcome == "waiting":
            assert verdict.chain is not None
            before = self.key_logs.get(verdict.chain)
            if await self.learn(verdict.chain) == before:
                raise LookupError("a key log does not reach the head that an entry names")
            verdict = log.apply(entry)
        followed.times.append(at)
        if verdict.outcome == "accepted" and isinstance(verdict.entry, Epoch) and wrap is not None:
            log.open_epoch(verdict.entry, self.chain, {1: self._started.seed}, octets(wrap))

    def _publics(self) -> dict[bytes, bytes]:
        return {chain: log.public for chain, log in self.key_logs.items() if log.public is not None}
