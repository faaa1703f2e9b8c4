"""What a client does when a server was restored from a backup (PROTOCOL.md T)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from accounts.protocol import b64, octets
from messaging.client.following import FollowedLog

PART: Final = 900_000  # of the megabyte that a request may have
MOST: Final = 500
_AROUND: Final = 200


class RolledBack(Exception):
    """Less than was applied here, and nobody says that it was restored: shown, and blocks (L7)."""


class Forked(Exception):
    """Another entry where this client has one (L7)."""


@dataclass(frozen=True, slots=True)
class Held:
    """An entry as it came, with the wraps of an epoch that this client made (T8)."""

    entry: bytes
    at: int
    wraps: Mapping[bytes, bytes] = field(default_factory=dict, repr=False)

    def as_told(self) -> dict[str, Any]:
        wraps = [[b64(chain), b64(sealed)] for chain, sealed in sorted(self.wraps.items())]
        return {"at": self.at, "entry": b64(self.entry), "wraps": wraps}


@dataclass(slots=True)
class Histories:
    """Which life of its database the server says that it is in, and what waits to be served again (T4)."""

    id: bytes | None = None
    until: int | None = None
    restored: int | None = None  # what people are told
    awaited: set[bytes] = field(default_factory=set)

    def hear(self, told: Mapping[str, Any], conversations: Iterable[bytes]) -> bool:
        """Whether it is another one. The first that is ever heard of is nobody's restoration."""
        id = octets(told["id"])
        is_other = self.id is not None and self.id != id
        if is_other:
            self.awaited |= set(conversations)
        self.id, self.until, self.restored = id, told["until"], told["restored"]
        return is_other

    def takes_back(self, now: int) -> bool:
        return self.until is not None and now < self.until

    def check_shorter(self, log: FollowedLog, head: int, hash: bytes, now: int) -> None:
        """T5: raises RolledBack for less in the same history, Forked for something else."""
        if log.conversation not in self.awaited or not self.takes_back(now):
            raise RolledBack
        held = log.hash_at(head)
        if held is not None and held != hash:
            raise Forked


def parts(held: Sequence[Held]) -> Iterator[list[Held]]:
    """T7: in order, each as much as one request takes."""
    part: list[Held] = []
    size = 0
    for one in held:
        more = _size(one)
        if part and (size + more > PART or len(part) == MOST):
            yield part
            part, size = [], 0
        part.append(one)
        size += more
    if part:
        yield part


def _size(held: Held) -> int:
    sealed = sum(len(sealed) for sealed in held.wraps.values())
    return (len(held.entry) + sealed) * 4 // 3 + _AROUND + 60 * len(held.wraps)
