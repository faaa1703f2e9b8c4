"""A log in memory, judged entry by entry as it arrives: the facts of judging without a database."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from accounts.keylog import KeyLog
from accounts.objects import object_hash
from accounts.shapes import Position
from messaging.client.entries import open_wrap
from messaging.client.messages import open_message
from messaging.envelopes import Message, Suspended
from messaging.epochs import Epoch, wrap_hash
from messaging.judging import LastEpoch, Verdict, judge
from messaging.loghash import first_hash, next_hash
from messaging.marking import Marker


class ForeignWrap(Exception):
    """The host gave another wrap than the one that the epoch states: its fault, not the maker's (E17)."""


@dataclass(slots=True)
class FollowedLog:
    conversation: bytes
    key_logs: dict[bytes, KeyLog] = field(default_factory=dict)
    last: LastEpoch | None = None
    hashes: list[bytes] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    secrets: dict[bytes, bytes] = field(default_factory=dict, repr=False)
    markers: dict[bytes, Marker] = field(default_factory=dict)
    _suspended: set[bytes] = field(default_factory=set)
    _held: set[bytes] = field(default_factory=set)
    _client_ids: set[tuple[bytes, bytes]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.hashes.append(first_hash(self.conversation))

    @property
    def head(self) -> int:
        return len(self.hashes) - 1

    @property
    def position(self) -> Position:
        return Position(self.head, self.hashes[-1])

    @property
    def suspended(self) -> Set[bytes]:
        return self._suspended

    def hash_at(self, n: int) -> bytes | None:
        return self.hashes[n] if n <= self.head else None

    def has_entry(self, hash: bytes) -> bool:
        return hash in self._held

    def has_client_id(self, device: bytes, client_id: bytes) -> bool:
        return (device, client_id) in self._client_ids

    def key_log(self, chain: bytes) -> KeyLog | None:
        return self.key_logs.get(chain)

    def marker_of(self, device: bytes) -> Marker | None:
        return self.markers.get(device)

    def judged(self, data: bytes) -> Verdict:
        """What the next entry would be, changing nothing."""
        return judge(data, self.head + 1, self)

    def apply(self, data: bytes) -> Verdict:
        """Takes the next entry; one that waits is not taken and comes again."""
        verdict = self.judged(data)
        if verdict.outcome == "waiting":
            return verdict
        if verdict.outcome == "accepted":
            self._accept(verdict)
        hash = object_hash(data)
        self._held.add(hash)
        self.hashes.append(next_hash(self.hashes[-1], self.head + 1, hash))
        self.verdicts.append(verdict)
        return verdict

    def open_epoch(self, epoch: Epoch, chain: bytes, seeds: Mapping[int, bytes], wrap: bytes) -> bytes:
        """Keeps the secret for the messages under it; raises CannotOpen, or ForeignWrap."""
        row = epoch.row_of(chain)
        if row is None or wrap_hash(wrap) != row.wrap:
            raise ForeignWrap
        secret = open_wrap(seeds[row.generation], epoch, row, wrap)
        self.secrets[epoch.hash] = secret
        return secret

    def content_of(self, message: Message) -> bytes:
        """Raises Unreadable; KeyError when the epoch's secret is not here."""
        return open_message(self.secrets[message.epoch_hash], message)

    def _accept(self, verdict: Verdict) -> None:
        match verdict.entry:
            case Epoch() as epoch:
                kind = epoch.founding.kind if epoch.founding else self._kind()
                self.last = LastEpoch(epoch, self.head + 1, kind)
                self._suspended.clear()
            case Message() as message:
                self._client_ids.add((message.device, message.client_id))
            case Suspended() as suspended:
                self._suspended.add(suspended.chain)

    def _kind(self) -> str:
        assert self.last is not None
        return self.last.kind
