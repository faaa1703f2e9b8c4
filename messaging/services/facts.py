"""What the judge asks about a log, answered from rows read once for many entries, under the log's lock."""

from collections.abc import Iterable, Mapping, Set

from django.db.models import F, Q

from accounts import clock
from accounts.keylog import KeyLog
from accounts.services.histories import refuse_until
from accounts.shapes import Position
from messaging.envelopes import Sent, Suspended
from messaging.epochs import Epoch
from messaging.facts import LastEpoch
from messaging.loghash import first_hash, next_hash
from messaging.models import Conversation, Entry, Member
from messaging.services import fresh, known


class LogFacts:
    """One log, moving on with each entry that is added to it."""

    def __init__(
        self, conversation: bytes, row: Conversation | None, heads: Mapping[bytes, Position]
    ) -> None:
        self.conversation = conversation
        self.row = row
        self.head = row.head if row else 0
        self.hash = bytes(row.hash) if row else first_hash(conversation)
        self.last: LastEpoch | None = known.last_epoch(row) if row else None
        self.suspended: Set[bytes] = frozenset()
        self.left: Set[bytes] = frozenset()
        self.joining = None  # the host sees every log from its first entry
        self.is_stale = row is None or row.stale  # E16: no message before the next epoch
        self._heads = (
            heads  # of the key logs that an epoch names; a message stands on those of the last epoch
        )
        self._h: dict[int, bytes] = {0: first_hash(conversation), self.head: self.hash}
        self._entries: dict[bytes, Entry] = {}
        self._client_ids: set[tuple[bytes, bytes]] = set()

    def hash_at(self, n: int) -> bytes | None:
        return self._h.get(n)

    def knows(self, n: int) -> bool:
        """Whether the hash there is at hand; what was appended a moment ago is."""
        if n not in self._h and self.row is not None:
            h = fresh.hash_at(self.row, n)
            if h is not None:
                self._h[n] = h
        return n in self._h

    def epoch_hash(self, number: int) -> bytes | None:
        if self.last is None or number > self.last.epoch.number:
            return None
        return known.epoch_hash(self.conversation, number)

    def has_entry(self, hash: bytes) -> bool:
        return hash in self._entries

    def has_client_id(self, device: bytes, client_id: bytes) -> bool:
        return (device, client_id) in self._client_ids

    def key_log(self, chain: bytes) -> KeyLog | None:
        row = self.last.epoch.row_of(chain) if self.last else None
        upto = self._heads.get(chain) or (row.head if row else None)
        return known.key_log(chain, upto) if upto else None

    def entry(self, hash: bytes) -> Entry | None:
        return self._entries.get(hash)

    @property
    def is_held(self) -> bool:
        """T2, T3: after a restoration, until whoever holds more has given it back."""
        until = self.row.held_until if self.row else None
        return until is not None and until > clock.now()

    def refuse_held(self) -> None:
        if self.row is not None:
            refuse_until(self.row.held_until)

    def begin(self, epoch: Epoch, heads: Mapping[bytes, Position]) -> None:
        """The entry added last is this epoch: what follows stands under it."""
        self.last = LastEpoch(epoch, self.head)
        self.suspended = self.left = frozenset()
        self._heads = heads

    def stands_on(self, heads: Mapping[bytes, Position]) -> None:
        """An epoch about to be judged names these."""
        self._heads = heads

    def part(self, chain: bytes) -> None:
        """Somebody left: the next epoch says so before anything else is said."""
        self.left = self.left | {chain}
        self.is_stale = True

    def note(self, entry: Entry) -> None:
        """An entry that is already there."""
        self._h[entry.seq] = bytes(entry.h)
        self._entries[bytes(entry.hash)] = entry
        if entry.device is not None and entry.client_id is not None:
            self._client_ids.add((bytes(entry.device), bytes(entry.client_id)))

    def add(self, data: bytes, read: Sent | Epoch | Suspended, *, kind: str, at: int) -> Entry:
        """The entry's place and the log's new hash; written by the caller."""
        self.head += 1
        self.hash = next_hash(self.hash, self.head, read.hash)
        client_id = read.client_id if isinstance(read, Sent) else None
        entry = Entry(
            conversation_id=self.conversation,
            seq=self.head,
            kind=kind,
            object=data,
            hash=read.hash,
            h=self.hash,
            device=None if isinstance(read, Suspended) else read.signed.signer,
            client_id=client_id,
            at=at,
        )
        self.note(entry)
        return entry


def read_facts(
    rows: Iterable[Conversation], entries: Iterable[Sent | Epoch], heads: Mapping[bytes, Position]
) -> dict[bytes, LogFacts]:
    """Four queries, however many entries are to be judged."""
    logs = {bytes(row.pk): LogFacts(bytes(row.pk), row, heads) for row in rows}
    entries = list(entries)
    places = {place for entry in entries for place in _place_asked(entry, logs)}
    ours = Entry.objects.filter(conversation__in=list(logs)).defer("object")
    for entry in ours.filter(seq__in=places) if places else ():
        logs[bytes(entry.conversation_id)].note(entry)
    for entry in ours.filter(hash__in=[entry.hash for entry in entries]):
        logs[bytes(entry.conversation_id)].note(entry)
    sent = [entry for entry in entries if isinstance(entry, Sent)]
    # With the devices, as the index has it: by the client ids alone a whole log would be gone through.
    named = {"device__in": [one.device for one in sent], "client_id__in": [one.client_id for one in sent]}
    for entry in ours.filter(**named) if sent else ():
        logs[bytes(entry.conversation_id)].note(entry)
    _note_gone(logs)
    return logs


def _note_gone(logs: Mapping[bytes, LogFacts]) -> None:
    """Who was suspended since the last epoch, and who left: whom an epoch removes went at its very place."""
    since = Q(left__gt=F("conversation__epoch_seq"))
    rows = Member.objects.filter(Q(suspended=True, left=None) | since, conversation__in=list(logs))
    for id, chain, suspended, left in rows.values_list("conversation", "chain", "suspended", "left"):
        log, whose = logs[bytes(id)], {bytes(chain)}
        log.suspended = log.suspended | whose if suspended else log.suspended
        log.left = log.left | whose if left is not None else log.left


def _place_asked(entry: Sent | Epoch, logs: Mapping[bytes, LogFacts]) -> list[int]:
    """Mostly none: the sender has seen the head, whose hash is at hand."""
    log = logs.get(entry.conversation or b"")
    if log is None or entry.seen is None or log.knows(entry.seen.n):
        return []
    return [entry.seen.n]
