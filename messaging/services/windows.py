"""Windows: opened by the epoch that names somebody, closed by the entry by which they go (L11, L13)."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from django.db import transaction

from accounts.models import Person
from accounts.services.revocations import revoke_member
from accounts.shapes import Position
from messaging import hints
from messaging.epochs import Epoch, Row
from messaging.hints import Hint
from messaging.loghash import first_hash
from messaging.models import Marker, Member

People = Mapping[bytes, Person]  # by chain


def open_windows(conversation: bytes) -> dict[bytes, Member]:
    """By chain: the rows of the last roster, whomever they serve, but for who left since."""
    rows = Member.objects.filter(conversation=conversation, left=None)
    return {bytes(window.chain): window for window in rows}


def open_for(conversation: bytes, epoch: Epoch, come: Sequence[Row], people: People, *, place: int) -> None:
    """A chain id that comes again keeps its anchor."""
    at = epoch.seen or Position(0, first_hash(conversation))
    anchors = _anchors(conversation, come) if epoch.number else {}
    Member.objects.bulk_create(
        Member(
            conversation_id=conversation,
            person=people[row.chain],
            chain=row.chain,
            role=row.role,
            joined=place,
            anchor=anchors.get(row.chain, at).n,
            anchor_hash=anchors.get(row.chain, at).hash,
        )
        for row in come
    )


def close(windows: Sequence[Member], *, place: int) -> None:
    """Nothing after that place is theirs; what they said of their reading has had its time."""
    if windows:
        Member.objects.filter(pk__in=[window.pk for window in windows]).update(left=place)
        for window in windows:
            Marker.objects.filter(conversation=window.conversation_id, person=window.person_id).delete()


def tell_gone(windows: Iterable[Member]) -> None:
    """Last in its transaction: numbers of revocations are given in commit order."""
    for window in windows:
        revoke_member(window.person_id, bytes(window.conversation_id))
        transaction.on_commit(partial(hints.tell, Hint("revoked", b"", 0)))


class Moves:
    """What an accepted epoch does to the open windows."""

    def __init__(self, windows: Mapping[bytes, Member], epoch: Epoch) -> None:
        rows = {row.chain: row for row in epoch.roster}
        self.windows = windows
        self.come = [row for row in epoch.roster if row.chain not in windows]
        self.stay = [(window, rows[chain]) for chain, window in windows.items() if chain in rows]
        self.gone = [window for chain, window in windows.items() if chain not in rows]

    def write(self, conversation: bytes, epoch: Epoch, people: People, place: int) -> None:
        close(self.gone, place=place)  # first: a person has one open window
        _keep(self.stay)
        open_for(conversation, epoch, self.come, people, place=place)

    def tell(self, people: People) -> None:
        """Last. Who comes under another chain id in the same epoch has not gone."""
        come = {people[row.chain].pk for row in self.come}
        tell_gone(window for window in self.gone if window.person_id not in come)


def _keep(stay: Iterable[tuple[Member, Row]]) -> None:
    """Mostly the roster says nothing of them that was not so before."""
    changed = []
    for window, row in stay:
        if (window.role, window.paused, window.suspended) != (row.role, row.paused, False):
            window.role, window.paused, window.suspended = row.role, row.paused, False
            changed.append(window)
    if changed:
        Member.objects.bulk_update(changed, ["role", "paused", "suspended"])


def _anchors(conversation: bytes, come: Iterable[Row]) -> dict[bytes, Position]:
    chains = [row.chain for row in come]
    earlier = Member.objects.filter(conversation=conversation, chain__in=chains) if chains else ()
    return {bytes(window.chain): Position(window.anchor, bytes(window.anchor_hash)) for window in earlier}
