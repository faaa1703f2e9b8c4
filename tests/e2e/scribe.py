"""A person who writes by the Python client over the wire, for tests that need to know every key."""

import json
import os
import time
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any, Self

from websockets.sync.client import ClientConnection

from accounts.keylog import KeyLog, fold
from accounts.objects import object_hash
from accounts.protocol import b64, octets
from accounts.recovery import write_code
from accounts.shapes import Position
from messaging.client.chance import SystemChance
from messaging.client.contents import Text, read_content, write_text
from messaging.client.device import Device, new_device, paper_device
from messaging.client.entries import Draft, MessagePlace, following, found, make_epoch, make_message
from messaging.client.following import FollowedLog
from messaging.client.messages import message_key
from messaging.client.person import Started, start_keys
from messaging.envelopes import Message
from messaging.epochs import Epoch
from tests.e2e.people import Account
from tests.e2e.phone import Phone
from tests.e2e.wire import Place, Wire

_AT_ONCE = 40  # below the credit of a socket


def row_kind(person: dict[str, Any]) -> str:
    """As a roster says it of somebody whom the directory shows so (E22)."""
    return "professional" if person["professional"] else "other"


@dataclass
class Talk:
    """One conversation as this client follows it."""

    log: FollowedLog
    sent: int = 0
    last_own: bytes | None = None
    texts: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)  # of the texts


