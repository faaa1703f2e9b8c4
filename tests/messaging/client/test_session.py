"""Two whole Python clients against the real server: keys, a conversation, live messages, markers."""

import asyncio

import pytest

from accounts.protocol import b64, octets
from messaging.client.api import Rejected
from messaging.client.session import ClientSession
from messaging.client.socket import Declined, Socket
from messaging.marking import read_marker
from tests.cast import PASSWORD, SEED
from tests.conftest import StartColloque

PEOPLE = "from tests.cast import make_cast; make_cast()"


async def signed_in(origin: str, login: str) -> ClientSession:
    client = ClientSession(origin)
    await client.sign_in(f"{login}@tilleuls.example", PASSWORD, SEED)
    await client.start_keys()
    return client


@pytest.fixture(scope="module")
def origin(start_colloque: StartColloque) -> str:
    server = start_colloque()
    server.manage("shell", "-c", PEOPLE)
    return server.origin


async def test_h10_m8_two_clients_talk_through_the_real_server(origin: str) -> None:
    ines, gaetan = await asyncio.gather(signed_in(origin, "ines"), signed_in(origin, "gaetan"))
    conversation = await ines.start_direct(gaetan.chain)
    await gaetan.catch_up(conversation)
    async with (
        Socket(ines.api, {conversation: 1}) as ines_live,
        Socket(gaetan.api, {conversation: 1}) as gaetan_live,
    ):
        sealed = ines.sealed(conversation, "Bonjour Gaëtan")
        first = await ines_live.append(conversation, sealed)
        assert first["seq"] == 2
        # F2: the same bytes again get the same answer, and take no place.
        assert (await ines_live.append(conversation, sealed))["seq"] == 2
        heard = await asyncio.wait_for(gaetan_live.heard.get(), 10)
        assert heard["type"] == "entry"
        await gaetan.take(heard)
        await gaetan_live.applied(conversation, 2)
        assert await gaetan.write(gaetan_live, conversation, "Bonjour Inès") == 3
        await ines.catch_up(conversation)
        texts = [(chain, text.text) for chain, text in ines.texts(conversation)]
        assert texts == [(ines.chain, "Bonjour Gaëtan"), (gaetan.chain, "Bonjour Inès")]

        # R: her marker reaches him, signed by her device, at the place she read.
        place = await ines.mark(ines_live, conversation, 1)
        answer = await gaetan.api.get("/api/markers", conversation=b64(conversation))
        marker = read_marker(octets(answer["markers"][0]))
        assert (marker.chain, marker.read) == (ines.chain, place)

        # E: a new secret, and the epoch before takes nothing more.
        stale = ines.sealed(conversation, "à temps", b"\x07" * 16)
        await gaetan.catch_up(conversation)
        await gaetan.renew_epoch(conversation)
        with pytest.raises(Declined, match="past_epoch"):
            await ines_live.append(conversation, stale)
        await ines.catch_up(conversation)
        # M8: sealed again under the same client id.
        assert await ines.write(ines_live, conversation, "à temps", b"\x07" * 16) == 5
        with pytest.raises(Declined, match="duplicate"):
            await ines.write(ines_live, conversation, "à temps", b"\x07" * 16)
        await gaetan.catch_up(conversation)
        assert [text.text for _, text in gaetan.texts(conversation)][-1] == "à temps"

    # H10: one direct conversation a pair.
    with pytest.raises(Rejected, match="exists") as there:
        await gaetan.start_direct(ines.chain)
    assert octets(there.value.answer["conversation"]) == conversation
