"""T1 to T10 with real processes: two clients in TypeScript, one in Python, a backup, a removal after it, and
a server that is killed and restored. Nothing that was said is lost, and everybody is told."""

import asyncio
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from accounts.protocol import octets
from messaging.client.restoring import RolledBack
from messaging.client.session import ClientSession
from messaging.client.socket import Socket
from project.bootstrap.client import build_headless
from project.demo.headless import Headless
from tests.backup.restored import SOON, back_up, put_back_in_silence, restore
from tests.conftest import StartColloque
from tests.e2e.building import alone
from tests.e2e.people import Account, invite
from tests.e2e.phone import Phone
from tests.e2e.settings import told
from tests.e2e.waiting import until
from tests.load.devices import join, sign_in
from tests.running import Colloque

Json = dict[str, Any]
WORDS = ["un", "deux", "trois", "quatre", "cinq"]


class Browser:
    """One person's client in TypeScript, and what it has told."""

    def __init__(self, server: Colloque, account: Account, folder: Path) -> None:
        self.account = account
        self.restored: list[int] = []
        self.alarms: set[str] = set()
        self._log = (folder / f"{account.given}.log").open("w")
        self.program = Headless(
            origin=server.origin, state=folder / account.given, log=self._log, heard=self._hear
        )
        join(self.program, account)

    def say(self, team: str, text: str) -> None:
        self.program.ask("send", conversation=team, text=text, quote=None, mentions=[])

    def view(self, team: str) -> Json:
        (found,) = [one for one in self.program.ask("open")["conversations"] if one["id"] == team]
        return dict(found)

    def is_at(self, stage: str) -> bool:
        return bool(self.program.ask("open")["session"]["stage"] == stage)

    def is_alarmed(self, team: str) -> bool:
        return self.view(team)["alarm"] is not None

    def texts(self, team: str) -> list[str]:
        page = self.program.ask("page", conversation=team, before=None, limit=100)
        return [str(one["body"]["text"]) for one in page["messages"] if one["body"]["kind"] == "text"]

    def person(self, family: str) -> str:
        return next(str(one["id"]) for one in self.program.ask("findPeople", query=family))

    def close(self) -> None:
        self.program.close()
        self._log.close()

    def _hear(self, event: Json) -> None:
        if event["type"] == "connection" and event["connection"]["restored"] is not None:
            self.restored.append(event["connection"]["restored"])
        if event["type"] == "conversations":
            self.alarms |= {one["alarm"]["kind"] for one in event["conversations"] if one["alarm"]}


class Company:
    """Inès founds a team with Anne-Lise in a browser and Damien, who writes by the Python client."""

    def __init__(self, server: Colloque, folder: Path) -> None:
        ines, anne_lise, damien, gone = invite(server, 4)
        self.server = server
        self.ines, self.anne_lise = (Browser(server, one, folder) for one in (ines, anne_lise))
        self.gone = Browser(server, gone, folder)
        self.damien = ClientSession(server.origin)
        self._account = damien
        asyncio.run(self._join_damien())
        members = [
            {"person": self.ines.person(one.family), "role": "member"} for one in (anne_lise, damien, gone)
        ]
        self.team: str = self.ines.program.ask("createTeam", title="Tournée", members=members)

    async def _join_damien(self) -> None:
        account, api = self._account, self.damien.api
        await api.post("/api/invitation/accept", token=account.token, password=account.password)
        account.phone = Phone((await api.post("/api/factor/totp/begin"))["secret"])
        await api.post("/api/factor/totp/confirm", code=account.code())
        await self.damien.look_around()
        await self.damien.start_keys()

    async def damien_signs_in(self) -> None:
        account, api = self._account, self.damien.api
        await api.post("/api/sign-in", email=account.email, password=account.password, shared=False)
        await api.post("/api/sign-in/code", code=account.code())
        await self.damien.bind()

    async def damien_says(self, text: str) -> None:
        team = octets(self.team)
        await self.damien.catch_up(team)
        async with Socket(self.damien.api, {team: self.damien.conversations[team].log.head}) as socket:
            await self.damien.hear(socket)
            await self.damien.write(socket, team, text)
        await self.damien.catch_up(team)

    def damien_has(self) -> list[str]:
        shown = self.damien.shown(octets(self.team))
        return [str(one.text) for one in shown.texts.values()]

    def remove_gone(self) -> None:
        person = self.ines.person(self.gone.account.family)
        self.ines.program.ask(
            "changeTeam", conversation=self.team, add=[], remove=[person], roles=[], resume=[]
        )

    def close(self) -> None:
        for browser in (self.ines, self.anne_lise, self.gone):
            browser.close()


