"""A colleague in a team by the Python client: what any member may do, and what only a colluder would."""

import time
from collections.abc import Mapping
from typing import Any

from accounts.protocol import b64, octets
from messaging.client.contents import write_title
from messaging.client.drafting import Deed, added, next_draft
from messaging.client.entries import Draft, MadeEpoch, following, make_epoch, make_leave
from messaging.client.following import FollowedLog
from tests.e2e.people import Account
from tests.e2e.scribe import Scribe, row_kind


class Colleague(Scribe):
    def found_team(self, title: str, *people: Account) -> bytes:
        """Its maker alone coordinates."""
        assert self.keys is not None
        rows = [self.look_up(one.family) for one in people]
        team = self._post(None, self.founding("team", self.keys.log, *rows))
        self.say(team, write_title(title))
        return team

    def chain_of(self, account: Account) -> bytes:
        return octets(self.look_up(account.family)["chain"])

    def adding(self, account: Account, role: str = "member") -> Deed:
        row = self.look_up(account.family)
        return added(self.key_log(octets(row["chain"])), self.chain, role, row_kind(row))

    def change(self, team: bytes, *deeds: Deed) -> None:
        """One epoch that does all of it, on what is there now."""
        self._post(team, self.drawn(self.caught_up(team), *deeds))

    def leaving(self, team: bytes) -> bytes:
        return make_leave(self.next_place(self.talks[team]), self.device)

    def caught_up(self, team: bytes) -> FollowedLog:
        """With every key log as it is now."""
        log = self.pull(team).log
        log.key_logs.update({chain: self.key_log(chain) for chain in log.key_logs})
        return log

    def drawn(self, log: FollowedLog, *deeds: Deed) -> Draft:
        draft = next_draft(log, int(time.time()))
        for deed in deeds:
            draft = deed(draft)
        return draft

    def with_herself(self, log: FollowedLog, *deeds: Deed) -> Draft:
        """The next epoch as whoever is out would make it: in the roster still, or again, and coordinating."""
        assert self.keys is not None
        assert log.last is not None
        draft = following(log.last.epoch, log.conversation, log.key_logs, log.position, int(time.time()))
        if log.last.epoch.row_of(self.chain) is None:
            deeds = (added(self.keys.log, self.chain, "coordinator"), *deeds)
        for deed in deeds:
            draft = deed(draft)
        return draft

    def made(self, draft: Draft, elsewhere: Mapping[bytes, bytes] | None = None) -> MadeEpoch:
        """Signed with real keys, whoever may; `elsewhere`: sealed to another key than theirs."""
        publics = self._publics(*(self.key_log(row.chain) for row in draft.rows))
        return make_epoch(draft, self.device, publics | dict(elsewhere or {}), self.chance)

    def offer(self, team: bytes | None, made: MadeEpoch) -> Any:
        """To the server, which may refuse it."""
        wraps = [[b64(chain), b64(sealed)] for chain, sealed in made.wraps.items()]
        told = {"conversation": team and b64(team), "statement": b64(made.statement), "wraps": wraps}
        return self.wire.post("/api/epochs", told)

    def _post(self, team: bytes | None, draft: Draft) -> bytes:
        answer = self.offer(team, self.made(draft))
        assert answer.status == 200, answer
        here = octets(answer.body["conversation"])
        self.pull(here)
        return here
