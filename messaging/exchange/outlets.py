"""The open sockets of this process, found by person, session and device."""

from collections import defaultdict
from collections.abc import Iterable

from accounts.limits import limit
from accounts.models import Revocation
from messaging.exchange.outlet import Outlet
from messaging.exchange.rates import Buckets
from messaging.protocol import CLOSE


class Outlets:
    def __init__(self) -> None:
        self._by_person: defaultdict[bytes, set[Outlet]] = defaultdict(set)
        self._by_look: defaultdict[bytes, set[Outlet]] = defaultdict(set)
        self.appends, self.markers = Buckets("append_device"), Buckets("marker_device")
        self.whispers, self.presences = Buckets("whisper_device"), Buckets("present_device")

    def add(self, outlet: Outlet) -> bool:
        """False when this device has as many as it may."""
        same = [other for other in self._by_person.get(outlet.person, ()) if other.device == outlet.device]
        if len(same) >= limit("sockets_device"):
            return False
        self._by_person[outlet.person].add(outlet)
        return True

    def remove(self, outlet: Outlet) -> None:
        outlet.is_open = False
        self.look(outlet, None)
        _discard(self._by_person, outlet.person, outlet)

    def look(self, outlet: Outlet, conversation: bytes | None) -> None:
        if outlet.looking_at is not None:
            _discard(self._by_look, outlet.looking_at, outlet)
        outlet.look(conversation)
        if conversation is not None:
            self._by_look[conversation].add(outlet)

    def looking_at(self, conversation: bytes) -> list[Outlet]:
        """Open, and of members as far as this process heard."""
        looking = self._by_look.get(conversation, ())
        return [outlet for outlet in looking if outlet.is_open and outlet.is_in(conversation)]

    def looked_at(self) -> frozenset[bytes]:
        """What somebody has on screen, whether they are in it or not."""
        return frozenset(self._by_look)

    def of(self, persons: Iterable[bytes]) -> list[Outlet]:
        return [outlet for person in persons for outlet in self._by_person.get(person, ())]

    def every(self) -> list[Outlet]:
        return [outlet for outlets in self._by_person.values() for outlet in outlets]

    def forget_full_buckets(self) -> None:
        self.appends.forget_full()
        self.markers.forget_full()
        self.whispers.forget_full()
        self.presences.forget_full()

    def revoke(self, revocations: Iterable[Revocation]) -> None:
        """From here on nothing is dealt to them."""
        for revocation in revocations:
            for outlet in self.of([revocation.person.bytes]):
                if _concerns(revocation, outlet):
                    self.end(outlet)

    def part(self, person: bytes, conversation: bytes) -> None:
        """Out of one conversation; the socket goes on with the others."""
        for outlet in self.of([person]):
            if outlet.looking_at == conversation:
                self.look(outlet, None)
            outlet.part(conversation)

    def end_sessions(self, sessions: frozenset[int]) -> None:
        for outlet in self.every():
            if outlet.session in sessions:
                self.end(outlet)

    def end(self, outlet: Outlet, code: int = CLOSE["signed_out"]) -> None:
        self.remove(outlet)
        outlet.close(code)


def _concerns(revocation: Revocation, outlet: Outlet) -> bool:
    match revocation.what:
        case Revocation.What.SESSION:
            return outlet.session == revocation.session
        case Revocation.What.DEVICE:
            return revocation.device is not None and outlet.device == bytes(revocation.device)
        case Revocation.What.PERSON:
            return True
    return False  # of one conversation only: the dealer sees to it


def _discard(index: dict[bytes, set[Outlet]], key: bytes, outlet: Outlet) -> None:
    others = index.get(key, set())
    others.discard(outlet)
    if not others:
        index.pop(key, None)
