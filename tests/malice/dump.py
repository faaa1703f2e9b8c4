"""Everything that the host has, and whether somebody's keys open any of it."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from accounts.errors import Refused
from accounts.keylog import KeyLog, extend
from messaging.client.entries import open_wrap
from messaging.client.following import FollowedLog
from messaging.client.messages import Unreadable, open_message, open_with_key
from messaging.client.sealing import CannotOpen
from messaging.envelopes import Message, read_entry
from messaging.epochs import Epoch
from tests.running import Colloque

Keys = Mapping[str, bytes]  # by what they are


@dataclass(frozen=True)
class Opened:
    seq: int
    what: str
    by: str


class Dump:
    """One conversation of the database, whole: every entry and every wrap."""

    def __init__(self, server: Colloque, conversation: bytes) -> None:
        base = sqlite3.connect(server.folder / "colloque.sqlite3", timeout=20)
        ours = (conversation,)
        entries = "SELECT seq, object FROM messaging_entry WHERE conversation_id = ? ORDER BY seq"
        wraps = "SELECT seq, chain, sealed FROM messaging_wrap WHERE conversation_id = ? ORDER BY seq"
        statements = "SELECT chain, statement FROM accounts_keylogentry ORDER BY chain, n"
        self.conversation = conversation
        self.entries: list[tuple[int, bytes]] = base.execute(entries, ours).fetchall()
        self.wraps: list[tuple[int, bytes, bytes]] = base.execute(wraps, ours).fetchall()
        self._statements: list[tuple[bytes, bytes]] = base.execute(statements).fetchall()
        base.close()

    @property
    def head(self) -> int:
        return len(self.entries)

    def log(self) -> FollowedLog:
        """As a member from the beginning judges it."""
        log = FollowedLog(self.conversation, self.key_logs())
        for _seq, entry in self.entries:
            log.apply(entry)
        return log

    def key_logs(self) -> dict[bytes, KeyLog]:
        """As far as each is what its owner signed."""
        logs: dict[bytes, KeyLog] = {}
        for chain, statement in self._statements:
            with suppress(Refused):
                logs[chain] = extend(logs.get(chain), statement)
        return logs

    def sent_by(self, chain: bytes) -> list[int]:
        """The places of their messages, and of epochs that their devices made."""
        devices = self.key_logs()[chain].devices
        read = [(seq, read_entry(data)) for seq, data in self.entries]
        return [seq for seq, one in read if isinstance(one, Message | Epoch) and one.signed.signer in devices]

    def opened(self, keys: Keys, *, after: int = 0) -> list[Opened]:
        """Every wrap and every message beyond that place which any of these keys opens."""
        return [*self._wraps_opened(keys, after), *self._messages_opened(keys, after)]

    def _wraps_opened(self, keys: Keys, after: int) -> Iterator[Opened]:
        objects = dict(self.entries)
        for seq, chain, sealed in self.wraps:
            if seq <= after:
                continue
            epoch = read_entry(objects[seq])
            assert isinstance(epoch, Epoch)
            for name, key in keys.items():
                if _opens_wrap(key, epoch, chain, sealed):
                    yield Opened(seq, "wrap", name)

    def _messages_opened(self, keys: Keys, after: int) -> Iterator[Opened]:
        for seq, data in self.entries:
            entry = read_entry(data) if seq > after else None
            if isinstance(entry, Message):
                yield from (Opened(seq, "message", name) for name, key in keys.items() if _reads(key, entry))


def _opens_wrap(key: bytes, epoch: Epoch, chain: bytes, sealed: bytes) -> bool:
    row = epoch.row_of(chain)
    if row is None or len(key) != 32:
        return False
    try:
        open_wrap(key, epoch, row, sealed)
    except CannotOpen:
        return False
    return True


def _reads(key: bytes, message: Message) -> bool:
    """As the secret of its epoch, or as the key of this very message."""
    for tried in (open_message, open_with_key):
        try:
            tried(key, message)
        except Unreadable:
            continue
        return True
    return False
