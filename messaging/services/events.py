"""What happens to people, written into the conversations that depend on it, in the same transaction."""

from functools import partial
from uuid import UUID

from django.db import transaction

from accounts import clock
from accounts.services.revocations import revoke_member
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
    """L2: said in each direct log, so that the next epoch pauses them; not where it would leave nobody."""
    rows = memberships_now(person).filter(paused=False, suspended=False)
    chains = {bytes(id): bytes(chain) for id, chain in rows.values_list("conversation", "chain")}
    logs = read_facts(locked(chains), [], {})
    for conversation, log in logs.items():
        _suspend(log, chains[conversation])
    revoked()


def removed(person: UUID, conversation: bytes) -> None:
    """A membership ended. Last in its transaction: numbers of revocations are given in commit order."""
    revoke_member(person, conversation)
    revoked()


def revoked() -> None:
    transaction.on_commit(partial(hints.tell, Hint("revoked", b"", 0)))


def _suspend(log: LogFacts, chain: bytes) -> None:
    at = clock.seconds(clock.now())
    data = make_suspended(log.conversation, chain, at)
    if judge(data, log.head + 1, log).outcome != "accepted":
        return
    read = read_entry(data)
    assert isinstance(read, Suspended)
    entry = log.add(data, read, kind=Entry.Kind.SUSPENDED, at=at)
    move(log, [entry], stale=True)
    Member.objects.filter(conversation=log.conversation, chain=chain).update(suspended=True)
