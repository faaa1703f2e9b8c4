"""E15, A7: ten clients make the next epoch of one team at the same moment, again and again. One is taken
each time; there is one chain of epochs, nobody is locked out, nobody extra is in, no message is lost."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import pytest

from messaging.client import teams
from messaging.client.api import Rejected
from messaging.client.drafting import Deed, added, next_draft, removed
from messaging.client.session import ClientSession
from messaging.client.socket import Declined, Socket
from messaging.epochs import Epoch
from tests.conftest import StartColloque
from tests.messaging.client.test_session import signed_in
from tests.scale import Scale

CLIENTS = 10
_PEOPLE = f"""
from tests.cast import make_cast, make_person
cast = make_cast()
for n in range({CLIENTS + 1}):
    make_person(cast.tilleuls, f"c{{n}}", "Camille", f"CONCURRENT-{{n}}", "60")
"""
_ROOMY = {"COLLOQUE_LIMIT_APPEND_DEVICE": "10000,0.01", "COLLOQUE_LIMIT_EPOCH_DEVICE": "10000,0.01"}
_PATIENCE = 90.0  # whoever is locked out tries for ever
# Somebody else was faster: catch up and try again.
_BEATEN = {"past_epoch", "epoch_stale", "head_stale"}


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("sqlite"),
        pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.redis]),
    ],
)
def origin(request: pytest.FixtureRequest, start_colloque: StartColloque) -> str:
    server = start_colloque(backend=request.param, told=_ROOMY)
    server.manage("shell", "-c", _PEOPLE)
    return server.origin


@dataclass
class Contest:
    """`clients[0]` and `clients[1]` coordinate, and both want the guest in or out, in turn."""

    team: bytes
    clients: Sequence[ClientSession]
    sockets: Sequence[Socket]
    guest: ClientSession

    async def round(self, number: int) -> int:
        """How many of the epochs made at the same moment were taken."""
        await self.all_catch_up()
        taken = await asyncio.gather(*(self._try(one, number) for one in self.clients))
        wanted = asyncio.gather(*(self._insist(one, number) for one in self.clients[:2]))
        said = asyncio.gather(*(self._say(at, number) for at in range(2, CLIENTS)))
        await wanted
        await asyncio.gather(*(self._say(at, number) for at in range(2)))
        await said
        return sum(taken)

    async def all_catch_up(self) -> None:
        await asyncio.gather(*(client.catch_up(self.team) for client in self.clients))

    async def _try(self, client: ClientSession, number: int) -> bool:
        """Nobody's keys move here: what is known of them is the newest."""
        draft = next_draft(client.conversations[self.team].log, client.now)
        if client in self.clients[:2]:
            draft = self._deed(client, number)(draft)
        try:
            await client.post(self.team, draft)
        except Rejected as refused:
            if refused.code not in _BEATEN:
                raise
            return False
        return True

    def _deed(self, client: ClientSession, number: int) -> Deed:
        if number % 2 == 0:
            return added(client.key_logs[self.guest.chain], client.chain)
        return removed(self.guest.chain)

    async def _insist(self, client: ClientSession, number: int) -> None:
        """Only as long as it is still needed."""
        await client.catch_up(self.team)
        while self._has_guest(client) != (number % 2 == 0):
            await self._try(client, number)
            await client.catch_up(self.team)

    def _has_guest(self, client: ClientSession) -> bool:
        last = client.conversations[self.team].log.last
        return last is not None and last.epoch.row_of(self.guest.chain) is not None

    async def _say(self, at: int, number: int) -> None:
        client, client_id = self.clients[at], secrets.token_bytes(16)
        while True:
            await client.catch_up(self.team)
            try:
                await client.write(self.sockets[at], self.team, f"{number}.{at}", client_id)
                return
            except Declined as refused:
                if refused.code not in _BEATEN:
                    raise


@asynccontextmanager
async def contest(origin: str) -> AsyncIterator[Contest]:
    *clients, guest = await asyncio.gather(*(signed_in(origin, f"c{n}") for n in range(CLIENTS + 1)))
    team = await teams.found_team(clients[0], [client.chain for client in clients[1:]])
    await teams.give_role(clients[0], team, clients[1].chain, "coordinator")
    for client in clients[:2]:
        await client.catch_up(team)
        await client.learn(guest.chain)
        for other in clients:
            await client.learn(other.chain)
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(Socket(client.api)) for client in clients]
        yield Contest(team, clients, sockets, guest)


async def test_e15_of_ten_epochs_at_the_same_moment_one_is_taken_every_time(
    origin: str, scale: Scale
) -> None:
    rounds = scale.count(10, long=50)
    async with contest(origin) as ground:
        taken = []
        for number in range(rounds):
            async with asyncio.timeout(_PATIENCE):
                taken.append(await ground.round(number))
        await ground.all_catch_up()
    assert taken == [1] * rounds
    logs = [client.conversations[ground.team].log for client in ground.clients]
    assert len({log.position for log in logs}) == 1
    assert {verdict.outcome for log in logs for verdict in log.verdicts} == {"accepted"}
    epochs = [one.entry for one in logs[0].verdicts if isinstance(one.entry, Epoch)]
    assert [epoch.number for epoch in epochs] == list(range(len(epochs)))
    assert len(epochs) >= rounds + 2
    guest = [ground.guest.chain] if rounds % 2 else []
    expected = sorted([*(client.chain for client in ground.clients), *guest])
    assert [row.chain for row in epochs[-1].roster] == expected
    words = sorted(f"{number}.{at}" for number in range(rounds) for at in range(CLIENTS))
    for client in ground.clients:
        assert sorted(text.text for _, text in client.texts(ground.team)) == words
