"""People with keys, browsers and conversations, made by the Python client as any client would make them."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from accounts import clock
from accounts.caller import Caller, caller_of
from accounts.keylog import KeyLog
from accounts.models import Organisation, Person, Session, TotpFactor
from accounts.objects import object_hash
from accounts.services.devices import bind_device, new_challenge
from accounts.services.keys import Seed, append_to_key_log, start_keys
from accounts.services.sessions import Given, begin_session, refresh_factor, verify_session
from accounts.shapes import Position
from accounts.source import Source
from messaging.client.chance import SystemChance
from messaging.client.contents import write_text
from messaging.client.device import Device, new_device, paper_device
from messaging.client.entries import (
    Draft,
    MadeEpoch,
    MessagePlace,
    following,
    found,
    make_epoch,
    make_message,
)
from messaging.client.person import add_device, new_key
from messaging.client.person import start_keys as make_keys
from messaging.envelopes import read_entry
from messaging.epochs import Epoch
from messaging.facts import LastEpoch
from messaging.loghash import first_hash, next_hash
from messaging.models import Conversation, Entry
from messaging.services.epochs import Author, Posted, post_epoch
from messaging.services.log import Appended, AppendWish, append_messages
from tests.cast import Cast

CHANCE = SystemChance()
SOURCE = Source(address="127.0.0.1", browser="firefox", platform="linux", language="fr")


def now() -> int:
    return clock.seconds(clock.now())


@dataclass
class Desk:
    """A person at a browser: signed in, second factor given, keys made, session bound."""

    person: Person
    organisation: Organisation
    device: Device
    log: KeyLog
    seed: bytes
    token: str
    own: bytes  # the `self` conversation

    @property
    def caller(self) -> Caller:
        return caller_of(self.scope, act=False)

    @property
    def scope(self) -> dict[str, list[tuple[bytes, bytes]]]:
        return {"headers": [(b"cookie", f"colloque={self.token}".encode())]}

    @property
    def author(self) -> Author:
        return Author(self.person.pk, self.device.id)


@dataclass
class Thread:
    """A conversation and what is needed to write in it."""

    id: bytes
    desks: tuple[Desk, ...]
    epoch: Epoch
    secret: bytes
    place: Position
    sent: dict[bytes, int] = field(default_factory=dict)

    def message(self, desk: Desk, text: str = "bonjour", *, client_id: bytes | None = None) -> bytes:
        content = write_text(text)
        return make_message(self.header(desk, client_id), self.secret, content, desk.device, CHANCE)

    def header(self, desk: Desk, client_id: bytes | None = None) -> MessagePlace:
        self.sent[desk.device.id] = self.sent.get(desk.device.id, 0) + 1
        return MessagePlace(
            conversation=self.id, epoch=self.epoch.number, epoch_hash=self.epoch.hash,
            person=desk.log.chain, device_seq=self.sent[desk.device.id], prev_own=None,
            seen=self.place, head=desk.log.head, client_id=client_id or os.urandom(16),
        )  # fmt: skip

    def draft(self, at: int | None = None, seen: Position | None = None) -> Draft:
        logs = {desk.log.chain: desk.log for desk in self.desks}
        return following(self.epoch, self.id, logs, seen or self.place, now() if at is None else at)

    def renewal(self, maker: Desk, *, at: int | None = None, seen: Position | None = None) -> MadeEpoch:
        return make_epoch(self.draft(at, seen), maker.device, _publics(self.desks), CHANCE)

    def renew(self, maker: Desk) -> Posted:
        return self.post(maker, self.renewal(maker))

    def change(self, maker: Desk, draft: Draft) -> Posted:
        return self.post(maker, make_epoch(draft, maker.device, _publics(self.desks), CHANCE))

    def post(self, maker: Desk, made: MadeEpoch) -> Posted:
        posted = post_epoch(
            maker.author, conversation=self.id, statement=made.statement, wraps=wraps_of(made)
        )
        entry = Entry.objects.get(conversation=self.id, seq=posted.seq)
        self.epoch, self.secret = _epoch(made.statement), made.secret
        self.place = Position(posted.seq, bytes(entry.h))
        return posted

    @property
    def last(self) -> LastEpoch:
        return LastEpoch(self.epoch, self.place.n)

    @property
    def row(self) -> Conversation:
        return Conversation.objects.get(pk=self.id)


def _given(person: Person) -> Given:
    return Given(Session.FactorSort.TOTP, TotpFactor.objects.get(user=person).pk)


def sign_in(person: Person) -> str:
    issued = begin_session(person=person, shared=False, source=SOURCE, instead_of=None)
    return verify_session(issued.session, _given(person)).token


def open_desk(person: Person, organisation: Organisation) -> Desk:
    token = sign_in(person)
    device, paper = new_device(CHANCE), paper_device(os.urandom(20))
    started = make_keys(device, paper, now(), CHANCE)
    own = found("self", [started.log], started.log, organisation.pk.bytes, now())
    public = started.log.public
    assert public is not None
    epoch = make_epoch(own, device, {started.log.chain: public}, CHANCE)
    start_keys(
        _caller(token),
        statements=list(started.statements),
        seeds=[Seed(id, 1, sealed) for id, sealed in started.seeds.items()],
        epoch=epoch.statement,
        wrap=epoch.wraps[started.log.chain],
    )
    bind(token, device)
    person.refresh_from_db()
    return Desk(person, organisation, device, started.log, started.seed, token, object_hash(epoch.statement))


def second_desk(desk: Desk) -> Desk:
    """Another browser of the same person."""
    token, device = sign_in(desk.person), new_device(CHANCE)
    step = add_device(desk.log, desk.device, device, desk.seed, now(), CHANCE)
    grow(desk, step.statement, step.seeds, step.log)
    bind(token, device)
    return Desk(desk.person, desk.organisation, device, desk.log, desk.seed, token, desk.own)


def revoke(desk: Desk, device: bytes) -> None:
    renewed = new_key(desk.log, desk.device, desk.seed, now(), CHANCE, revoked=device)
    grow(desk, renewed.step.statement, renewed.step.seeds, renewed.step.log)
    desk.seed = renewed.seed


def grow(desk: Desk, statement: bytes, seeds: "dict[bytes, bytes] | object", log: KeyLog) -> None:
    refresh_factor(desk.caller.session, _given(desk.person))
    assert isinstance(seeds, dict)
    rows = [Seed(id, log.generation, sealed) for id, sealed in seeds.items()]
    append_to_key_log(desk.caller, statements=[statement], seeds=rows)
    desk.log = log


def bind(token: str, device: Device) -> None:
    session = _caller(token).session
    challenge = new_challenge(session)
    bind_device(session, device=device.id, signature=device.signs_session(challenge))


def founding(
    maker: Desk, others: Sequence[Desk], *, kind: str = "direct", at: int | None = None
) -> MadeEpoch:
    desks = [maker, *others]
    draft = found(
        kind,
        [desk.log for desk in desks],
        maker.log,
        maker.organisation.pk.bytes,
        now() if at is None else at,
    )
    return make_epoch(draft, maker.device, _publics(desks), CHANCE)


def start_direct(maker: Desk, other: Desk) -> Thread:
    return start(maker, [other], kind="direct")


def start(maker: Desk, others: Sequence[Desk], *, kind: str) -> Thread:
    made = founding(maker, others, kind=kind)
    posted = post_epoch(maker.author, conversation=None, statement=made.statement, wraps=wraps_of(made))
    place = Position(1, next_hash(first_hash(posted.conversation), 1, object_hash(made.statement)))
    return Thread(posted.conversation, (maker, *others), _epoch(made.statement), made.secret, place)


def append(desk: Desk, thread: Thread, entry: bytes) -> Appended:
    """Raises what the log refuses."""
    [answer] = append_messages([AppendWish(desk.caller, thread.id, entry)])
    if isinstance(answer, Appended):
        return answer
    raise answer


def wraps_of(made: MadeEpoch) -> list[tuple[bytes, bytes]]:
    return list(made.wraps.items())


def _publics(desks: Sequence[Desk]) -> dict[bytes, bytes]:
    return {desk.log.chain: desk.log.public for desk in desks if desk.log.public is not None}


def _epoch(statement: bytes) -> Epoch:
    epoch = read_entry(statement)
    assert isinstance(epoch, Epoch)
    return epoch


def _caller(token: str) -> Caller:
    return caller_of({"headers": [(b"cookie", f"colloque={token}".encode())]}, act=False)


@dataclass
class World:
    cast: Cast
    ines: Desk
    anne_lise: Desk
    thread: Thread


def make_world(cast: Cast) -> World:
    ines, anne_lise = open_desk(cast.ines, cast.tilleuls), open_desk(cast.anne_lise, cast.tilleuls)
    return World(cast, ines, anne_lise, start_direct(ines, anne_lise))
