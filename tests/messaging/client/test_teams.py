"""Three Python clients and a team against the real server: founded, joined later, left, and come back to."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from messaging.client import teams
from messaging.client.api import Rejected
from messaging.client.contents import write_edit, write_react, write_retract, write_text, write_title
from messaging.client.session import ClientSession
from messaging.client.socket import Declined, Socket
from tests.conftest import StartColloque
from tests.messaging.client.test_session import PEOPLE, signed_in


@pytest.fixture(scope="module")
def origin(start_colloque: StartColloque) -> str:
    server = start_colloque()
    server.manage("shell", "-c", PEOPLE)
    return server.origin


@asynccontextmanager
async def live(*clients: ClientSession) -> AsyncIterator[list[Socket]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(Socket(client.api)) for client in clients]


async def caught_up(team: bytes, *clients: ClientSession) -> None:
    await asyncio.gather(*(client.catch_up(team) for client in clients))


def words(client: ClientSession, team: bytes) -> Sequence[str | None]:
    return [text.text for text in client.shown(team).texts.values()]


async def test_l13_l14_a_team_is_founded_joined_left_and_come_back_to(origin: str) -> None:
    ines, gaetan, anne_lise = await asyncio.gather(
        *(signed_in(origin, login) for login in ("ines", "gaetan", "anne-lise"))
    )
    team = await teams.found_team(ines, [gaetan.chain])
    await gaetan.catch_up(team)
    async with live(ines, gaetan, anne_lise) as (ines_live, gaetan_live, anne_lise_live):
        await ines.say(ines_live, team, write_title("Équipe de nuit"))
        await ines.write(ines_live, team, "avant")
        await caught_up(team, ines, gaetan)
        with pytest.raises(Rejected, match="not_allowed"):
            await teams.add(gaetan, team, anne_lise.chain)

        # L13: she sees nothing from before her anchor, and everything after.
        await teams.add(ines, team, anne_lise.chain)
        await ines.write(ines_live, team, "après")
        await anne_lise.catch_up(team)
        assert (words(anne_lise, team), anne_lise.shown(team).title) == (["après"], None)
        assert anne_lise.conversations[team].log.start > 0

        # M11 to M14: among three.
        await caught_up(team, ines, gaetan)
        mention = write_text("@Inès", mentions=[ines.chain])
        await anne_lise.say(anne_lise_live, team, mention)
        await caught_up(team, ines, gaetan, anne_lise)
        [*_, (target, text)] = gaetan.shown(team).texts.items()
        assert (text.chain, text.mentions) == (anne_lise.chain, (ines.chain,))
        await gaetan.say(gaetan_live, team, write_react(target, "thanks"))
        await anne_lise.catch_up(team)
        await anne_lise.say(anne_lise_live, team, write_edit(target, "Inès ?"))
        await caught_up(team, ines, gaetan, anne_lise)
        assert ines.shown(team).texts[target].reactions == {gaetan.chain: "thanks"}
        assert words(ines, team) == ["avant", "après", "Inès ?"]
        await anne_lise.say(anne_lise_live, team, write_retract(target))

        # L11: nothing is delivered to him after his leave, and nothing is said before an epoch without him.
        await caught_up(team, ines, gaetan, anne_lise)
        await teams.leave(gaetan, gaetan_live, team)
        await caught_up(team, ines, gaetan, anne_lise)
        with pytest.raises(Declined, match="epoch_stale"):
            await ines.write(ines_live, team, "sans Gaëtan")
        await ines.renew_epoch(team)
        await ines.write(ines_live, team, "sans Gaëtan")
        left = gaetan.conversations[team].log.position
        await gaetan.catch_up(team)
        assert gaetan.conversations[team].log.position == left

        # L12: what was said meanwhile is hidden from him, and has its place in the hash of the log.
        await caught_up(team, ines)
        await teams.add(ines, team, gaetan.chain)
        await ines.write(ines_live, team, "avec Gaëtan")
        await caught_up(team, ines, gaetan, anne_lise)
        assert words(gaetan, team) == ["avant", "après", None, "avec Gaëtan"]
        positions = {client.conversations[team].log.position for client in (ines, gaetan, anne_lise)}
        assert len(positions) == 1

        # E20, E21: a role is given, and the last coordinator may then go.
        await teams.give_role(ines, team, gaetan.chain, "coordinator")
        await caught_up(team, gaetan, anne_lise)
        late = anne_lise.sealed(team, "trop tard")
        await teams.remove(gaetan, team, anne_lise.chain)
        with pytest.raises(Declined, match="not_a_member"):
            await anne_lise.append(anne_lise_live, team, late)
        await caught_up(team, ines, anne_lise)
        assert anne_lise.conversations[team].log.may_have_stubs
        await teams.leave(ines, ines_live, team)
