"""Markers: one row a device and conversation, the last wins, written many at once (PROTOCOL.md R2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.db import transaction

from accounts.caller import Caller, sessions_still
from accounts.errors import Refused
from accounts.keylog import KeyLog
from accounts.shapes import Position
from messaging import hints, marking
from messaging.errors import LogRefused
from messaging.facts import LastEpoch
from messaging.loghash import first_hash
from messaging.marking import judge_marker, read_marker
from messaging.models import Conversation, Entry, Marker
from messaging.policy import member_now
from messaging.services import known


@dataclass(frozen=True, slots=True)
class MarkerWish:
    caller: Caller
    marker: bytes

    def __repr__(self) -> str:
        return f"MarkerWish({self.caller})"


class _Facts:
    """A log as it stands, and what is kept of one device."""

    def __init__(self, row: Conversation, marker: marking.Marker) -> None:
        self.conversation = bytes(row.pk)
        self.last: LastEpoch | None = known.last_epoch(row)
        self.start = 0  # the host sees every log from its first entry
        self.head = row.head
        places = {place.n for place in marker.positions if place is not None}
        rows = Entry.objects.filter(conversation=row.pk, seq__in=places).values_list("seq", "h")
        self._h = {0: first_hash(self.conversation), **{seq: bytes(h) for seq, h in rows}}

    def hash_at(self, n: int) -> bytes | None:
        return self._h.get(n)

    def key_log(self, chain: bytes) -> KeyLog | None:
        row = self.last.epoch.row_of(chain) if self.last else None
        upto: Position | None = row.head if row else None
        return known.key_log(chain, upto) if upto else None

    def marker_of(self, device: bytes) -> marking.Marker | None:
        held = Marker.objects.filter(conversation=self.conversation, device=device).first()
        return read_marker(bytes(held.object)) if held else None


Place = tuple[bytes | None, bytes]  # device, conversation
Read = marking.Marker | Refused


def put_markers(wishes: Sequence[MarkerWish]) -> list[Refused | None]:
    """One transaction for all. Of one device in one conversation only the highest counter is judged: the
    others, which it replaces, get its answer."""
    with transaction.atomic():
        sessions = sessions_still({wish.caller.session.pk for wish in wishes})
        read = [_read(wish, sessions) for wish in wishes]
        last: dict[Place, tuple[MarkerWish, marking.Marker]] = {}
        for wish, marker in zip(wishes, read, strict=True):
            if not isinstance(marker, Refused):
                place = _place(wish, marker)
                last[place] = max(last.get(place, (wish, marker)), (wish, marker), key=_counter)
        answers = {place: _attempt(*highest) for place, highest in last.items()}
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
    return wish.caller.device, marker.conversation


def _counter(one: tuple[MarkerWish, marking.Marker]) -> int:
    return one[1].counter


def _attempt(wish: MarkerWish, marker: marking.Marker) -> Refused | None:
    try:
        _put(wish, marker)
    except Refused as refused:
        return refused
    return None


def _put(wish: MarkerWish, marker: marking.Marker) -> None:
    row = member_now(wish.caller.person.pk, marker.conversation).conversation
    if marker.device != wish.caller.device:
        raise LogRefused("unknown_device")
    verdict = judge_marker(wish.marker, _Facts(row, marker))
    if verdict.outcome != "accepted":
        raise LogRefused(verdict.code or "bad_marker")
    reached = {name: place.n if place else 0 for name, place in _places(marker).items()}
    Marker.objects.update_or_create(
        conversation=row,
        device=marker.device,
        defaults={
            "person": wish.caller.person, "object": wish.marker, "counter": marker.counter, **reached
        },
    )  # fmt: skip
    moved = hints.of_marker(marker.conversation, marker.device, marker.counter)
    transaction.on_commit(partial(hints.tell, moved))


def _places(marker: marking.Marker) -> dict[str, Position | None]:
    return {"arrived": marker.arrived, "readable": marker.readable, "read": marker.read}
