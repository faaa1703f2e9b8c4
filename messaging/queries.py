"""What may be read, always asked by somebody. Content comes from the log after the reader's place."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Length

from accounts.models import KeyLogEntry, Membership, Person
from messaging.models import Conversation, Entry, FigureCount, Marker, Member, Wrap
from messaging.policy import in_now, member_now, members_now, memberships_now, windows_in, windows_of
from messaging.protocol import PAGE_BYTES

Head = tuple[bytes, int, bytes]
Marked = tuple[bytes, bytes]  # device, marker
_AROUND_AN_ENTRY = 150  # field names and numbers
_A_WRAP = 2050  # beside an epoch
_STUB = 150


class Row(NamedTuple):
    """An entry as its reader may have it: whole, or its hash alone."""

    seq: int
    at: int
    entry: bytes | None
    stub: bytes | None
    wrap: bytes | None


class Page(NamedTuple):
    rows: list[Row]
    head: int
    hash: bytes


class Own(NamedTuple):
    """A conversation as one reader has it, also when they are out of it: then up to `until`."""

    conversation: Conversation
    head: int
    hash: bytes
    window: Member
    persons: list[Member]


def heads_of(person: UUID) -> list[Head]:
    rows = memberships_now(person).values_list("conversation", "conversation__head", "conversation__hash")
    return [(bytes(id), head, bytes(log_hash)) for id, head, log_hash in rows.order_by("pk")]


def conversations_of(person: UUID) -> list[Own]:
    last = {bytes(window.conversation_id): window for window in windows_of(person)}
    with_me: dict[bytes, list[Member]] = defaultdict(list)
    for member in _members_of(last):
        if _are_together(last[bytes(member.conversation_id)], member):
            with_me[bytes(member.conversation_id)].append(member)
    ends = _ends(last.values())
    return [
        Own(window.conversation, *ends[id], window, with_me[id])
        for id, window in sorted(last.items(), key=_beginning)
    ]


def page_of(person: UUID, conversation: bytes, *, after: int, most: int) -> Page:
    """At most so many entries and 1 MiB as they travel; always at least one, or a reader would never move.

    Nothing beyond a head that was read together with the windows: what is appended after somebody was
    removed stands behind it."""
    windows = windows_in(person, conversation)
    head, log_hash = _ends(windows[-1:])[conversation]
    entries = Entry.objects.filter(
        conversation=conversation, seq__gt=max(after, windows[-1].anchor), seq__lte=head
    ).order_by("seq")
    sizes = entries.values_list("seq", "kind", Length("object"))[:most]
    last = _last_that_fits(sizes, windows)
    taken = entries.filter(seq__lte=last) if last else entries.none()
    return Page(_rows(windows, taken), head, log_hash)


def markers_of(person: UUID, conversation: bytes) -> list[bytes]:
    member_now(person, conversation)
    rows = Marker.objects.filter(conversation=conversation).order_by("pk")
    return [bytes(marker) for marker in rows.values_list("object", flat=True)]


def markers_at(moved: Mapping[bytes, Collection[bytes]]) -> dict[bytes, list[Marked]]:
    """Of these devices in these conversations, in the order in which they are named."""
    devices = {device for named in moved.values() for device in named}
    rows = Marker.objects.filter(conversation__in=list(moved), device__in=list(devices))
    places = rows.values_list("conversation", "device", "object")
    held = {(bytes(id), bytes(device)): bytes(marker) for id, device, marker in places}
    return {
        id: [(device, held[id, device]) for device in named if (id, device) in held]
        for id, named in moved.items()
    }


def persons_in(conversations: Iterable[bytes]) -> dict[bytes, dict[bytes, int]]:
    """Who is in now, each with the place from which on they are."""
    found: dict[bytes, dict[bytes, int]] = defaultdict(dict)
    for id, person, joined in members_now(conversations).values_list("conversation", "person", "joined"):
        found[bytes(id)][person.bytes] = joined
    return found


def where_together(conversations: Iterable[bytes], persons: Iterable[bytes]) -> frozenset[bytes]:
    """Of these conversations those that one of these persons is in."""
    rows = members_now(conversations).filter(person__in=[UUID(bytes=id) for id in persons])
    return frozenset(bytes(id) for id in rows.values_list("conversation", flat=True))


def heads_moved_since(moment: datetime) -> list[tuple[bytes, int, datetime]]:
    rows = Conversation.objects.filter(moved_at__gt=moment).values_list("pk", "head", "moved_at")
    return [(bytes(id), head, moved_at) for id, head, moved_at in rows]


def heads_of_conversations(conversations: Iterable[bytes]) -> list[tuple[bytes, int, bytes, datetime]]:
    """With the moment at which each moved last."""
    rows = Conversation.objects.filter(pk__in=list(conversations))
    found = rows.values_list("pk", "head", "hash", "moved_at")
    return [(bytes(id), head, bytes(log_hash), moved_at) for id, head, log_hash, moved_at in found]


def entries_between(conversation: bytes, after: int, upto: int) -> list[Entry]:
    return list(Entry.objects.filter(conversation=conversation, seq__gt=after, seq__lte=upto).order_by("seq"))


def hashes_at(places: Mapping[bytes, Collection[int]]) -> list[tuple[bytes, int, bytes]]:
    """The running hashes at these places of these logs, as far as they go."""
    named = Q()
    for id, numbers in places.items():
        named |= Q(conversation=id, seq__in=numbers)
    rows = Entry.objects.filter(named).values_list("conversation", "seq", "h") if named else ()
    return [(bytes(id), seq, bytes(h)) for id, seq, h in rows]


def people_after(row: int) -> list[tuple[int, bytes, int]]:
    """Key-log statements after this row number: (row, person, n)."""
    rows = KeyLogEntry.objects.filter(pk__gt=row).order_by("pk").values_list("pk", "person", "n")
    return [(row, person.bytes, n) for row, person, n in rows[:1000]]


def last_key_log_row() -> int:
    return KeyLogEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def persons_of(ids: Iterable[bytes]) -> list[Person]:
    return list(Person.objects.filter(pk__in=[UUID(bytes=id) for id in ids]).exclude(chain=None))


def who_depends_on(person: UUID, *, made_keys: bool) -> frozenset[bytes]:
    """Whoever shares a conversation; for somebody who has just made their keys, their colleagues too."""
    shared = memberships_now(person).values("conversation")
    found = set(in_now().filter(conversation__in=shared).values_list("person", flat=True))
    if made_keys:
        ours = Membership.objects.filter(person=person, ended_at=None).values("organisation")
        rows = Membership.objects.filter(organisation__in=ours, ended_at=None)
        found |= set(rows.values_list("person", flat=True))
    return frozenset(id.bytes for id in found | {person})


def figures_since(day: date) -> list[tuple[date, str, int]]:
    """How many messages browsers showed and could not open: (day, cause, count), oldest first."""
    rows = FigureCount.objects.filter(day__gte=day).order_by("day", "cause")
    return list(rows.values_list("day", "cause", "count"))


def figures_in_all() -> dict[str, int]:
    """The same of all days together, by cause."""
    return dict(FigureCount.objects.values_list("cause").annotate(count=Sum("count")).order_by("cause"))


def _members_of(last: Mapping[bytes, Member]) -> QuerySet[Member]:
    """Of those that the reader is out of also who left after them."""
    past = [id for id, window in last.items() if window.left is not None]
    rows = Member.objects.filter(conversation__in=list(last)).order_by("pk")
    return rows.filter(Q(left=None) | Q(conversation__in=past))


def _are_together(mine: Member, other: Member) -> bool:
    if mine.left is None:
        return other.left is None
    return other.joined < mine.left and (other.left is None or other.left >= mine.left)


def _beginning(one: tuple[bytes, Member]) -> tuple[datetime, bytes]:
    return one[1].conversation.created_at, one[0]


def _ends(windows: Iterable[Member]) -> dict[bytes, tuple[int, bytes]]:
    """How far each reader is served: the head of the log, or where they went."""
    ends, past = {}, {}
    for window in windows:
        row = window.conversation
        ends[bytes(row.pk)] = (row.head, bytes(row.hash))
        if window.left is not None:
            past[bytes(row.pk)] = window.left
    places = Entry.objects.filter(conversation__in=list(past), seq__in=set(past.values())) if past else None
    for id, seq, h in places.values_list("conversation", "seq", "h") if places is not None else ():
        if past[bytes(id)] == seq:
            ends[bytes(id)] = (seq, bytes(h))
    return ends


def _is_whole(windows: Sequence[Member], seq: int) -> bool:
    """The entry that named them and the one by which they went both are theirs."""
    return any(window.joined <= seq <= (window.left or seq) for window in windows)


def _last_that_fits(sizes: Iterable[tuple[int, str, int]], windows: Sequence[Member]) -> int:
    """Sizes are asked first: a page of large epochs must not load five hundred of them to give three."""
    last = total = 0
    for seq, kind, size in sizes:
        total += _taken(kind, size) if _is_whole(windows, seq) else _STUB
        if last and total > PAGE_BYTES:
            break
        last = seq
    return last


def _taken(kind: str, size: int) -> int:
    """As it travels."""
    wrap = _A_WRAP if kind == Entry.Kind.EPOCH else 0
    return size * 4 // 3 + _AROUND_AN_ENTRY + wrap


def _rows(windows: Sequence[Member], entries: QuerySet[Entry]) -> list[Row]:
    """What is not theirs is not even read."""
    theirs = Q()
    for window in windows:
        theirs |= Q(seq__gte=window.joined) & (Q(seq__lte=window.left) if window.left is not None else Q())
    whole = list(entries.filter(theirs).values_list("seq", "at", "object", "kind"))
    wraps = _wraps_of(windows[-1], [seq for seq, _, _, kind in whole if kind == Entry.Kind.EPOCH])
    rows = [Row(seq, at, bytes(object), None, wraps.get(seq)) for seq, at, object, _ in whole]
    if any(window.joined > window.anchor + 1 for window in windows):
        hidden = entries.exclude(theirs).annotate(told=_time_of_return(windows))
        stubs = hidden.values_list("seq", "told", "hash")
        rows += [Row(seq, at, None, bytes(hash), None) for seq, at, hash in stubs]
    return sorted(rows)


def _time_of_return(windows: Sequence[Member]) -> Subquery:
    """Of the entry by which they came, or came again: when others wrote meanwhile is not theirs to know."""
    returns = Entry.objects.filter(
        conversation=windows[-1].conversation_id,
        seq__in=[window.joined for window in windows],
        seq__gt=OuterRef("seq"),
    )
    return Subquery(returns.order_by("seq").values("at")[:1])


def _wraps_of(member: Member, epochs: Sequence[int]) -> dict[int, bytes]:
    if not epochs:
        return {}
    rows = Wrap.objects.filter(conversation=member.conversation_id, seq__in=epochs, chain=member.chain)
    return {seq: bytes(sealed) for seq, sealed in rows.values_list("seq", "sealed")}
