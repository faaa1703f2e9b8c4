"""Epochs: one at a time, one transaction with entry, members and wraps (PROTOCOL.md E15, H10, K14)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts import clock
from accounts.limits import limit
from accounts.models import Membership, Organisation, Person
from accounts.objects import H
from accounts.publickeys import SEALED_SECRET
from accounts.shapes import Position
from messaging.envelopes import read_entry
from messaging.epochs import Epoch, wrap_hash
from messaging.errors import AlreadyExists, LogRefused
from messaging.judging import judge
from messaging.models import Conversation, Entry, Member, Wrap
from messaging.policy import member_now
from messaging.services.facts import LogFacts, read_facts
from messaging.services.log import locked, move

Wraps = Sequence[tuple[bytes, bytes]]
People = Mapping[bytes, Person]  # by chain


@dataclass(frozen=True, slots=True)
class Author:
    """Whose epoch it is; a person who is only now making their keys has no bound device yet."""

    person: UUID
    device: bytes | None


@dataclass(frozen=True, slots=True)
class Posted:
    conversation: bytes
    seq: int
    at: int


def post_epoch(author: Author, *, conversation: bytes | None, statement: bytes, wraps: Wraps) -> Posted:
    """Raises LogRefused. The same bytes again get the same answer."""
    epoch = read_entry(statement)
    if not isinstance(epoch, Epoch):
        raise LogRefused("malformed")
    if author.device is not None and epoch.signer != author.device:
        raise LogRefused("unknown_device")
    if conversation is None:
        return _found(author, epoch, statement, wraps)
    return _renew(author, conversation, epoch, statement, wraps)


def found_own(person: UUID, *, chain: bytes, statement: bytes, wrap: bytes) -> bytes:
    """The `self` conversation, made with a person's first keys (K14). Gives its id."""
    epoch = read_entry(statement)
    if not isinstance(epoch, Epoch) or epoch.founding is None or epoch.founding.kind != "self":
        raise LogRefused("unknown_kind")
    return _found(Author(person, None), epoch, statement, [(chain, wrap)]).conversation


def _found(author: Author, epoch: Epoch, statement: bytes, wraps: Wraps) -> Posted:
    try:
        with transaction.atomic():
            return _found_once(author, epoch, statement, wraps)
    except IntegrityError:  # the same pair, or the same bytes, in another transaction
        return _found_once(author, epoch, statement, wraps)


@transaction.atomic
def _found_once(author: Author, epoch: Epoch, statement: bytes, wraps: Wraps) -> Posted:
    there = _posted(author, epoch.hash, epoch)
    if there is not None:
        return there
    _check_time(epoch)
    people = _people(epoch, lock=True)
    log = LogFacts(epoch.hash, None, _heads(epoch, people))
    _judge(statement, log)
    assert epoch.founding is not None
    organisation = _organisation(epoch, author, people)
    pair = _pair(people)
    existing = Conversation.objects.filter(pair=pair).values_list("pk", flat=True).first()
    if existing is not None:
        raise AlreadyExists(bytes(existing))
    _check_wraps(epoch, wraps)
    entry = log.add(statement, epoch, kind=Entry.Kind.EPOCH, at=clock.seconds(clock.now()))
    now = clock.now()
    Conversation.objects.create(
        id=epoch.hash, kind=epoch.founding.kind, organisation=organisation, pair=pair, head=log.head,
        hash=log.hash, epoch_number=0, epoch_hash=epoch.hash, epoch_seq=1, moved_at=now, created_at=now,
    )  # fmt: skip
    Member.objects.bulk_create(
        Member(conversation_id=epoch.hash, person=people[row.chain], chain=row.chain, role=row.role, joined=1)
        for row in epoch.roster
    )
    return _write(log, epoch, entry, wraps)


