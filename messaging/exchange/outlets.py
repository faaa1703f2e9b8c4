"""The open sockets of this process, found by person, session and device."""

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from accounts.limits import limit
from accounts.models import Revocation
from messaging import protocol
from messaging.exchange.outlet import Outlet
from messaging.exchange.rates import Buckets
from messaging.protocol import CLOSE, b64


class Outlets:
    def __init__(self) -> None:
        self._by_person: defaultdict[bytes, set[Outlet]] = defaultdict(set)
        self.appends, self.markers = Buckets("append_device"), Buckets("marker_device")

    def add(self, outlet: Outlet) -> bool:
        """False when this device has as many as it may."""
        same = [other for other in self._by_person.get(outlet.person, ()) if other.device == outlet.device]
        if len(same) >= limit("sockets_device"):
            return False
        self._by_person[outlet.person].add(outlet)
        return True

    def remove(self, outlet: Outlet) -> None:
        outlet.is_open = False
        others = self._by_person.get(outlet.person, set())
        others.discard(outlet)
        if not others:
            self._by_person.pop(outlet.person, None)

    def of(self, persons: Iterable[bytes]) -> list[Outlet]:
        return [outlet for person in persons for outlet in self._by_person.get(person, ())]

    def every(self) -> list[Outlet]:
        return [outlet for outlets in self._by_person.values() for outlet in outlets]

    def forget_full_buckets(self) -> None:
        self.appends.forget_full()
        self.markers.forget_full()

    def revoke(self, revocations: Iterable[Revocation]) -> None:
        """From here on nothing is dealt to them."""
        for revocation in revocations:
            for outlet in self.of([revocation.person.bytes]):
                if revocation.what == Revocation.What.MEMBER:
                    self._part(outlet, bytes(revocation.conversation or b""))
                elif _concerns(revocation, outlet):
                    self.end(outlet)

    def end_sessions(self, sessions: frozenset[int]) -> None:
        for outlet in self.every():
            if outlet.session in sessions:
                self.end(outlet)

    def end(
        self, outlet: Outlet, code: int = CLOSE["signed_out"], last: msgspec.Struct | None = None
    ) -> None:
        self.remove(outlet)
        outlet.end(code, last)

    def _part(self, outlet: Outlet, conversation: bytes) -> None:
        """Out of one conversation: told so (F12), and sent to begin anew with the others."""
        self.end(outlet, CLOSE["restarting"], protocol.Gone(b64(conversation)))


def _concerns(revocation: Revocation, outlet: Outlet) -> bool:
    match revocation.what:
        case Revocation.What.SESSION:
            return outlet.session == revocation.session
        case Revocation.What.DEVICE:
            return revocation.device is not None and outlet.device == bytes(revocation.device)
    return True
