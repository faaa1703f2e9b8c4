"""Live revocation (F11, F12): eight kinds, each with a socket open on a busy conversation of a real server of
one process, and of two whose Redis is stopped. Upper bounds of behaviour, not measurements."""

import asyncio
import re
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle

import pytest
from websockets.exceptions import ConnectionClosed

from accounts.protocol import b64, octets
from messaging.client import teams
from messaging.client.api import Api
from messaging.client.chance import SystemChance
from messaging.client.device import paper_device
from messaging.client.onetime import STEP
from messaging.client.person import new_key, open_seed
from messaging.client.session import ClientSession
from messaging.client.socket import Declined, Frame, Socket
from messaging.protocol import CLOSE
from project.demo.mails import read_mails
from tests import services
from tests.accounts.authenticator import Authenticator
from tests.cast import PASSWORD, SEED
from tests.conftest import StartColloque
from tests.running import Colloque
from tests.services import Postgres, Redis

_PEOPLE = """
from tests.cast import make_cast, make_person
cast = make_cast()
for n in range(8):
    make_person(cast.tilleuls, f"v{n}", "Vic", f"TIME-{n}", "60")
"""
_SUSPEND = """
from accounts.models import Person
from accounts.services.people import suspend
suspend(Person.objects.get(email="{email}"))
"""
_ROOMY = {"COLLOQUE_LIMIT_APPEND_DEVICE": "10000,0.01", "COLLOQUE_LIMIT_EPOCH_DEVICE": "10000,0.01"}
_RESET = re.compile(r"#/reinitialiser/([A-Za-z0-9_-]+)")
_GOODBYE = 1000  # closed by this client
_PACE = 0.05  # twenty messages a second


@dataclass(frozen=True)
class Ground:
    """Revoked at `near`; the socket is open at `far`, which may be another process."""

    near: Colloque
    far: Colloque
    writer: ClientSession  # coordinator of every team here
    content_within: float
    closed_within: float


@pytest.fixture(scope="module", params=["together", "apart"])
def ground(request: pytest.FixtureRequest, start_colloque: StartColloque) -> Iterator[Ground]:
    if request.param == "together":
        yield _together(start_colloque)
    else:
        with services.redis() as redis:
            yield _apart(start_colloque, request.getfixturevalue("postgres_server"), redis)


def _together(start_colloque: StartColloque) -> Ground:
    server = start_colloque(told=_ROOMY)
    server.manage("shell", "-c", _PEOPLE)
    return Ground(server, server, asyncio.run(_joined(server, "ines")), content_within=1, closed_within=5)


def _apart(start_colloque: StartColloque, postgres: Postgres, redis: Redis) -> Ground:
    url = postgres.create(f"revocations_{secrets.token_hex(4)}")
    told = {**_ROOMY, "DATABASE_URL": url, "REDIS_URL": redis.url}
    near, far = start_colloque(told=told), start_colloque(told=told)
    near.manage("shell", "-c", _PEOPLE)
    writer = asyncio.run(_joined(near, "ines"))
    redis.stop()
    return Ground(near, far, writer, content_within=6, closed_within=10)


@dataclass
class Case:
    ground: Ground
    email: str
    victim: ClientSession  # whose socket it is
    code: bytes  # on the victim's paper
    elsewhere: ClientSession  # another browser of the same person, no device yet
    team: bytes
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)  # the writer reads one page after another

    @property
    def writer(self) -> ClientSession:
        return self.ground.writer

    @property
    def near(self) -> Api:
        """The other browser's session."""
        return self.elsewhere.api


Revoke = Callable[[Case], Awaitable[object]]


async def signed_out(case: Case) -> None:
    await case.victim.api.post("/api/sign-out")


async def ended_elsewhere(case: Case) -> None:
    sessions = (await case.near.get("/api/sessions"))["sessions"]
    [lost] = [session for session in sessions if not session["here"]]
    await case.near.post("/api/sessions/end", id=lost["id"])


async def all_others_ended(case: Case) -> None:
    await case.near.post("/api/sessions/end-others")


async def password_changed(case: Case) -> None:
    """By the link in the mail."""
    stranger = Api(case.ground.near.origin)
    await stranger.post("/api/password/forgot", email=case.email)
    token = await _mailed(case)
    await stranger.post("/api/password/reset", token=token, password="Une-autre.Phrase43")


async def person_suspended(case: Case) -> None:
    """By a process of its own, which has no exchange to tell."""
    await asyncio.to_thread(case.ground.near.manage, "shell", "-c", _SUSPEND.format(email=case.email))


async def factor_removed(case: Case) -> None:
    """The generator of codes, by which the lost browser signed in, once there is a passkey."""
    offer = await case.near.post("/api/factor/passkey/begin")
    made = Authenticator(origin=case.ground.near.origin).make(offer)
    await case.near.post("/api/factor/passkey/confirm", **made)
    await case.near.post("/api/factor/remove", factor="totp")


async def device_revoked(case: Case) -> None:
    """By the paper, as after a theft."""
    log, paper = case.victim.key_logs[case.victim.chain], paper_device(case.code)
    [kept] = (await case.near.get("/api/keys/mine"))["seeds"]
    seed = open_seed(log, paper, octets(kept["sealed"]))
    made = new_key(log, paper, seed, int(time.time()), SystemChance(), revoked=case.victim.device.id).step
    seeds = [
        {"device": b64(id), "generation": made.log.generation, "sealed": b64(sealed)}
        for id, sealed in made.seeds.items()
    ]
    await case.near.post("/api/keys/append", statements=[b64(made.statement)], seeds=seeds, consent=None)


