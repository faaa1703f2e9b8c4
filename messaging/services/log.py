"""Append: who is calling, a member now, judged, the next number, inserted, committed. Many at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from django.db import IntegrityError, transaction

from accounts import clock
from accounts.caller import Caller, sessions_still, touch
from accounts.errors import Refused
from accounts.limits import limit
from messaging import hints
from messaging.envelopes import Leave, Message, Sent, read_entry
from messaging.errors import LogRefused
from messaging.hints import Hint
from messaging.judging import judge_read
from messaging.models import Conversation, Entry, Member
from messaging.policy import members_now
from messaging.services import fresh
from messaging.services.facts import LogFacts, read_facts
from messaging.services.rows import insert_entries, move_conversations
from messaging.services.windows import close, tell_gone


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
    _tell_of([(log, entries)])


def _move_all(moved: Sequence[tuple[LogFacts, Sequence[Entry]]]) -> None:
    """The same for many logs in two statements. Their locks are held."""
    insert_entries([entry for _, entries in moved for entry in entries])
    rows = []
    for log, _ in moved:
        assert log.row is not None
        log.row.head, log.row.hash = log.head, log.hash
        log.row.stale = log.row.stale or bool(log.left)
        rows.append(log.row)
    move_conversations(rows, clock.now())
    _tell_of(moved)


def _tell_of(moved: Sequence[tuple[LogFacts, Sequence[Entry]]]) -> None:
    for log, entries in moved:
        transaction.on_commit(partial(fresh.keep, entries))
        transaction.on_commit(partial(hints.tell, Hint("log", log.conversation, log.head)))


def locked(conversations: Iterable[bytes]) -> list[Conversation]:
    """In one order, so that two transactions never wait for each other."""
    rows = Conversation.objects.filter(pk__in=sorted(set(conversations))).order_by("pk")
    return list(rows.select_for_update(of=("self",)))


def _append(wishes: Sequence[AppendWish]) -> list[Answer]:
    read = [_attempt(partial(_read, wish)) for wish in wishes]
    rows = locked(wish.conversation for wish in wishes)
    batch = _Batch(wishes, read_facts(rows, [sent for sent in read if isinstance(sent, Sent)], {}))
    answers = [_attempt(partial(batch.take, wish, sent)) for wish, sent in zip(wishes, read, strict=True)]
    batch.write()
    keep_awake([wish.caller for wish in wishes])
    tell_gone(batch.gone)
    return answers


class _Batch:
    """What is added to several logs in one transaction, in the order of the wishes."""

    def __init__(self, wishes: Sequence[AppendWish], logs: Mapping[bytes, LogFacts]) -> None:
        self._logs = logs
        self._may = _Allowed(wishes)
        self._now = clock.seconds(clock.now())
        self._added: dict[bytes, list[Entry]] = {}
        self.gone: list[Member] = []

    def take(self, wish: AppendWish, sent: Message | Leave | Refused) -> Appended:
        if isinstance(sent, Refused):
            raise sent
        self._may.go_on(wish)
        log = self._logs.get(wish.conversation)
        before = log.entry(sent.hash) if log else None
        # Before anything else: whoever left hears the same answer again.
        if before is not None and before.device is not None and bytes(before.device) == wish.caller.device:
            return Appended(before.seq, before.at)
        window = self._may.write(wish, sent)
        assert log is not None
        _judge(sent, log)
        kind = Entry.Kind.LEAVE if isinstance(sent, Leave) else Entry.Kind.MESSAGE
        entry = log.add(wish.entry, sent, kind=kind, at=self._now)
        self._added.setdefault(wish.conversation, []).append(entry)
        if isinstance(sent, Leave):
            self._part(wish, log, Member.objects.get(pk=window), entry.seq)
        return Appended(entry.seq, entry.at)

    def write(self) -> None:
        if self._added:
            _move_all([(self._logs[id], entries) for id, entries in self._added.items()])

    def _part(self, wish: AppendWish, log: LogFacts, window: Member, place: int) -> None:
        log.part(bytes(window.chain))
        self._may.forget(wish)
        close([window], place=place)
        self.gone.append(window)


def keep_awake(callers: Sequence[Caller]) -> list[None]:
    """Sending and looking are acts of the person; written once a minute, not with every one."""
    minute_ago = clock.ago(limit("session_touch_seconds"))
    for caller in {caller.session.pk: caller for caller in callers}.values():
        if caller.session.last_seen_at < minute_ago:
            touch(caller)
            caller.session.last_seen_at = clock.now()
    return [None] * len(callers)


def _read(wish: AppendWish) -> Message | Leave:
    entry = read_entry(wish.entry)
    if not isinstance(entry, Message | Leave):
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
        places = rows.values_list("conversation", "person", "pk")
        self._windows = {(bytes(id), person): window for id, person, window in places}

    def go_on(self, wish: AppendWish) -> None:
        if wish.caller.session.pk not in self._sessions:
            raise Refused("signed_out")

    def write(self, wish: AppendWish, sent: Sent) -> int:
        """The number of the window."""
        window = self._windows.get((wish.conversation, wish.caller.person.pk))
        if window is None:
            raise LogRefused("not_a_member")
        if sent.device != wish.caller.device:
            raise LogRefused("unknown_device")  # a session speaks for the device it is bound to
        return window

    def forget(self, wish: AppendWish) -> None:
        del self._windows[wish.conversation, wish.caller.person.pk]


def _judge(sent: Message | Leave, log: LogFacts) -> None:
    log.refuse_held()
    verdict = judge_read(sent, log.head + 1, log)
    if verdict.outcome != "accepted":
        raise LogRefused(verdict.code or "head_stale")
    if log.is_stale and isinstance(sent, Message):  # who leaves need not wait for an epoch
        raise LogRefused("epoch_stale")


def _attempt(work: Callable[[], T]) -> T | Refused:
    try:
        return work()
    except Refused as refused:
        return refused
