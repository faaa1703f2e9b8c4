"""What may be read, always asked by somebody. Content comes from the log after the reader's place."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models.functions import Length

from accounts.models import KeyLogEntry, Membership, Person
from messaging.models import Conversation, Entry, Marker, Member, Wrap
from messaging.policy import member_now, members_now, memberships_now
from messaging.protocol import PAGE_BYTES

Head = tuple[bytes, int, bytes]
_AROUND_AN_ENTRY = 2200  # field names, numbers, and a wrap if it is an epoch


class Row(NamedTuple):
    entry: Entry
    wrap: bytes | None


class Page(NamedTuple):
    rows: list[Row]
    head: int
    hash: bytes


def heads_of(person: UUID) -> list[Head]:
    rows = memberships_now(person).values_list("conversation", "conversation__head", "conversation__hash")
    return [(bytes(id), head, bytes(log_hash)) for id, head, log_hash in rows.order_by("pk")]


def conversations_of(person: UUID) -> list[tuple[Conversation, list[Member]]]:
    mine = memberships_now(person).values("conversation")
    rows: dict[bytes, list[Member]] = defaultdict(list)
    for member in Member.objects.filter(conversation__in=mine, left_at=None).order_by("pk"):
        rows[bytes(member.conversation_id)].append(member)
    found = Conversation.objects.filter(pk__in=mine).order_by("created_at", "pk")
    return [(conversation, rows[bytes(conversation.pk)]) for conversation in found]


def page_of(person: UUID, conversation: bytes, *, after: int, most: int) -> Page:
    """At most so many entries and 1 MiB as they travel; always at least one, or a reader would never move."""
    member = member_now(person, conversation)
    entries = Entry.objects.filter(conversation=conversation, seq__gt=after, seq__gte=member.joined)
    last = _last_that_fits(entries.order_by("seq").values_list("seq", Length("object"))[:most])
    taken = list(entries.filter(seq__lte=last).order_by("seq")) if last else []
    wraps = _wraps_of(member, taken)
    head = member.conversation
    return Page([Row(entry, wraps.get(entry.seq)) for entry in taken], head.head, bytes(head.hash))


def markers_of(person: UUID, conversation: bytes) -> list[bytes]:
    member_now(person, conversation)
    return markers_in([conversation]).get(conversation, [])


def markers_in(conversations: Iterable[bytes]) -> dict[bytes, list[bytes]]:
    found: dict[bytes, list[bytes]] = defaultdict(list)
    rows = Marker.objects.filter(conversation__in=list(conversations)).order_by("pk")
    for id, marker in rows.values_list("conversation", "object"):
        found[bytes(id)].append(bytes(marker))
    return found


def persons_in(conversations: Iterable[bytes]) -> dict[bytes, frozenset[bytes]]:
    found: dict[bytes, set[bytes]] = defaultdict(set)
    for id, person in members_now(conversations).values_list("conversation", "person"):
        found[bytes(id)].add(person.bytes)
    return {id: frozenset(persons) for id, persons in found.items()}


def heads_moved_since(moment: datetime) -> list[tuple[bytes, int]]:
    rows = Conversation.objects.filter(moved_at__gt=moment).values_list("pk", "head")
    return [(bytes(id), head) for id, head in rows]


def heads_of_conversations(conversations: Iterable[bytes]) -> list[Head]:
    rows = Conversation.objects.filter(pk__in=list(conversations)).values_list("pk", "head", "hash")
    return [(bytes(id), head, bytes(log_hash)) for id, head, log_hash in rows]


def entries_between(conversation: bytes, after: int, upto: int) -> list[Entry]:
    return list(Entry.objects.filter(conversation=conversation, seq__gt=after, seq__lte=upto).order_by("seq"))


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
    found = set(Member.objects.filter(conversation__in=shared, left_at=None).values_list("person", flat=True))
    if made_keys:
        ours = Membership.objects.filter(person=person, ended_at=None).values("organisation")
        rows = Membership.objects.filter(organisation__in=ours, ended_at=None)
        found |= set(rows.values_list("person", flat=True))
    return frozenset(id.bytes for id in found | {person})


def _last_that_fits(sizes: Iterable[tuple[int, int]]) -> int:
    """Sizes are asked first: a page of large epochs must not load five hundred of them to give three."""
    last = total = 0
    for seq, size in sizes:
        total += size * 4 // 3 + _AROUND_AN_ENTRY
        if last and total > PAGE_BYTES:
            break
        last = seq
    return last


def _wraps_of(member: Member, entries: list[Entry]) -> dict[int, bytes]:
    epochs = [entry.seq for entry in entries if entry.kind == Entry.Kind.EPOCH]
    if not epochs:
        return {}
    rows = Wrap.objects.filter(conversation=member.conversation_id, seq__in=epochs, chain=member.chain)
    return {seq: bytes(sealed) for seq, sealed in rows.values_list("seq", "sealed")}