@transaction.atomic
def _renew(author: Author, conversation: bytes, epoch: Epoch, statement: bytes, wraps: Wraps) -> Posted:
    member_now(author.person, conversation)
    rows = locked([conversation])
    there = _posted(author, conversation, epoch)
    if there is not None:
        return there
    _check_time(epoch)
    people = _people(epoch)
    log = read_facts(rows, [epoch], _heads(epoch, people))[conversation]
    _judge(statement, log)
    members = {bytes(member.chain): member for member in Member.objects.filter(conversation=conversation)}
    if members.keys() != people.keys():
        raise LogRefused("not_allowed")  # a person has one chain: nobody to replace, nobody to add
    _check_wraps(epoch, wraps)
    entry = log.add(statement, epoch, kind=Entry.Kind.EPOCH, at=clock.seconds(clock.now()))
    for row in epoch.roster:
        Member.objects.filter(pk=members[row.chain].pk).update(
            role=row.role, paused=row.paused, suspended=False
        )
    return _write(log, epoch, entry, wraps)


def _write(log: LogFacts, epoch: Epoch, entry: Entry, wraps: Wraps) -> Posted:
    Wrap.objects.bulk_create(
        Wrap(conversation_id=log.conversation, seq=entry.seq, chain=chain, sealed=sealed)
        for chain, sealed in wraps
    )
    move(log, [entry], epoch_number=epoch.number, epoch_hash=epoch.hash, epoch_seq=entry.seq, stale=False)
    return Posted(log.conversation, entry.seq, entry.at)


def _posted(author: Author, conversation: bytes, epoch: Epoch) -> Posted | None:
    """The place of these very bytes, for whoever is a member there."""
    row = Entry.objects.filter(
        conversation=conversation, hash=epoch.hash, conversation__members__person=author.person
    ).first()
    return Posted(conversation, row.seq, row.at) if row else None


def _check_time(epoch: Epoch) -> None:
    if abs(epoch.at - clock.seconds(clock.now())) > limit("epoch_skew_seconds"):
        raise LogRefused("not_allowed")


def _people(epoch: Epoch, *, lock: bool = False) -> People:
    """Locked where no log is yet that would be: a revocation or suspension then comes wholly before the
    conversation, and is seen, or wholly after it, and finds it."""
    chains = [row.chain for row in epoch.roster]
    found = Person.objects.filter(chain__in=chains)
    if lock:
        found = found.order_by("pk").select_for_update(no_key=True)
    return {bytes(person.chain): person for person in found if person.chain is not None}


def _heads(epoch: Epoch, people: People) -> dict[bytes, Position]:
    """Every head named is the newest there is: nobody seals to keys that are over."""
    for row in epoch.roster:
        person = people.get(row.chain)
        if person is None or person.key_head_hash is None:
            raise LogRefused("head_stale")
        if (person.key_head_n, bytes(person.key_head_hash)) != row.head:
            raise LogRefused("head_stale")
    return {row.chain: row.head for row in epoch.roster}


def _judge(statement: bytes, log: LogFacts) -> None:
    verdict = judge(statement, log.head + 1, log)
    if verdict.outcome != "accepted":
        raise LogRefused(verdict.code or "head_stale")


def _organisation(epoch: Epoch, author: Author, people: People) -> Organisation:
    """Author and everybody named work there now, and nobody is suspended."""
    assert epoch.founding is not None
    organisation = Organisation.objects.filter(pk=UUID(bytes=epoch.founding.organisation)).first()
    here = Membership.objects.filter(organisation=organisation, person__in=people.values(), ended_at=None)
    active = all(person.is_active for person in people.values())
    mine = any(person.pk == author.person for person in people.values())
    if organisation is None or not active or not mine or here.count() != len(people):
        raise LogRefused("not_allowed")
    return organisation


def _pair(people: People) -> bytes:
    return H("pair", *sorted(person.pk.bytes for person in people.values()))


def _check_wraps(epoch: Epoch, wraps: Wraps) -> None:
    given = {chain: wrap_hash(sealed) for chain, sealed in wraps if len(sealed) == SEALED_SECRET}
    named = {row.chain: row.wrap for row in epoch.roster if not row.paused}
    if given != named or len(given) != len(wraps):
        raise LogRefused("bad_wraps")
