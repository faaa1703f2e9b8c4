"""A whole client: a person with keys, who starts conversations, writes, follows and marks.

For load, malice and fault tests: it keeps everything in memory and decides nothing on its own.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from accounts.keylog import KeyLog, extend
from accounts.objects import object_hash
from accounts.protocol import b64, octets
from accounts.shapes import Position
from messaging.client.api import Api
from messaging.client.chance import Chance, SystemChance
from messaging.client.contents import Text, read_content, read_text, write_text
from messaging.client.device import Device, new_device, paper_device
from messaging.client.drafting import next_draft
from messaging.client.entries import Draft, MessagePlace, found, make_epoch, make_marker, make_message
from messaging.client.following import FollowedLog
from messaging.client.onetime import code_at
from messaging.client.person import Started, start_keys
from messaging.client.restoring import Forked, Held, Histories, parts
from messaging.client.showing import Conversation, Said, show
from messaging.client.socket import Socket
from messaging.epochs import Epoch
from messaging.loghash import first_hash


@dataclass(slots=True)
class Followed:
    """One conversation as this client has it."""

    log: FollowedLog
    times: list[int] = field(default_factory=list)
    held: dict[int, Held] = field(default_factory=dict)  # by place: what came whole
    written: int = 0
    last_own: bytes | None = None


class ClientSession:
    def __init__(
        self, origin: str, chance: Chance | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        self.api = Api(origin)
        self.conversations: dict[bytes, Followed] = {}
        self.key_logs: dict[bytes, KeyLog] = {}
        self.statements: dict[bytes, list[bytes]] = {}
        self.histories = Histories()
        self._wraps: dict[bytes, dict[bytes, bytes]] = {}  # of the epochs made here, by their hash
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
    def organisation(self) -> bytes:
        return self._organisation

    @property
    def now(self) -> int:
        return int(self._clock())

    async def sign_in(self, email: str, password: str, totp_secret: bytes) -> None:
        state = await self.api.sign_in(email, password, code_at(totp_secret, self._clock()))
        self._organisation = bytes.fromhex(state["organisation"]["id"])

    async def look_around(self) -> None:
        """Whose organisation this is, for a session that began by other ways."""
        self._organisation = bytes.fromhex((await self.api.get("/api/session"))["organisation"]["id"])

    async def start_keys(self) -> bytes:
        """Keys, the own conversation, and this session bound to its device; gives the recovery code."""
        code = self._chance.draw(20)
        self._device, paper = new_device(self._chance), paper_device(code)
        self._started: Started = start_keys(self._device, paper, self.now, self._chance)
        self.key_logs[self.chain] = self._started.log
        self.statements[self.chain] = list(self._started.statements)
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
                self.statements.setdefault(chain, []).append(statement)
        assert log is not None
        assert log.chain == chain
        self.key_logs[chain] = log
        return log

    async def start_direct(self, chain: bytes) -> bytes:
        other, own = await self.learn(chain), self.key_logs[self.chain]
        return await self.post(None, found("direct", [own, other], own, self.organisation, self.now))

    async def renew_epoch(self, conversation: bytes) -> None:
        """Takes up what has happened since the last one, and changes nothing else."""
        log = self.conversations[conversation].log
        assert log.last is not None
        for row in log.last.epoch.roster:
            await self.learn(row.chain)
        await self.post(conversation, next_draft(log, self.now))

    async def post(self, conversation: bytes | None, draft: Draft) -> bytes:
        """Makes the epoch, and is in it; gives the conversation."""
        made = make_epoch(draft, self._device, self._publics(), self._chance)
        self._wraps[object_hash(made.statement)] = dict(made.wraps)
        await self.api.post_epoch(conversation, made.statement, dict(made.wraps))
        here = conversation or object_hash(made.statement)
        await self.catch_up(here)
        return here

    async def follow(self, conversation: bytes) -> Followed:
        """From where the host says that this view starts; the joining epoch must bear it out (L13)."""
        answer = await self.api.get("/api/conversations")
        [row] = [row for row in answer["conversations"] if octets(row["id"]) == conversation]
        n, hash = row["start"]
        anchor = Position(n, octets(hash)) if n else None
        log = FollowedLog(conversation, self.key_logs, self.chain, anchor)
        self.conversations[conversation] = Followed(log)
        return self.conversations[conversation]

    async def catch_up(self, conversation: bytes) -> Followed:
        """Pulls and judges page after page until the log's head."""
        followed = self.conversations.get(conversation) or await self.follow(conversation)
        while True:
            before = followed.log.head  # what a frame brings meanwhile is no part of the question
            page = await self.api.entries(conversation, before)
            if page["head"] < before:
                await self._meet_shorter(followed, page["head"], octets(page["hash"]))
                return followed
            for row in page["entries"]:
                assert row["seq"] == followed.log.head + 1, "the host left out a place"
                if row["entry"] is None:
                    followed.log.apply_stub(octets(row["stub"]))
                    followed.times.append(row["at"])
                else:
                    await self._apply(followed, row["at"], octets(row["entry"]), row["wrap"])
            if followed.log.head >= page["head"] or not page["entries"]:
                self._compare(followed, page["head"], octets(page["hash"]))
                return followed

    async def hear(self, socket: Socket) -> bool:
        """Whether the server was restored since (T1). Then key logs are given back, and after them all
        conversations, those that it does not know at all among them (T5, T6)."""
        if not self.histories.hear(socket.welcome["history"], self.conversations):
            return False
        for chain in self.statements:
            await self._give_keys(chain)
        listed = {octets(row["id"]) for row in (await self.api.get("/api/conversations"))["conversations"]}
        for conversation, followed in self.conversations.items():
            if conversation in listed:
                await self.catch_up(conversation)
            else:
                await self._meet_shorter(followed, 0, first_hash(conversation))
        return True

    async def _meet_shorter(self, followed: Followed, head: int, hash: bytes) -> None:
        """T5, T7. Raises RolledBack or Forked; what this client does not hold, another gives."""
        self.histories.check_shorter(followed.log, head, hash, self.now)
        missing = range(head + 1, followed.log.head + 1)
        held = [followed.held[place] for place in missing if place in followed.held]
        if len(held) < len(missing):
            return
        answer: dict[str, Any] = {}
        for part in parts(held):
            answer = await self._give(followed.log.conversation, head, part)
            head += len(part)
        self._compare(followed, answer["head"], octets(answer["hash"]))

    async def _give(self, conversation: bytes, after: int, part: list[Held]) -> dict[str, Any]:
        assert self.histories.id is not None
        told = {"history": b64(self.histories.id), "conversation": b64(conversation), "after": after}
        return await self.api.post("/api/restoring/entries", **told, entries=[one.as_told() for one in part])

    async def _give_keys(self, chain: bytes) -> None:
        """T6."""
        assert self.histories.id is not None
        held = self.statements[chain]
        answer = await self.api.get("/api/keys/log", chain=b64(chain), after=len(held) - 1)
        after = int(answer["head"]["n"])
        if after < len(held) - 1 and octets(answer["head"]["hash"]) == object_hash(held[after]):
            given = [b64(statement) for statement in held[after + 1 :]]
            told = {"history": b64(self.histories.id), "chain": b64(chain), "after": after}
            await self.api.post("/api/restoring/keys", **told, statements=given, seeds=[])

    def _compare(self, followed: Followed, head: int, hash: bytes) -> None:
        """L7, T10. Raises Forked; once the server has what is here, nothing is awaited any more."""
        if head != followed.log.head:
            return
        if hash != followed.log.position.hash:
            raise Forked
        self.histories.awaited.discard(followed.log.conversation)

    async def write(
        self, socket: Socket, conversation: bytes, text: str, client_id: bytes | None = None
    ) -> int:
        """Its place in the log. The caller is caught up; one text is sealed once."""
        return await self.append(socket, conversation, self.sealed(conversation, text, client_id))

    async def say(self, socket: Socket, conversation: bytes, content: bytes) -> int:
        """A content of any kind, as `contents` writes them."""
        return await self.append(socket, conversation, self.sealed_content(conversation, content))

    async def append(self, socket: Socket, conversation: bytes, entry: bytes) -> int:
        answer = await socket.append(conversation, entry)
        return int(answer["seq"])

    def sealed(self, conversation: bytes, text: str, client_id: bytes | None = None) -> bytes:
        return self.sealed_content(conversation, write_text(text), client_id)

    def sealed_content(self, conversation: bytes, content: bytes, client_id: bytes | None = None) -> bytes:
        followed = self.conversations[conversation]
        place = self.next_place(conversation, client_id)
        secret = followed.log.secrets[place.epoch_hash]
        entry = make_message(place, secret, content, self._device, self._chance)
        followed.last_own = object_hash(entry)
        return entry

    def next_place(self, conversation: bytes, client_id: bytes | None = None) -> MessagePlace:
        followed = self.conversations[conversation]
        last = followed.log.last
        assert last is not None
        followed.written += 1
        return MessagePlace(
            conversation, last.epoch.number, last.epoch.hash, self.chain, followed.written, followed.last_own,
            followed.log.position, self.key_logs[self.chain].head, client_id or self._chance.draw(16),
        )  # fmt: skip

    def texts(self, conversation: bytes) -> list[tuple[bytes, Text]]:
        """Accepted messages with their writer's chain, in the order of the log; raises Unreadable."""
        messages = self.conversations[conversation].log.messages()
        contents = self.conversations[conversation].log.content_of
        return [(message.person, read_text(contents(message))) for message, _ in messages]

    def shown(self, conversation: bytes) -> Conversation:
        """What its reader sees; raises Unreadable."""
        log = self.conversations[conversation].log
        return show(
            Said(message, epoch, read_content(log.content_of(message), epoch.kind))
            for message, epoch in log.messages()
            if epoch.hash in log.secrets
        )

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
            await self._apply(followed, int(str(frame["at"])), octets(str(frame["entry"])), None)
        else:
            await self.catch_up(conversation)

    async def _apply(self, followed: Followed, at: int, entry: bytes, wrap: str | None) -> None:
        log = followed.log
        verdict = log.apply(entry)
        while verdict.outcome == "waiting":
            assert verdict.chain is not None
            before = self.key_logs.get(verdict.chain)
            if await self.learn(verdict.chain) == before:
                raise LookupError("a key log does not reach the head that an entry names")
            verdict = log.apply(entry)
        followed.times.append(at)
        followed.held[log.head] = Held(entry, at, self._wraps.get(object_hash(entry), {}))
        if verdict.outcome == "accepted" and isinstance(verdict.entry, Epoch) and wrap is not None:
            log.open_epoch(verdict.entry, self.chain, {1: self._started.seed}, octets(wrap))

    def _publics(self) -> dict[bytes, bytes]:
        return {chain: log.public for chain, log in self.key_logs.items() if log.public is not None}
