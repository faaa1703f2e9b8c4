"""Every five seconds, hints or not: what moved, who was revoked, who no longer returns credit."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from accounts import clock
from accounts.caller import sessions_still
from accounts.limits import limit
from messaging.exchange.moved import Moved
from messaging.exchange.outlets import Outlets
from messaging.exchange.worker import Worker
from messaging.hints import Hint
from messaging.measures import HEALED
from messaging.protocol import CLOSE
from messaging.queries import heads_moved_since, last_key_log_row, people_after

# A commit may become visible a while after the time or number that it carries, and clocks differ a little.
_OVERLAP = timedelta(seconds=60)
_OVERLAP_ROWS = 100
_SESSIONS_AT_ONCE = 500


class Sweeper:
    def __init__(self, outlets: Outlets, reader: Worker, moved: Moved, dealt: Callable[[bytes], int]) -> None:
        self._outlets = outlets
        self._reader = reader
        self._moved = moved
        self._dealt = dealt
        self._since = self._began = clock.now()
        self._row: int | None = None
        self._seen: set[int] = set()

    async def run(self) -> None:
        while True:
            await self._sweep()
            await asyncio.sleep(limit("sweep_seconds"))

    async def _sweep(self) -> None:
        started = clock.now()
        found = await self._reader.run(self._look, self._since - _OVERLAP)
        self._since = started
        await self._end_signed_out()
        self._end_stalled()
        self._outlets.forget_full_buckets()
        self._moved.add_all([*found, Hint("revoked", b"", 0)])

    async def _end_signed_out(self) -> None:
        """Expired, locked by idling, ended, suspended: whatever a revocation row did not say already."""
        sessions = sorted({outlet.session for outlet in self._outlets.every()})
        for at in range(0, len(sessions), _SESSIONS_AT_ONCE):
            asked = sessions[at : at + _SESSIONS_AT_ONCE]
            still = await self._reader.run(sessions_still, asked)
            self._outlets.end_sessions(frozenset(asked) - still)

    def _end_stalled(self) -> None:
        now = time.monotonic()
        for outlet in self._outlets.every():
            if outlet.credit.is_stalled(now):
                self._outlets.end(outlet, CLOSE["stalled"])

    def _look(self, since: datetime) -> list[Hint]:
        """In the reader's thread."""
        late = clock.ago(limit("hint_seconds"))
        found = heads_moved_since(since)
        if any(self._began <= at < late and head > self._dealt(id) for id, head, at in found):
            HEALED.add()
        return [Hint("log", id, head) for id, head, _ in found] + self._people()

    def _people(self) -> list[Hint]:
        if self._row is None:
            self._row = last_key_log_row()
            self._seen = {row for row, _, _ in people_after(self._row - _OVERLAP_ROWS)}
        rows = people_after(self._row - _OVERLAP_ROWS)
        fresh = [(person, n) for row, person, n in rows if row not in self._seen]
        self._seen = {row for row, _, _ in rows}
        self._row = max([self._row, *self._seen])
        return [Hint("person", person, n) for person, n in fresh]
