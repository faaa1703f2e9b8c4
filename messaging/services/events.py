"""What happens to people, written into the conversations that depend on it, in the same transaction."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from accounts import clock
from accounts.models import Person
from accounts.services.histories import current_history
from messaging import hints
from messaging.envelopes import Suspended, make_suspended, read_entry
from messaging.hints import Hint
from messaging.judging import judge
from messaging.models import Conversation, Entry, Member
from messaging.policy import memberships_now
from messaging.services.facts import LogFacts, read_facts
from messaging.services.log import locked, move


def keys_moved(person: UUID, n: int, *, revoked: bool) -> None:
    """A revocation asks every conversation for a new epoch before the next message (E16)."""
    if revoked:
        ids = memberships_now(person).values("conversation")
        Conversation.objects.filter(pk__in=ids).update(stale=True)
    transaction.on_commit(partial(hints.tell, Hint("person", person.bytes, n)))


def suspended(person: UUID) -> None:
    """L2: said in each log, so that the next epoch pauses them; not where it would leave nobody."""
    _suspend_all(memberships_now(person))
    revoked()


def chain_ended(person: UUID, chain: bytes) -> None:
    """K20: in every team the old chain id is paused for good; a direct conversation waits for E13 instead."""
    teams = memberships_now(person).filter(chain=chain, conversation__kind=Conversation.Kind.TEAM)
    _suspend_all(teams)


@transaction.atomic
def hold_all(until: datetime) -> None:
    """T2: the server was restored."""
    Conversation.objects.update(held_until=until, claimed=0)


@transaction.atomic
def release_held() -> int:
    """Of conversations that waited for what was missing: who was suspended meanwhile is so now. What was
    claimed in vain stays noted: it holds nothing a second time."""
    if current_history().restored_at is None:
        return 0
    due = Conversation.objects.filter(held_until__lt=clock.now()).values_list("pk", flat=True)
    rows = locked(bytes(id) for id in due)
    for conversation, log in read_facts(rows, [], {}).items():
        for chain in _out_of(conversation):
            _suspend(log, chain)
    Conversation.objects.filter(pk__in=[row.pk for row in rows]).update(held_until=None)
    return len(rows)


def revoked() -> None:
    transaction.on_commit(partial(hints.tell, Hint("revoked", b"", 0)))


def _suspend_all(rows: QuerySet[Member]) -> None:
    active = rows.filter(paused=False, suspended=False)
    chains = {bytes(id): bytes(chain) for id, chain in active.values_list("conversation", "chain")}
    for conversation, log in read_facts(locked(chains), [], {}).items():
        if not log.is_held:  # what others still hold comes first (T2): `release_held` says it then
            _suspend(log, chains[conversation])


def _out_of(conversation: bytes) -> list[bytes]:
    """Whose account is suspended, and in a team the chain ids that are over (K20)."""
    open_rows = Member.objects.filter(conversation=conversation, left=None)
    is_present = Q(chain=F("person__chain"))
    is_over = Q(conversation__kind=Conversation.Kind.TEAM) & (Q(person__chain=None) | ~is_present)
    rows = open_rows.filter(is_over | (is_present & Q(person__state=Person.State.SUSPENDED)))
    return [bytes(chain) for chain in rows.values_list("chain", flat=True)]


def _suspend(log: LogFacts, chain: bytes) -> None:
    at = clock.seconds(clock.now())
    data = make_suspended(log.conversation, chain, at)
    if judge(data, log.head + 1, log).outcome != "accepted":
        return
    read = read_entry(data)
    assert isinstance(read, Suspended)
    entry = log.add(data, read, kind=Entry.Kind.SUSPENDED, at=at)
    log.suspended = log.suspended | {chain}
    move(log, [entry], stale=True)
    Member.objects.filter(conversation=log.conversation, chain=chain, left=None).update(suspended=True)
