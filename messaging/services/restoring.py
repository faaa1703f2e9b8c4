"""A restored server: conversations wait for what is missing, and take it back (PROTOCOL.md T3, T7 to T9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction
from django.db.models import F

from accounts import clock
from accounts.limits import limit
from accounts.models import Device, History
from accounts.services.histories import current_history, grace_of, takes_back
from accounts.shapes import Position
from messaging.envelopes import Entry as Read
from messaging.envelopes import Leave, Message, read_entry
from messaging.epochs import Epoch, wrap_hash
from messaging.errors import LogRefused
from messaging.judging import judge
from messaging.models import Conversation, Entry, Member
from messaging.policy import member_now, memberships_now
from messaging.services.epochs import Wraps, found_log, pair_of, write_epoch
from messaging.services.facts import LogFacts, read_facts
from messaging.services.log import locked, move
from messaging.services.naming import (
    check_came,
    check_heads,
    check_places,
    hold_still,
    organisation_of,
    people_named,
)
from messaging.services.windows import Moves, People, close, open_windows, tell_gone
from messaging.services.witness import check_suspension

_FARTHEST = 100_000  # how far above the head a claim may reach
_log = structlog.get_logger("messaging")


@dataclass(frozen=True, slots=True)
class Given:
    """An entry as a client holds it: when it came, and the wraps that its giver has."""

    entry: bytes
    at: int
    wraps: Wraps = ()


@transaction.atomic
def claim(person: UUID, history: History, places: Mapping[bytes, int]) -> None:
    """T3: a member holds more than is here. One that is open already gets no longer by another."""
    if not places or not takes_back(history):
        return
    ours = memberships_now(person).filter(conversation__in=list(places))
    for row in locked(bytes(id) for id in ours.values_list("conversation", flat=True)):
        place = min(places[bytes(row.pk)], row.head + _FARTHEST)
        if place <= max(row.head, row.claimed):
            continue
        if row.claimed <= row.head:
            until = clock.now() + timedelta(seconds=limit("restored_claim_seconds"))
            row.held_until = max(row.held_until or until, until)
        row.claimed = place
        row.save(update_fields=["held_until", "claimed"])


def take_back(person: UUID, conversation: bytes, *, after: int, given: Sequence[Given]) -> Position:
    """A part is taken whole or not at all; gives the end of the log then. Raises LogRefused."""
    try:
        return _take_back(person, conversation, after, given)
    except IntegrityError:  # another member founded it again at the same moment
        return _take_back(person, conversation, after, given)


@transaction.atomic
def _take_back(person: UUID, conversation: bytes, after: int, given: Sequence[Given]) -> Position:
    read = [read_entry(one.entry) for one in given]
    for entry in read:
        if isinstance(entry, Epoch):
            hold_still(entry)
    rows = locked([conversation])
    if rows:
        member_now(person, conversation)
    else:
        _check_founder(person, conversation, after, read[0])
    known = _known(conversation, after, rows[0].head if rows else 0, read)
    fresh = list(zip(given[known:], read[known:], strict=True))
    part = _Part(person, conversation, rows, [entry for _, entry in fresh])
    for place, (one, entry) in enumerate(fresh):
        part.take(one, entry, place)
    part.finish()
    if fresh:
        _log.warning("log.given_back", person=person.hex, n=part.log.head)
    return Position(part.log.head, part.log.hash)


def _check_founder(person: UUID, conversation: bytes, after: int, first: Read) -> None:
    """Of one that is not here at all: whoever is in its first epoch; to others it does not exist."""
    if not (after == 0 and isinstance(first, Epoch) and first.hash == conversation):
        raise LogRefused("not_found")
    if person not in {one.pk for one in people_named(first).values()}:
        raise LogRefused("not_found")


def _known(conversation: bytes, after: int, head: int, read: Sequence[Read]) -> int:
    """How many of them are here already; another entry in a place that is taken is another log."""
    if after > head:
        raise LogRefused("head_stale")
    rows = Entry.objects.filter(conversation=conversation, seq__gt=after, seq__lte=after + len(read))
    held = [bytes(hash) for hash in rows.order_by("seq").values_list("hash", flat=True)]
    if held != [entry.hash for entry in read[: len(held)]]:
        raise LogRefused("forked")
    return len(held)


class _Part:
    """What is taken in one transaction, entry after entry, each on what the one before has left."""

    def __init__(
        self, person: UUID, conversation: bytes, rows: Sequence[Conversation], read: Sequence[Read]
    ) -> None:
        asked = [entry for entry in read if isinstance(entry, Message | Leave | Epoch)]
        found = read_facts(rows, asked, {})
        self.log = found[conversation] if rows else LogFacts(conversation, None, {})
        self._organisation = rows[0].organisation_id if rows else None
        self._read = read
        self._own = frozenset(
            bytes(id) for id in Device.objects.filter(person=person).values_list("pk", flat=True)
        )
        self._at = _last_time(conversation)
        self._began = current_history().began_at
        self._checked: bytes | None = None
        self._waiting: list[Entry] = []
        self._gone: list[Member] = []
        self._moves: list[tuple[Moves, People]] = []

    def take(self, given: Given, entry: Read, place: int) -> None:
        self._at = min(max(given.at, self._at), clock.seconds(clock.now()))
        match entry:
            case Epoch():
                self._epoch(given, entry)
            case Message():
                self._check_said()
                self._add(given, entry, Entry.Kind.MESSAGE)
            case Leave():
                self._leave(self._add(given, entry, Entry.Kind.LEAVE), entry.person)
            case _:
                check_suspension(entry, self.log.head + 1, self._read[place + 1 :], self._own)
                self._add(given, entry, Entry.Kind.SUSPENDED)
                self._suspend(entry.chain)

    def _check_said(self) -> None:
        """E16: whoever was revoked or suspended, or left, is out by an epoch before the next message."""
        last = self.log.last
        if self.log.left or self.log.suspended:
            raise LogRefused("epoch_stale")
        if last is not None and last.epoch.hash != self._checked:
            check_heads(last.epoch, self._began)
            self._checked = last.epoch.hash

    def finish(self) -> None:
        """Hints, then what is told to who is out: numbers of revocations are given last."""
        self._write()
        _settle(self.log)
        tell_gone(self._gone)
        for moves, people in self._moves:
            moves.tell(people)

    def _add(self, given: Given, entry: Read, kind: str) -> Entry:
        self._judge(given.entry)
        row = self.log.add(given.entry, entry, kind=kind, at=self._at)
        self._waiting.append(row)
        return row

    def _leave(self, row: Entry, chain: bytes) -> None:
        window = open_windows(self.log.conversation)[chain]
        close([window], place=row.seq)
        self._gone.append(window)
        self.log.part(chain)

    def _suspend(self, chain: bytes) -> None:
        self.log.suspended = self.log.suspended | {chain}
        self.log.is_stale = True
        Member.objects.filter(conversation=self.log.conversation, chain=chain, left=None).update(
            suspended=True
        )

    def _epoch(self, given: Given, epoch: Epoch) -> None:
        log, people = self.log, people_named(epoch)
        heads = {row.chain: row.head for row in epoch.roster}
        log.stands_on(heads)
        self._judge(given.entry)
        check_heads(epoch, self._began)
        self._write()
        wraps = _fitting(epoch, given.wraps)
        if log.last is None:
            entry = self._found(given, epoch, people)
        else:
            entry = self._renew(given, epoch, people)
        write_epoch(log, epoch, entry, wraps, stale=_is_behind(epoch, people))
        log.begin(epoch, heads)

    def _found(self, given: Given, epoch: Epoch, people: People) -> Entry:
        organisation = organisation_of(epoch)
        check_came(epoch, epoch.roster, people, organisation.pk)
        pair = pair_of(epoch, people)
        entry = self.log.add(given.entry, epoch, kind=Entry.Kind.EPOCH, at=self._at)
        found_log(self.log, epoch, people, organisation, pair)
        self._organisation = organisation.pk
        return entry

    def _renew(self, given: Given, epoch: Epoch, people: People) -> Entry:
        moves = Moves(open_windows(self.log.conversation), epoch)
        assert self._organisation is not None
        check_came(epoch, moves.come, people, self._organisation)
        check_places(epoch, moves, people)
        entry = self.log.add(given.entry, epoch, kind=Entry.Kind.EPOCH, at=self._at)
        moves.write(self.log.conversation, epoch, people, entry.seq)
        self._moves.append((moves, people))
        return entry

    def _judge(self, data: bytes) -> None:
        verdict = judge(data, self.log.head + 1, self.log)
        if verdict.outcome != "accepted":
            raise LogRefused(verdict.code or "head_stale")

    def _write(self) -> None:
        if self._waiting:
            moved = bool(self.log.left or self.log.suspended)
            move(self.log, self._waiting, **({"stale": True} if moved else {}))
            self._waiting = []


def _last_time(conversation: bytes) -> int:
    last = Entry.objects.filter(conversation=conversation).order_by("-seq")
    return last.values_list("at", flat=True).first() or 0


def _fitting(epoch: Epoch, wraps: Wraps) -> Wraps:
    """T8: whoever gives them, they are what the epoch's maker sealed or they are none."""
    named = {row.chain: row.wrap for row in epoch.roster}
    return [(chain, sealed) for chain, sealed in dict(wraps).items() if named.get(chain) == wrap_hash(sealed)]


def _is_behind(epoch: Epoch, people: People) -> bool:
    """Whether somebody's key log has moved since: then another epoch comes before the next message (E16)."""
    return any(row.chain in people and people[row.chain].key_head_n != row.head.n for row in epoch.roster)


def _settle(log: LogFacts) -> None:
    """What was claimed is here: nothing but the grace holds it any more."""
    grace = grace_of(current_history())
    Conversation.objects.filter(pk=log.conversation, claimed__lte=F("head")).update(held_until=grace)
