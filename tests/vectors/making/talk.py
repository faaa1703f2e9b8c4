"""A conversation of anna and bruno under construction, for vectors of logs, messages and markers."""

# one row, one vector

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from accounts.codec import Value, decode, encode
from accounts.keylog import KeyLog
from accounts.objects import H, object_hash
from accounts.shapes import Position
from messaging.client.chance import SeededChance
from messaging.client.contents import write_text
from messaging.client.device import Device
from messaging.client.entries import (
    Draft,
    MadeEpoch,
    MessagePlace,
    epoch_fields,
    following,
    found,
    header_fields,
    make_epoch,
    make_leave,
    make_message,
)
from messaging.client.following import FollowedLog
from messaging.client.messages import seal_content
from messaging.envelopes import make_suspended
from messaging.epochs import secret_commit
from tests.vectors.making.case import Case, case
from tests.vectors.making.world import ORGANISATION, Person, key_logs, world

Fields = dict[str, Value]
KNOWN = {"anna": 6, "bruno": 3, "chloe": 3, "dora": 3}
AT = 2000


@dataclass
class Talk:
    name: str
    kind: str = "direct"
    heads: Mapping[str, int] = field(default_factory=lambda: {"anna": 6, "bruno": 3})
    roles: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    sealed: bool = True  # sealing takes time, and judging opens nothing
    entries: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = SeededChance(f"talk {self.name}")
        names = ("anna",) if self.kind == "self" else tuple(self.heads)
        self.logs = {name: world()[name].log(self.heads[name]) for name in names}
        self.made = self.draft_epoch(self.founding())
        self.log = FollowedLog(object_hash(self.made.statement), key_logs(KNOWN))
        self.add(self.made.statement)

    @property
    def conversation(self) -> bytes:
        return self.log.conversation

    def founding(self) -> Draft:
        draft = found(self.kind, list(self.logs.values()), self.logs["anna"], ORGANISATION, AT)
        names = {log.chain: name for name, log in self.logs.items()}
        rows = [
            replace(
                row,
                role=self.roles.get(names[row.chain], row.role),
                kind=self.kinds.get(names[row.chain], row.kind),
            )
            for row in draft.rows
        ]
        return replace(draft, rows=tuple(rows))

    def draft_epoch(self, draft: Draft, maker: Device | None = None) -> MadeEpoch:
        if not self.sealed:
            return unsealed(draft, maker or world()["anna"].first)
        publics = {
            chain: log.generations[log.generation_at(row.head.n) - 1].public
            for row in draft.rows
            for chain, log in key_logs(KNOWN).items()
            if chain == row.chain
        }
        return make_epoch(draft, maker or world()["anna"].first, publics, self.chance)

    def next_draft(self, **change: object) -> Draft:
        assert self.log.last is not None
        draft = following(self.log.last.epoch, self.conversation, {}, self.log.position, AT + 1)
        return replace(draft, **change)  # type: ignore[arg-type]

    def renew(self, **change: object) -> MadeEpoch:
        self.made = self.draft_epoch(self.next_draft(**change))
        self.add(self.made.statement)
        return self.made

    def place(self, person: Person | None = None, **change: object) -> MessagePlace:
        assert self.log.last is not None
        person = person or world()["anna"]
        place = MessagePlace(
            self.conversation, self.log.last.epoch.number, self.log.last.epoch.hash, person.chain, 1, None,
            self.log.position, person.log().head, self.chance.draw(16),
        )  # fmt: skip
        return replace(place, **change)  # type: ignore[arg-type]

    def message(
        self,
        person: Person | None = None,
        device: Device | None = None,
        text: str = "Bonjour",
        content: bytes | None = None,
        **change: object,
    ) -> bytes:
        person, content = person or world()["anna"], content or write_text(text)
        place = self.place(person, **change)
        return make_message(place, self.made.secret, content, device or person.first, self.chance)

    def leave(self, person: Person, device: Device | None = None, **change: object) -> bytes:
        return make_leave(self.place(person, **change), device or person.first)

    def suspend(self, name: str, at: int = AT) -> bytes:
        return make_suspended(self.conversation, world()[name].chain, at)

    def add(self, entry: bytes) -> None:
        self.log.apply(entry)
        self.entries.append(entry)

    def judged(
        self,
        rule: str,
        comment: str,
        *more: bytes,
        known: Mapping[str, int] = KNOWN,
        conversation: bytes | None = None,
    ) -> Case:
        """A vector whose last entry is what is tested."""
        entries = [*self.entries, *more]
        log = FollowedLog(conversation or self.conversation, key_logs(dict(known)))
        verdicts = [log.apply(entry) for entry in entries]
        given = {"conversation": log.conversation, "key_logs": dict(known), "entries": entries}
        last = verdicts[-1]
        return case(
            rule, comment, "log.judge", given, last.outcome, last.code,
            verdicts=[[verdict.outcome, verdict.code] for verdict in verdicts], hash=log.hashes[-1],
        )  # fmt: skip


def unsealed(draft: Draft, maker: Device) -> MadeEpoch:
    """An epoch as good as any for judging, with nothing behind its wraps."""
    commit = secret_commit(draft.number, draft.prev, bytes(32))
    wrapped = tuple(
        replace(row, wrap=None if row.paused else H("sealed-wrap", row.chain)) for row in draft.rows
    )
    body = encode(epoch_fields(replace(draft, rows=wrapped), commit))
    return MadeEpoch(maker.signed_object("epoch", body), {}, bytes(32))


def parts_of(entry: bytes) -> tuple[str, Fields, bytes]:
    """Label, fields and signer, to be changed and signed again."""
    outer = decode(entry, 1 << 20)
    assert isinstance(outer, list)
    fields, signer = decode(outer[2], 1 << 20), outer[3]
    assert isinstance(fields, dict)
    assert isinstance(outer[1], str)
    return outer[1], fields, signer


def signed(label: str, fields: Mapping[str, Value], device: Device) -> bytes:
    return device.signed_object(label, encode(fields))


def with_header(talk: Talk, change: Mapping[str, Value], device: Device, drop: str | None = None) -> bytes:
    """A message whose header has these fields instead, sealed and signed well."""
    fields = {**header_fields(talk.place(), device.id), **change}
    fields.pop(drop or "", None)
    header = encode(fields)
    commit, body = seal_content(talk.made.secret, header, write_text("Bonjour"), talk.chance.draw(24))
    return signed("message", {"header": header, "commit": commit, "body": body}, device)


def at(log: KeyLog, n: int) -> Position:
    hash = log.hash_at(n)
    assert hash is not None
    return Position(n, hash)