async def member_removed(case: Case) -> None:
    async with case.turn:
        await teams.remove(case.writer, case.team, case.victim.chain)


# With the first seven the session is over and the socket closes. Whoever is out of one conversation keeps the
# others: the socket says so, and nothing of that one follows (F12).
KINDS: Sequence[Revoke] = (
    signed_out,
    ended_elsewhere,
    all_others_ended,
    password_changed,
    person_suspended,
    factor_removed,
    device_revoked,
    member_removed,
)


@dataclass
class Heard:
    """What a socket heard of one conversation, and when."""

    content: list[float] = field(default_factory=list)
    over: float | None = None


@pytest.mark.parametrize("revoke", KINDS, ids=[kind.__name__ for kind in KINDS])
async def test_f11_nothing_comes_after_a_revocation_and_the_socket_is_over(
    revoke: Revoke, ground: Ground
) -> None:
    case = await _case(ground, KINDS.index(revoke))
    async with _socket(case) as (socket, heard), _busy(case) as written:
        await _until(lambda: len(heard.content) >= 5, 10)
        await revoke(case)
        answered, before = time.monotonic(), len(written)
        await _until(lambda: heard.over is not None, ground.closed_within + 2)
        await _until(lambda: len(written) >= before + 10, 10)  # the conversation is as busy as before
    assert heard.over is not None
    assert heard.over - answered <= ground.closed_within
    assert max(heard.content) - answered <= ground.content_within
    assert max(heard.content) <= heard.over
    assert socket.close_code == (_GOODBYE if revoke is member_removed else CLOSE["signed_out"])


async def _joined(server: Colloque, login: str) -> ClientSession:
    client = ClientSession(server.origin)
    await client.sign_in(f"{login}@tilleuls.example", PASSWORD, SEED)
    await client.start_keys()
    return client


async def _case(ground: Ground, number: int) -> Case:
    email, origin = f"v{number}@tilleuls.example", ground.near.origin
    victim = ClientSession(origin)
    await victim.sign_in(email, PASSWORD, SEED)
    code = await victim.start_keys()
    elsewhere = ClientSession(origin, clock=lambda: time.time() + STEP)  # a code that is still unused
    await elsewhere.sign_in(email, PASSWORD, SEED)
    team = await teams.found_team(ground.writer, [victim.chain])
    return Case(ground, email, victim, code, elsewhere, team)


@asynccontextmanager
async def _socket(case: Case) -> AsyncIterator[tuple[Socket, Heard]]:
    heard = Heard()
    async with Socket(case.victim.api.at(case.ground.far.origin), {case.team: 1}) as socket:
        watching = asyncio.create_task(_watch(socket, case.team, heard))
        yield socket, heard
        watching.cancel()


async def _watch(socket: Socket, team: bytes, heard: Heard) -> None:
    while True:
        frame = await _next(socket)
        if frame is None or (frame["type"], frame.get("conversation")) == ("gone", b64(team)):
            heard.over = heard.over or time.monotonic()
        elif frame["type"] in ("entry", "behind") and frame["conversation"] == b64(team):
            heard.content.append(time.monotonic())
            with suppress(ConnectionClosed):
                await socket.applied(team, frame.get("seq") or frame["head"])
        if frame is None:
            return


async def _next(socket: Socket) -> Frame | None:
    """None once the socket is closed and all of it is heard."""
    getting, closing = asyncio.create_task(socket.heard.get()), asyncio.create_task(socket.closed.wait())
    await asyncio.wait([getting, closing], return_when=asyncio.FIRST_COMPLETED)
    closing.cancel()
    if getting.done():
        return getting.result()
    getting.cancel()
    return None


@asynccontextmanager
async def _busy(case: Case) -> AsyncIterator[list[int]]:
    """The writer writes at either process in turn, twenty times a second, and renews the epoch when asked."""
    written: list[int] = []
    async with AsyncExitStack() as stack:
        origins = {case.ground.near.origin, case.ground.far.origin}
        sockets = [await stack.enter_async_context(Socket(case.writer.api.at(one))) for one in origins]
        writing = asyncio.create_task(_write(case, sockets, written))
        yield written
        writing.cancel()


async def _write(case: Case, sockets: Sequence[Socket], written: list[int]) -> None:
    for socket in cycle(sockets):
        try:
            written.append(await case.writer.write(socket, case.team, "occupé"))
        except Declined as declined:
            async with case.turn:
                await case.writer.catch_up(case.team)
                if declined.code == "epoch_stale":
                    await case.writer.renew_epoch(case.team)
        await asyncio.sleep(_PACE)


async def _until(holds: Callable[[], bool], within: float) -> None:
    until = time.monotonic() + within
    while not holds():
        assert time.monotonic() < until, "not in time"
        await asyncio.sleep(0.01)


async def _mailed(case: Case) -> str:
    def found() -> list[str]:
        mails = [mail.text for mail in read_mails(case.ground.near.mail) if mail.to == case.email]
        return [link.group(1) for text in mails if (link := _RESET.search(text))]

    await _until(lambda: bool(found()), 10)
    return found()[0]
