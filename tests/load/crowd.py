"""Many people of the real server: signed in with both factors, with keys, in teams."""

import asyncio
from collections.abc import Sequence

from accounts.objects import object_hash
from accounts.protocol import b64
from accounts.shapes import Position
from messaging.client.chance import SystemChance
from messaging.client.contents import write_text
from messaging.client.entries import MessagePlace, found, make_message
from messaging.client.session import ClientSession
from messaging.loghash import next_hash
from tests.credentials import PASSWORD, SEED
from tests.load.volley import Room
from tests.running import Colloque

# Rates are raised to what a measurement sends; no check is off.
ROOMY = {
    f"COLLOQUE_LIMIT_{name}": "1000000,0.0001"
    for name in (
        "APPEND_DEVICE", "FRAMES_SOCKET", "EPOCH_DEVICE",
        "PASSWORD_SOURCE", "CODE_SOURCE", "PASSWORD_EVERYWHERE",
    )
}  # fmt: skip
_PEOPLE = """
from tests.cast import make_organisation, make_person
from django.contrib.auth import hashers
from django.db import transaction
with transaction.atomic():
    tilleuls = make_organisation("MSP des Tilleuls")
    for number in range({count}):
        make_person(tilleuls, f"p{{number}}", "Camille", f"FACTICE-{{number}}", "60")
"""
_AT_ONCE = 6
TEXT = "x" * 1024
_chance = SystemChance()


async def crowd(server: Colloque, count: int) -> list[ClientSession]:
    await asyncio.to_thread(server.manage, "shell", "-c", _PEOPLE.format(count=count))
    free = asyncio.Semaphore(_AT_ONCE)

    async def one(number: int) -> ClientSession:
        async with free:
            return await _joined(server.origin, number)

    clients = await asyncio.gather(*map(one, range(count)))
    # What each would fetch of the others (H9), fetched once for all.
    logs = {client.chain: client.key_logs[client.chain] for client in clients}
    for client in clients:
        client.key_logs.update(logs)
    return list(clients)


async def _joined(origin: str, number: int) -> ClientSession:
    client = ClientSession(origin)
    await client.sign_in(f"p{number}@tilleuls.example", PASSWORD, SEED)
    await client.start_keys()
    return client


class Team(Room):
    """A conversation whose messages are sealed and signed before the clock starts."""

    def __init__(self, id: bytes, founder: ClientSession, people: Sequence[ClientSession]) -> None:
        super().__init__(len(people))
        self.id, self.key, self.people = id, b64(id), people
        log = founder.conversations[id].log
        assert log.last is not None
        self.epoch = log.last.epoch
        self._secret = log.secrets[self.epoch.hash]
        # Whoever writes has seen the epoch at least: that is all that a message must say (L9).
        self._seen = log.position
        self.reached = log.position
        self.start = log.position.n
        self._hashes: dict[int, bytes] = {}
        self._written: dict[bytes, tuple[int, bytes | None]] = {}

    def sealed(self, client: ClientSession, text: str = TEXT) -> bytes:
        number, before = self._written.get(client.chain, (0, None))
        head = client.key_logs[client.chain].head
        place = MessagePlace(
            self.id, self.epoch.number, self.epoch.hash, client.chain, number + 1, before,
            self._seen, head, _chance.draw(16),
        )  # fmt: skip
        entry = make_message(place, self._secret, write_text(text), client.device, _chance)
        self._written[client.chain] = number + 1, object_hash(entry)
        return entry

    def stand_at(self, n: int, hash: bytes) -> None:
        """Everybody is caught up to here."""
        self.reached = Position(n, hash)
        self.start = n

    def accepted(self, seq: int, entry: bytes) -> None:
        """As a client does: the running hash, as far as every entry is known."""
        if seq > self.reached.n:
            self._hashes[seq] = entry
        while (waiting := self._hashes.pop(self.reached.n + 1, None)) is not None:
            n = self.reached.n + 1
            self.reached = Position(n, next_hash(self.reached.hash, n, object_hash(waiting)))


async def team(founder: ClientSession, people: Sequence[ClientSession]) -> Team:
    own = founder.key_logs[founder.chain]
    logs = [client.key_logs[client.chain] for client in people]
    draft = found("team", logs, own, founder.organisation, founder.now)
    return Team(await founder.post(None, draft), founder, people)