class Scribe:
    def __init__(self, server: Place, account: Account) -> None:
        self.account = account
        self.wire = Wire(server)
        self.chance = SystemChance()
        self.device: Device = new_device(self.chance)
        self.code = self.chance.draw(20)
        self.keys: Started | None = None
        self.me: dict[str, Any] = {}
        self.organisation = b""
        self.talks: dict[bytes, Talk] = {}
        self._open = ExitStack()
        self._live: ClientConnection | None = None
        self._ref = 0

    # --- joining ------------------------------------------------------------------------------------

    def join(self) -> Self:
        self.enrol()
        self.publish_keys()
        self.bind()
        return self

    def enrol(self) -> None:
        account = self.account
        given = {"token": account.token, "password": account.password}
        self.wire.fine("/api/invitation/accept", given)
        offer = self.wire.fine("/api/factor/totp/begin", {})
        account.phone = Phone(offer["secret"])
        confirmed = self.wire.fine("/api/factor/totp/confirm", {"code": account.code()})
        account.printed = list(confirmed["printed_codes"])
        session = self.wire.fine("/api/session")
        self.me = session["person"]
        self.organisation = bytes.fromhex(session["organisation"]["id"])

    def publish_keys(self) -> None:
        self.wire.fine("/api/vault/make", {"vault": b64(os.urandom(16)), "device": b64(self.device.id)})
        keys = start_keys(self.device, paper_device(self.code), int(time.time()), self.chance)
        draft = self.founding("self", keys.log)
        epoch = make_epoch(draft, self.device, self._publics(keys.log), self.chance)
        generation = keys.log.generation
        seeds = [
            {"device": b64(device), "generation": generation, "sealed": b64(sealed)}
            for device, sealed in keys.seeds.items()
        ]
        told = {"statements": [b64(one) for one in keys.statements], "seeds": seeds}
        sealed = b64(epoch.wraps[keys.log.chain])
        self.wire.fine("/api/keys/start", {**told, "epoch": b64(epoch.statement), "wrap": sealed})
        self.keys = keys
        self.account.recovery = write_code(self.code).split("-")

    def bind(self) -> None:
        challenge = octets(self.wire.fine("/api/session/challenge", {})["challenge"])
        signature = self.device.signs_session(challenge)
        self.wire.fine("/api/session/device", {"device": b64(self.device.id), "signature": b64(signature)})

    # --- talking ------------------------------------------------------------------------------------

    @property
    def chain(self) -> bytes:
        assert self.keys is not None
        return self.keys.log.chain

    def key_log(self, chain: bytes) -> KeyLog:
        statements: list[bytes] = []
        while True:
            told = self.wire.fine(f"/api/keys/log?chain={b64(chain)}&after={len(statements) - 1}")
            statements += [octets(one) for one in told["statements"]]
            if len(statements) > told["head"]["n"]:
                return fold(statements)
            assert told["statements"] != []

    def start_direct(self, other: str) -> bytes:
        """With the person whose family name this is."""
        assert self.keys is not None
        person = self.look_up(other)
        theirs = self.key_log(octets(person["chain"]))
        draft = self.founding("direct", self.keys.log, person)
        epoch = make_epoch(draft, self.device, self._publics(self.keys.log, theirs), self.chance)
        wraps = [[b64(chain), b64(sealed)] for chain, sealed in epoch.wraps.items()]
        told = {"conversation": None, "statement": b64(epoch.statement), "wraps": wraps}
        conversation = octets(self.wire.fine("/api/epochs", told)["conversation"])
        self.pull(conversation)
        return conversation

    def look_up(self, family: str) -> dict[str, Any]:
        people: list[dict[str, Any]] = self.wire.fine(f"/api/people?q={family}")["people"]
        assert len(people) == 1, people
        return people[0]

    def founding(self, kind: str, own: KeyLog, *others: dict[str, Any]) -> Draft:
        """The first epoch with these people of the directory."""
        kinds = {octets(one["chain"]): row_kind(one) for one in others} | {own.chain: row_kind(self.me)}
        logs = [own, *(self.key_log(octets(one["chain"])) for one in others)]
        draft = found(kind, logs, own, self.organisation, int(time.time()))
        return replace(draft, rows=tuple(replace(row, kind=kinds[row.chain]) for row in draft.rows))

    def renew(self, conversation: bytes) -> None:
        """The next epoch of the conversation."""
        assert self.keys is not None
        log = self.talks[conversation].log
        assert log.last is not None
        logs = {**log.key_logs, self.chain: self.keys.log}
        draft = following(log.last.epoch, conversation, logs, log.position, int(time.time()))
        epoch = make_epoch(draft, self.device, self._publics(*logs.values()), self.chance)
        wraps = [[b64(chain), b64(sealed)] for chain, sealed in epoch.wraps.items()]
        told = {"conversation": b64(conversation), "statement": b64(epoch.statement), "wraps": wraps}
        self.wire.fine("/api/epochs", told)
        self.pull(conversation)

    def pull(self, conversation: bytes) -> Talk:
        talk = self.talks.setdefault(conversation, Talk(FollowedLog(conversation)))
        while True:
            place = f"conversation={b64(conversation)}&after={talk.log.head}&limit=500"
            page = self.wire.fine(f"/api/entries?{place}")
            for row in page["entries"]:
                self._take(talk, octets(row["entry"]), row["wrap"])
            if talk.log.head >= page["head"]:
                return talk

    def send(self, conversation: bytes, text: str) -> bytes:
        """Appends over the socket and gives the entry's bytes."""
        return self.say(conversation, write_text(text))

    def say(self, conversation: bytes, content: bytes) -> bytes:
        """A content of any kind."""
        talk = self.talks[conversation]
        entry = self.seal_content(talk, content)
        answer = self.append(conversation, entry)
        assert answer["type"] == "appended", answer
        if answer["seq"] == talk.log.head + 1:
            self._take(talk, entry, None)
        else:
            self.pull(conversation)
        return entry

    def pour(self, conversation: bytes, texts: Iterable[str]) -> None:
        """Many at once, without waiting for each answer. Pull before writing or reading more."""
        talk = self.talks[conversation]
        waiting: set[int] = set()
        for text in texts:
            self._ref += 1
            told = {"type": "append", "ref": self._ref, "conversation": b64(conversation)}
            self.live.send(json.dumps({**told, "entry": b64(self.seal(talk, text))}))
            waiting.add(self._ref)
            if len(waiting) >= _AT_ONCE:
                self._await(waiting)
        self._await(waiting)

    def _await(self, waiting: set[int]) -> None:
        while waiting:
            frame = json.loads(self.live.recv(timeout=60))
            if frame.get("ref") in waiting:
                assert frame["type"] == "appended", frame
                waiting.remove(frame["ref"])

    def seal(self, talk: Talk, text: str) -> bytes:
        return self.seal_content(talk, write_text(text))

    def seal_content(self, talk: Talk, content: bytes) -> bytes:
        place = self.next_place(talk)
        secret = talk.log.secrets[place.epoch_hash]
        entry = make_message(place, secret, content, self.device, self.chance)
        talk.last_own = object_hash(entry)
        return entry

    def next_place(self, talk: Talk) -> MessagePlace:
        assert self.keys is not None
        assert talk.log.last is not None
        epoch = talk.log.last.epoch
        talk.sent += 1
        return MessagePlace(
            conversation=talk.log.conversation,
            epoch=epoch.number,
            epoch_hash=epoch.hash,
            person=self.chain,
            device_seq=talk.sent,
            prev_own=talk.last_own,
            seen=talk.log.position,
            head=Position(*self.keys.log.head),
            client_id=os.urandom(16),
        )

    def append(self, conversation: bytes, entry: bytes) -> dict[str, Any]:
        self._ref += 1
        told = {"type": "append", "ref": self._ref, "conversation": b64(conversation), "entry": b64(entry)}
        self.live.send(json.dumps(told))
        while True:
            frame: dict[str, Any] = json.loads(self.live.recv(timeout=30))
            if frame.get("ref") == self._ref:
                return frame

    @property
    def live(self) -> ClientConnection:
        return self._live or self.greet([])

    def greet(self, heads: list[tuple[bytes, int]]) -> ClientConnection:
        """Opens the socket at these places of its conversations."""
        self._live = self._open.enter_context(self.wire.socket())
        named = [[b64(conversation), seq] for conversation, seq in heads]
        self._live.send(json.dumps({"type": "hello", "protocol": 1, "heads": named}))
        assert json.loads(self._live.recv(timeout=10))["type"] == "welcome"
        return self._live

    def close(self) -> None:
        self._open.close()
        self._live = None

    # --- what a test may look for -------------------------------------------------------------------

    def secrets(self) -> dict[str, bytes]:
        """Every private key and every key of a message that this client holds or can derive."""
        assert self.keys is not None
        paper = paper_device(self.code)
        known = {
            "signing seed": self.device.sign_seed,
            "unsealing seed": self.device.unseal_seed,
            "paper signing seed": paper.sign_seed,
            "paper unsealing seed": paper.unseal_seed,
            "recovery code": self.code,
            "person seed": self.keys.seed,
        }
        for talk in self.talks.values():
            for hash, secret in talk.log.secrets.items():
                known[f"epoch secret {hash.hex()[:8]}"] = secret
            messages = (verdict.entry for verdict in talk.log.verdicts if isinstance(verdict.entry, Message))
            for message in messages:
                key = message_key(talk.log.secrets[message.epoch_hash], message.header)
                known[f"message key {message.hash.hex()[:8]}"] = key
        return known

    def _take(self, talk: Talk, entry: bytes, wrap: str | None) -> None:
        assert self.keys is not None
        verdict = talk.log.judged(entry)
        while verdict.outcome == "waiting":
            assert verdict.chain is not None
            talk.log.key_logs[verdict.chain] = self.key_log(verdict.chain)
            verdict = talk.log.judged(entry)
        verdict = talk.log.apply(entry)
        if verdict.outcome != "accepted":
            return
        if isinstance(verdict.entry, Message):
            self._read(talk, verdict.entry)
        elif isinstance(verdict.entry, Epoch) and wrap is not None:
            seeds = {self.keys.log.generation: self.keys.seed}
            talk.log.open_epoch(verdict.entry, self.chain, seeds, octets(wrap))

    def _read(self, talk: Talk, message: Message) -> None:
        assert talk.log.last is not None
        content = read_content(talk.log.content_of(message), talk.log.last.kind)
        if isinstance(content, Text):
            talk.texts.append(content.text)
            talk.places.append(talk.log.head)

    def _publics(self, *logs: KeyLog) -> dict[bytes, bytes]:
        return {log.chain: log.public for log in logs if log.public is not None}
