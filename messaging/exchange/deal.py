"""Reads what is new once, encodes it once, and offers it to each socket that may have it."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from accounts import clock
from accounts.caller import last_revocation, revocations_after
from accounts.models import Person, Revocation
from accounts.protocol import KeyHead
from messaging import protocol
from messaging.exchange.moved import Moved
from messaging.exchange.outlet import Frame, News
from messaging.exchange.outlets import Outlets
from messaging.exchange.worker import Worker
from messaging.measures import delivered
from messaging.models import Entry
from messaging.protocol import b64
from messaging.queries import (
    entries_between,
    heads_of_conversations,
    persons_in,
    persons_of,
    who_depends_on,
)
from messaging.services import fresh

# Of one conversation at once; a socket that is further behind pulls.
_MOST_ENTRIES = 64
_OVERLAP = timedelta(seconds=60)  # clocks differ a little, and a commit comes after its time
_FIRST_KEYS = 2  # the number of the first `key.new`: from it on a colleague can be written to


@dataclass(frozen=True, slots=True)
class Batch:
    news: list[News]
    persons: list[tuple[protocol.PersonFrame, frozenset[bytes]]]
    revocations: list[Revocation]
    gone: list[tuple[bytes, bytes]]  # person, conversation: out of it now


class Dealer:
    def __init__(self, outlets: Outlets, reader: Worker, moved: Moved) -> None:
        self._outlets = outlets
        self._reader = reader
        self._moved = moved
        self.heads: dict[bytes, tuple[int, bytes]] = {}  # of every conversation that this process heard of
        self._told: dict[bytes, int] = {}  # how far each person's key log was told of
        # Before any socket of this process is let in: what is revoked meanwhile is read at the first deal.
        self._began = clock.now()
        self._since = self._began - _OVERLAP
        self._revoked: int | None = None

    async def run(self) -> None:
        while True:
            await self._moved.wait()
            await self.deal()

    async def deal(self) -> None:
        logs, persons, _ = (self._moved.take(sort) for sort in ("log", "person", "revoked"))
        ahead = {id: head for id, head in logs.items() if head > self.head_of(id)}
        grown = {id: n for id, n in persons.items() if n > self._told.get(id, -1)}
        batch = await self._reader.run(self._read, ahead, grown)
        self._note_revocations(batch.revocations)
        for person, conversation in batch.gone:
            self._outlets.part(person, conversation)
        for news in batch.news:
            self._deal_one(news)
        self._told.update(grown)
        for frame, whom in batch.persons:
            for outlet in self._outlets.of(whom):
                if outlet.is_open:
                    outlet.send(frame)

    def head_of(self, conversation: bytes) -> int:
        return self.heads.get(conversation, (0, b""))[0]

    def _deal_one(self, news: News) -> None:
        # Known first: a socket that opens while this runs compares with it.
        self.heads[news.conversation] = (news.head, news.hash)
        for outlet in (outlets := self._outlets.of(news.persons)):
            outlet.offer(news)
        if outlets and news.moved >= self._began:  # else an earlier process dealt it
            asyncio.get_running_loop().call_soon(delivered, news.moved)  # behind the writers that it woke

    def _note_revocations(self, revocations: list[Revocation]) -> None:
        self._outlets.revoke(revocations)
        for revocation in revocations:
            self._revoked = revocation.n

    def _read(self, ahead: dict[bytes, int], moved: dict[bytes, int]) -> Batch:
        """In the reader's thread. Who is in and who is revoked last: nothing read is dealt past it. Heads
        first: whoever is in after an entry got its place was in when it got it."""
        if self._revoked is None:
            self._revoked = last_revocation(before=self._since)
        read = [
            (id, head, log_hash, self._frames(id, ahead[id], head, log_hash), moved_at)
            for id, head, log_hash, moved_at in (heads_of_conversations(ahead) if ahead else [])
        ]
        told = [_person_news(person, moved) for person in persons_of(moved)] if moved else []
        persons = persons_in(ahead) if ahead else {}
        revocations = revocations_after(self._revoked)
        parted = [one for one in map(_parted, revocations) if one is not None]
        if parted:  # asked again: they may have gone since, or be in anew
            persons = persons_in({*ahead, *(conversation for _, conversation in parted)})
        news = [News(*one, persons.get(one[0], {})) for one in read]
        gone = [one for one in parted if one[0] not in persons.get(one[1], {})]
        return Batch(news, told, revocations, gone)

    def _frames(self, conversation: bytes, told: int, head: int, log_hash: bytes) -> tuple[Frame, ...]:
        # Of a conversation heard of for the first time only what the hint is about may be "one behind".
        after = max(self.head_of(conversation) or told - 1, head - _MOST_ENTRIES)
        return tuple(map(_frame, _entries(conversation, after, head, log_hash)))


def _entries(conversation: bytes, after: int, head: int, log_hash: bytes) -> list[Entry]:
    found = fresh.between(conversation, after, head, log_hash)
    return entries_between(conversation, after, head) if found is None else found


def _parted(revocation: Revocation) -> tuple[bytes, bytes] | None:
    if revocation.what != Revocation.What.MEMBER or revocation.conversation is None:
        return None
    return revocation.person.bytes, bytes(revocation.conversation)


def _frame(entry: Entry) -> Frame:
    if entry.kind not in (Entry.Kind.MESSAGE, Entry.Kind.LEAVE):
        return Frame(entry.seq, None)
    dealt = protocol.EntryFrame(b64(entry.conversation_id), entry.seq, entry.at, b64(entry.object))
    return Frame(entry.seq, msgspec.json.encode(dealt).decode())


def _person_news(person: Person, moved: dict[bytes, int]) -> tuple[protocol.PersonFrame, frozenset[bytes]]:
    assert person.key_head_n is not None
    assert person.key_head_hash is not None
    assert person.chain is not None
    head = KeyHead(person.key_head_n, b64(person.key_head_hash))
    made_keys = moved[person.pk.bytes] <= _FIRST_KEYS
    return protocol.PersonFrame(person.pk.hex, b64(person.chain), head), who_depends_on(
        person.pk, made_keys=made_keys
    )