@pytest.fixture(params=[pytest.param("postgres", marks=pytest.mark.postgres), "sqlite"])
def company(
    request: pytest.FixtureRequest, start_colloque: StartColloque, tmp_path: Path
) -> Iterator[Company]:
    alone(build_headless)
    server = start_colloque(backend=request.param, told={**told(), **SOON})
    company = Company(server, tmp_path)
    yield company
    company.close()
    server.stop()


def test_t1_t5_t6_t7_t10_nothing_that_was_said_is_lost_with_a_server_that_is_restored(
    company: Company, tmp_path: Path
) -> None:
    team, ines, anne_lise = company.team, company.ines, company.anne_lise
    ines.say(team, "un")
    until(lambda: anne_lise.texts(team) == ["un"], "the first message")
    asyncio.run(company.damien_says("deux"))
    back_up(company.server, tmp_path / "backup")
    anne_lise.say(team, "trois")
    until(lambda: "trois" in ines.texts(team), "the third message")
    company.remove_gone()
    asyncio.run(company.damien_says("quatre"))
    until(lambda: ines.texts(team) == anne_lise.texts(team) == WORDS[:4], "all of it, everywhere")
    assert restore(company.server, tmp_path / "backup").startswith("Whole: ")
    for browser in (ines, anne_lise):
        until(partial(browser.is_at, "signed_out"), "sessions end")
        sign_in(browser.program, browser.account)
    until(lambda: not (ines.view(team)["alarm"] or anne_lise.view(team)["alarm"]), "healed")
    asyncio.run(company.damien_signs_in())
    asyncio.run(_later(company.damien_says("cinq")))
    until(lambda: ines.texts(team) == anne_lise.texts(team) == WORDS, "talk goes on")
    assert company.damien_has() == WORDS
    assert ines.restored
    assert anne_lise.restored
    assert (ines.alarms | anne_lise.alarms) <= {"restored"}
    assert company.gone.account.family not in str(ines.view(team)["members"])


@pytest.mark.parametrize("company", ["sqlite"], indirect=True)
def test_l7_an_older_database_under_the_same_history_stays_blocked(company: Company, tmp_path: Path) -> None:
    """The control: nobody is told that anything was restored, so it is a host that lies."""
    team, ines, anne_lise = company.team, company.ines, company.anne_lise
    asyncio.run(company.damien_says("un"))
    until(lambda: anne_lise.texts(team) == ["un"], "the first message")
    back_up(company.server, tmp_path / "backup")
    ines.say(team, "deux")
    until(lambda: anne_lise.texts(team) == ["un", "deux"], "the second message")
    asyncio.run(company.damien.catch_up(octets(team)))
    put_back_in_silence(company.server, tmp_path / "backup")
    for browser in (ines, anne_lise):
        until(partial(browser.is_alarmed, team), "the alarm", within=60)
        assert browser.view(team)["alarm"]["kind"] == "log_rolled_back"
        browser.say(team, "retenu")
        assert not browser.restored
    with pytest.raises(RolledBack):
        asyncio.run(company.damien.catch_up(octets(team)))
    assert {one.view(team)["queued"] for one in (ines, anne_lise)} == {1}


async def _later(said: Any) -> None:
    """After the grace: until then nobody writes."""
    await asyncio.sleep(5)
    await said
