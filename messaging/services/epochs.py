"""Epochs: one at a time, one transaction with entry, members and wraps (PROTOCOL.md E15, H10, K14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts import clock
from accounts.limits import limit
from accounts.models import Organisation
from accounts.objects import H
from accounts.publickeys import SEALED_SECRET
from accounts.services.histories import refuse_in_grace
from messaging.envelopes import read_entry
from messaging.epochs import Epoch, wrap_hash
from messaging.errors import AlreadyExists, LogRefused
from messaging.judging import judge
from messaging.models import Conversation, Entry, Wrap
from messaging.policy import member_now, members_now
from messaging.roster import LARGEST
from messaging.services.facts import LogFacts, read_facts
from messaging.services.log import locked, move
from messaging.services.naming import (
    check_comers,
    check_places,
    heads_named,
    hold_still,
    organisation_of,
    people_named,
)
from messaging.services.windows import Moves, People, open_for, open_windows

Wraps = Sequence[tuple[bytes, bytes]]


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
    if len(epoch.roster) > LARGEST:  # before anybody is looked for
        raise LogRefused("bad_roster")
    if author.device is not None and epoch.signer != author.device:
        raise LogRefused("unknown_device")
    if conversation is None:
        return _found(author, epoch, statement, wraps)
    return _renew(author, conversation, epoch, statement, wraps)


def found_own(person: UUID, *, chain: bytes, statement: bytes, wrap: bytes) -> bytes:
    """The `self` conversation, made with a person's first keys (K14). Gives its id."""
    epoch = read_entry(statement)
    if not isinstance(epoch, Epoch) or epoch.kind != "self":
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
    if epoch.kind != "self":  # new keys may be made at any time (K14)
        refuse_in_grace()
    _check_time(epoch)
    people = people_named(epoch, lock=True)
    log = LogFacts(epoch.hash, None, heads_named(epoch, people))
    _judge(statement, log)
    if author.person not in {person.pk for person in people.values()}:
        raise LogRefused("not_allowed")
    organisation = organisation_of(epoch)
    check_comers(epoch, epoch.roster, people, organisation.pk)
    pair = pair_of(epoch, people)
    _check_wraps(epoch, wraps)
    entry = log.add(statement, epoch, kind=Entry.Kind.EPOCH, at=clock.seconds(clock.now()))
    found_log(log, epoch, people, organisation, pair)
    return write_epoch(log, epoch, entry, wraps)


def found_log(
    log: LogFacts, epoch: Epoch, people: People, organisation: Organisation, pair: bytes | None
) -> None:
    """The conversation and its windows, around an entry that was added and is not yet written."""
    now = clock.now()
    Conversation.objects.create(
        id=epoch.hash, kind=epoch.kind, organisation=organisation, pair=pair, head=log.head,
        hash=log.hash, epoch_number=0, epoch_hash=epoch.hash, epoch_seq=1, moved_at=now, created_at=now,
    )  # fmt: skip
    open_for(epoch.hash, epoch, epoch.roster, people, place=log.head)


@transaction.atomic
def _renew(author: Author, conversation: bytes, epoch: Epoch, statement: bytes, wraps: Wraps) -> Posted:
    member_now(author.person, conversation)
    hold_still(epoch)
    rows = locked([conversation])
    there = _posted(author, conversation, epoch)
    if there is not None:
        return there
    _check_time(epoch)
    people = people_named(epoch)
    log = read_facts(rows, [epoch], heads_named(epoch, people))[conversation]
    log.refuse_held()
    _judge(statement, log)
    moves = Moves(open_windows(conversation), epoch)
    check_comers(epoch, moves.come, people, rows[0].organisation_id)
    check_places(epoch, moves, people)
    _check_wraps(epoch, wraps)
    entry = log.add(statement, epoch, kind=Entry.Kind.EPOCH, at=clock.seconds(clock.now()))
    moves.write(conversation, epoch, people, entry.seq)
    posted = write_epoch(log, epoch, entry, wraps)
    moves.tell(people)
    return posted


def write_epoch(log: LogFacts, epoch: Epoch, entry: Entry, wraps: Wraps, *, stale: bool = False) -> Posted:
    Wrap.objects.bulk_create(
        Wrap(conversation_id=log.conversation, seq=entry.seq, chain=chain, sealed=sealed)
        for chain, sealed in wraps
    )
    move(log, [entry], epoch_number=epoch.number, epoch_hash=epoch.hash, epoch_seq=entry.seq, stale=stale)
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


def _judge(statement: bytes, log: LogFacts) -> None:
    verdict = judge(statement, log.head + 1, log)
    if verdict.outcome != "accepted":
        raise LogRefused(verdict.code or "head_stale")


def pair_of(epoch: Epoch, people: People) -> bytes | None:
    """Free for another one once nobody can write in the one that has it (H10); a team needs none."""
    if epoch.kind == "team":
        return None
    pair = H("pair", *sorted(person.pk.bytes for person in people.values()))
    existing = Conversation.objects.filter(pair=pair).first()
    if existing is not None and _may_write(existing):
        raise AlreadyExists(bytes(existing.pk))
    if existing is not None:
        Conversation.objects.filter(pk=existing.pk).update(pair=None)
    return pair


def _may_write(conversation: Conversation) -> bool:
    return members_now([bytes(conversation.pk)]).filter(paused=False, suspended=False).exists()


def _check_wraps(epoch: Epoch, wraps: Wraps) -> None:
    given = {chain: wrap_hash(sealed) for chain, sealed in wraps if len(sealed) == SEALED_SECRET}
    named = {row.chain: row.wrap for row in epoch.roster if not row.paused}
    if given != named or len(given) != len(wraps):
        raise LogRefused("bad_wraps")
