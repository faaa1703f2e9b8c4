"""A log in memory, judged entry by entry as it arrives: the facts of judging without a database."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field

from accounts.keylog import KeyLog
from accounts.objects import object_hash
from accounts.shapes import Position
from messaging.client.entries import open_wrap
from messaging.client.messages import open_message
from messaging.envelopes import Leave, Message, Suspended
from messaging.epochs import Epoch, wrap_hash
from messaging.facts import Joining, LastEpoch, Noted
from messaging.judging import Verdict, judge
from messaging.loghash import first_hash, next_hash
from messaging.marking import Marker


class ForeignWrap(Exception):
    """The host gave another wrap than the one that the epoch states: its fault, not the maker's (E17)."""


class RemovedByHost(Exception):
    """A stub where the reader is a member: nothing lawful hides that entry from them (L8, L12)."""


@dataclass(slots=True)
class FollowedLog:
    """`reader` and `anchor` for whose view begins later than epoch 0, or has stubs (L12, L13)."""

    conversation: bytes
    key_logs: dict[bytes, KeyLog] = field(default_factory=dict)
    reader: bytes = b""
    anchor: Position | None = None
    noted: Noted | None = None
    last: LastEpoch | None = None
    hashes: list[bytes] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)  # of the entries that came whole
    secrets: dict[bytes, bytes] = field(default_factory=dict, repr=False)
    markers: dict[bytes, Marker] = field(default_factory=dict)
    _known: LastEpoch | None = None  # the last one that was accepted, stubs or not
    _epochs: dict[int, bytes] = field(default_factory=dict)
    _suspended: set[bytes] = field(default_factory=set)
    _left: set[bytes] = field(default_factory=set)
    _held: set[bytes] = field(default_factory=set)
    _client_ids: set[tuple[bytes, bytes]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.hashes.append(self.anchor.hash if self.anchor else first_hash(self.conversation))

    @property
    def start(self) -> int:
        """The place before the first entry of this view."""
        return self.anchor.n if self.anchor else 0

    @property
    def head(self) -> int:
        return self.start + len(self.hashes) - 1

    @property
    def position(self) -> Position:
        return Position(self.head, self.hashes[-1])

    @property
    def joining(self) -> Joining | None:
        if self.last is not None or (self.anchor is None and self._known is None):
            return None
        anchor = self.anchor if self._known is None else None
        return Joining(self.reader, anchor, self._known, self.noted)

    @property
    def suspended(self) -> Set[bytes]:
        return self._suspended

    @property
    def left(self) -> Set[bytes]:
        return self._left

    @property
    def may_have_stubs(self) -> bool:
        """Whether the reader is in no roster of this view, or has left since (L12)."""
        if self.last is None:
            return self.joining is not None
        return self.last.epoch.row_of(self.reader) is None or self.reader in self._left

    def hash_at(self, n: int) -> bytes | None:
        return self.hashes[n - self.start] if self.start <= n <= self.head else None

    def epoch_hash(self, number: int) -> bytes | None:
        return self._epochs.get(number)

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
        self.verdicts.append(verdict)
        self._place(object_hash(data))
        return verdict

    def apply_stub(self, hash: bytes) -> None:
        """Takes the place of an entry that this reader may not see; raises RemovedByHost."""
        if not self.may_have_stubs:
            raise RemovedByHost
        self.last = None
        self._place(hash)

    def messages(self) -> Iterator[tuple[Message, Epoch]]:
        """Those accepted, each with the epoch it is under."""
        under: Epoch | None = None
        for verdict in self.verdicts:
            if verdict.outcome == "accepted" and isinstance(verdict.entry, Epoch):
                under = verdict.entry
            elif verdict.outcome == "accepted" and isinstance(verdict.entry, Message):
                assert under is not None
                yield verdict.entry, under

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

    def _place(self, hash: bytes) -> None:
        self._held.add(hash)
        self.hashes.append(next_hash(self.hashes[-1], self.head + 1, hash))

    def _accept(self, verdict: Verdict) -> None:
        match verdict.entry:
            case Epoch() as epoch:
                self.last = self._known = LastEpoch(epoch, self.head + 1)
                self._epochs[epoch.number] = epoch.hash
                self._suspended.clear()
                self._left.clear()
            case Message() as message:
                self._client_ids.add((message.device, message.client_id))
            case Leave() as leave:
                self._left.add(leave.person)
            case Suspended() as suspended:
                self._suspended.add(suspended.chain)
