"""Append: who is calling, a member now, judged, the next number, inserted, committed. Many at once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts import clock
from accounts.caller import Caller, sessions_still, touch
from accounts.errors import Refused
from accounts.limits import limit
from messaging import hints
from messaging.envelopes import Message, read_entry
from messaging.errors import LogRefused
from messaging.hints import Hint
from messaging.judging import judge
from messaging.models import Conversation, Entry
from messaging.policy import members_now
from messaging.services.facts import LogFacts, read_facts


@dataclass(frozen=True, slots=True)
class AppendWish:
    caller: Caller
    conversation: bytes
    entry: bytes

    def __repr__(self) -> str:
        return f"AppendWish({self.caller})"


@dataclass(frozen=True, slots=True)
class Appended:
    seq: int
    at: int


Answer = Appended | Refused
T = TypeVar("T")


def append_messages(wishes: Sequence[AppendWish]) -> list[Answer]:
    """One transaction for all; each gets its own answer, and one refused spoils nothing.

    Returns when what is accepted is committed. The same bytes again get the same answer."""
    try:
        with transaction.atomic():
            return _append(wishes)
    except IntegrityError:
        # The locks exclude it; if it comes all the same, it is one wish's fault and not the others'.
        if len(wishes) == 1:
            return [LogRefused("duplicate")]
        return [append_messages([wish])[0] for wish in wishes]


def move(log: LogFacts, entries: Sequence[Entry], **changed: object) -> None:
    """Writes what was added and tells of it once it is committed. The log's lock is held."""
    Entry.objects.bulk_create(entries)
    Conversation.objects.filter(pk=log.conversation).update(
        head=log.head, hash=log.hash, moved_at=clock.now(), **changed
    )
    transaction.on_commit(partial(hints.tell, Hint("log", log.conversation, log.head)))


def locked(conversations: Iterable[bytes]) -> list[Conversation]:
    """In one order, so that two transactions never wait for each other."""
    rows = Conversation.objects.filter(pk__in=sorted(set(conversations))).order_by("pk")
    return list(rows.select_for_update(of=("self",)))


def _append(wishes: Sequence[AppendWish]) -> list[Answer]:
    read = [_attempt(partial(_read, wish)) for wish in wishes]
    rows = locked(wish.conversation for wish in wishes)
    messages = [message for message in read if isinstance(message, Message)]
    logs = read_facts(rows, messages, {})
    may = _Allowed(wishes)
    now = clock.seconds(clock.now())
    added: dict[bytes, list[Entry]] = {}

    def one(wish: AppendWish, message: Message | Refused) -> Appended:
        if isinstance(message, Refused):
            raise message
        may.check(wish, message)
        log = logs[wish.conversation]
        before = log.entry(message.hash)
        if before is not None and before.device is not None and bytes(before.device) == wish.caller.device:
            return Appended(before.seq, before.at)
        _judge(wish.entry, log)
        entry = log.add(wish.entry, message, kind=Entry.Kind.MESSAGE, at=now)
        added.setdefault(wish.conversation, []).append(entry)
        return Appended(entry.seq, entry.at)

    answers = [_attempt(partial(one, wish, message)) for wish, message in zip(wishes, read, strict=True)]
    for conversation, entries in added.items():
        move(logs[conversation], entries)
    keep_awake([wish.caller for wish in wishes])
    return answers


def keep_awake(callers: Sequence[Caller]) -> list[None]:
    """Sending and looking are acts of the person; written once a minute, not with every one."""
    for caller in {caller.session.pk: caller for caller in callers}.values():
        if caller.session.last_seen_at < clock.ago(limit("session_touch_seconds")):
            touch(caller)
            caller.session.last_seen_at = clock.now()
    return [None] * len(callers)


def _read(wish: AppendWish) -> Message:
    entry = read_entry(wish.entry)
    if not isinstance(entry, Message):
        raise LogRefused("not_allowed")  # epochs come by HTTP, `suspended` comes from nobody
    if entry.conversation != wish.conversation:
        raise LogRefused("wrong_conversation")
    return entry


class _Allowed:
    """Who of a batch is signed in and a member at this very moment: two queries for all."""

    def __init__(self, wishes: Sequence[AppendWish]) -> None:
        self._sessions = sessions_still({wish.caller.session.pk for wish in wishes})
        people = {wish.caller.person.pk for wish in wishes}
        rows = members_now({wish.conversation for wish in wishes}).filter(person__in=people)
        self._members: set[tuple[bytes, UUID]] = {
            (bytes(id), person) for id, person in rows.values_list("conversation", "person")
        }

    def check(self, wish: AppendWish, message: Message) -> None:
        if wish.caller.session.pk not in self._sessions:
            raise Refused("signed_out")
        if (wish.conversation, wish.caller.person.pk) not in self._members:
            raise LogRefused("not_a_member")
        if message.device != wish.caller.device:
            raise LogRefused("unknown_device")  # a session speaks for the device it is bound to


def _judge(data: bytes, log: LogFacts) -> None:
    verdict = judge(data, log.head + 1, log)
    if verdict.outcome != "accepted":
        raise LogRefused(verdict.code or "head_stale")
    if log.row is None or log.row.stale:
        raise LogRefused("epoch_stale")


def _attempt(work: Callable[[], T]) -> T | Refused:
    try:
        return work()
    except Refused as refused:
        return refused
