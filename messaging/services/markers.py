"""Markers: one row a device and conversation, the last wins, written many at once (PROTOCOL.md R2)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db import transaction

from accounts.caller import Caller, sessions_still
from accounts.errors import Refused
from accounts.keylog import KeyLog
from accounts.shapes import Position
from messaging import hints, marking
from messaging.errors import LogRefused
from messaging.facts import LastEpoch
from messaging.loghash import first_hash
from messaging.marking import judge_read, read_marker
from messaging.models import Conversation, Marker, Member
from messaging.policy import members_now
from messaging.queries import hashes_at
from messaging.services import fresh, known


@dataclass(frozen=True, slots=True)
class MarkerWish:
    caller: Caller
    marker: bytes

    def __repr__(self) -> str:
        return f"MarkerWish({self.caller})"


Place = tuple[bytes, bytes]  # conversation, device
Read = marking.Marker | Refused
Wished = tuple[MarkerWish, marking.Marker]


class _Facts:
    """A log as it stands, and what is kept of the devices that speak."""

    def __init__(self, row: Conversation, hashes: Mapping[int, bytes], kept: Mapping[Place, bytes]) -> None:
        self.conversation = bytes(row.pk)
        self.last: LastEpoch | None = known.last_epoch(row)
        self.start = 0  # the host sees every log from its first entry
        self.head = row.head
        self._h = {0: first_hash(self.conversation), **hashes, row.head: bytes(row.hash)}
        self._kept = kept

    def hash_at(self, n: int) -> bytes | None:
        return self._h.get(n)

    def key_log(self, chain: bytes) -> KeyLog | None:
        row = self.last.epoch.row_of(chain) if self.last else None
        upto: Position | None = row.head if row else None
        return known.key_log(chain, upto) if upto else None

    def marker_of(self, device: bytes) -> marking.Marker | None:
        held = self._kept.get((self.conversation, device))
        return read_marker(held) if held is not None else None


def put_markers(wishes: Sequence[MarkerWish]) -> list[Refused | None]:
    """One transaction for all. Of one device in one conversation only the highest counter is judged: the
    others, which it replaces, get its answer."""
    with transaction.atomic():
        sessions = sessions_still({wish.caller.session.pk for wish in wishes})
        read = [_read(wish, sessions) for wish in wishes]
        last: dict[Place, Wished] = {}
        for wish, marker in zip(wishes, read, strict=True):
            if not isinstance(marker, Refused):
                place = _place(wish, marker)
                last[place] = max(last.get(place, (wish, marker)), (wish, marker), key=_counter)
        answers = _put(last) if last else {}
        return [
            marker if isinstance(marker, Refused) else answers[_place(wish, marker)]
            for wish, marker in zip(wishes, read, strict=True)
        ]


def _read(wish: MarkerWish, sessions: frozenset[int]) -> Read:
    if wish.caller.session.pk not in sessions:
        return Refused("signed_out")
    try:
        return read_marker(wish.marker)
    except Refused as refused:
        return refused


def _place(wish: MarkerWish, marker: marking.Marker) -> Place:
    return marker.conversation, wish.caller.device or b""


def _counter(one: Wished) -> int:
    return one[1].counter


def _put(last: Mapping[Place, Wished]) -> dict[Place, Refused | None]:
    """Five queries, however many markers there are."""
    windows = _windows(last.values())
    facts = _facts(last, {bytes(one.conversation.pk): one.conversation for one in windows.values()})
    answers = {place: _judge(*one, windows, facts) for place, one in last.items()}
    accepted = [one for place, one in last.items() if answers[place] is None]
    Marker.objects.bulk_create(
        [_row(wish, marker) for wish, marker in accepted],
        update_conflicts=True,
        unique_fields=["conversation", "device"],
        update_fields=["person", "object", "counter", "arrived", "readable", "read"],
    )
    for _, marker in accepted:
        moved = hints.of_marker(marker.conversation, marker.device, marker.counter)
        transaction.on_commit(partial(hints.tell, moved))
    return answers


def _windows(wished: Iterable[Wished]) -> dict[tuple[bytes, UUID], Member]:
    conversations = {marker.conversation for _, marker in wished}
    people = {wish.caller.person.pk for wish, _ in wished}
    rows = members_now(conversations).filter(person__in=people).select_related("conversation")
    return {(bytes(window.conversation_id), window.person_id): window for window in rows}


def _facts(last: Mapping[Place, Wished], rows: Mapping[bytes, Conversation]) -> dict[bytes, _Facts]:
    devices = {device for _, device in last}
    # Locked in one order: what is judged against them must still be there when it is written.
    kept = Marker.objects.filter(conversation__in=list(rows), device__in=devices).order_by("pk")
    places = kept.select_for_update().values_list("conversation", "device", "object")
    held = {(bytes(id), bytes(device)): bytes(marker) for id, device, marker in places}
    hashes = _hashes([marker for _, marker in last.values()], rows)
    return {id: _Facts(row, hashes[id], held) for id, row in rows.items()}


def _hashes(
    markers: Iterable[marking.Marker], rows: Mapping[bytes, Conversation]
) -> Mapping[bytes, dict[int, bytes]]:
    """Of these logs, at the places that markers name; mostly what was appended a moment ago."""
    found: defaultdict[bytes, dict[int, bytes]] = defaultdict(dict)
    asked: defaultdict[bytes, set[int]] = defaultdict(set)
    for marker in markers:
        id = marker.conversation
        for n in {place.n for place in marker.positions if place is not None} if id in rows else ():
            h = fresh.hash_at(rows[id], n)
            if h is None:
                asked[id].add(n)
            else:
                found[id][n] = h
    for id, seq, h in hashes_at(asked):
        found[id][seq] = h
    return found


def _judge(
    wish: MarkerWish,
    marker: marking.Marker,
    windows: Mapping[tuple[bytes, UUID], Member],
    facts: Mapping[bytes, _Facts],
) -> Refused | None:
    if (marker.conversation, wish.caller.person.pk) not in windows:
        return LogRefused("not_found")
    if marker.device != wish.caller.device:
        return LogRefused("unknown_device")
    verdict = judge_read(marker, facts[marker.conversation])
    return None if verdict.outcome == "accepted" else LogRefused(verdict.code or "bad_marker")


def _row(wish: MarkerWish, marker: marking.Marker) -> Marker:
    arrived, readable, read = (place.n if place else 0 for place in marker.positions)
    return Marker(
        conversation_id=marker.conversation,
        device=marker.device,
        person=wish.caller.person,
        object=wish.marker,
        counter=marker.counter,
        arrived=arrived,
        readable=readable,
        read=read,
    )
