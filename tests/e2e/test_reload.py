"""A8: what a client shows after a start from its store is what it showed live, after any sequence of actions.

The clients are the real one without a screen; server, store and network are real.
"""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from project.bootstrap.client import build_headless
from project.demo.headless import Headless
from tests.conftest import StartColloque
from tests.e2e.building import alone
from tests.e2e.people import Account, invite
from tests.e2e.phone import Phone
from tests.e2e.settings import told
from tests.e2e.waiting import until
from tests.running import Colloque
from tests.scale import Scale

Json = dict[str, Any]
ACTIONS = ("send", "send", "send", "answer", "quote", "read", "draft", "restart", "pause")


class Client:
    """One person's client, which can be stopped and started again on the same store."""

    def __init__(self, server: Colloque, account: Account, folder: Path) -> None:
        self._origin = server.origin
        self._folder = folder
        folder.mkdir(parents=True)
        self._log = (folder / "log").open("w")
        self.account = account
        self.on_screen: str | None = None
        self.start()

    def start(self) -> None:
        self.program = Headless(origin=self._origin, state=self._folder, log=self._log)
        self.program.ask("open")
        self.program.ask("look", conversation=self.on_screen)

    def restart(self) -> None:
        self.program.close()
        self.start()

    def close(self) -> None:
        self.program.close()
        self._log.close()

    def join(self) -> "Client":
        ask = self.program.ask
        ask("acceptInvitation", token=self.account.token, password=self.account.password)
        self.account.phone = Phone(ask("beginTotp")["secret"])
        ask("confirmTotp", code=self.account.code())
        ask("factorDone")
        groups = ask("prepareKeys")
        ask("finishKeys", answers={str(place): group for place, group in enumerate(groups, start=1)})
        return self

    def look(self, conversation: str) -> None:
        """Markers come to who looks."""
        self.on_screen = conversation
        self.program.ask("look", conversation=conversation)

    def messages(self, conversation: str) -> list[Json]:
        page: Json = self.program.ask("page", conversation=conversation, before=None, limit=500)
        return list(page["messages"])

    def view(self, conversation: str) -> Json:
        """All that a screen would show, but for what is only true of this moment."""
        found = [one for one in self.program.ask("open")["conversations"] if one["id"] == conversation]
        shown = {key: value for key, value in found[0].items() if key != "behind"} if found else {}
        return {"conversation": shown, "messages": self.messages(conversation)}


@pytest.fixture(scope="module")
def pair(
    start_colloque: StartColloque, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Client, Client, str]]:
    alone(build_headless)
    server = start_colloque(told={**told(), "COLLOQUE_LIMIT_APPEND_DEVICE": "10000,0.01"})
    people = invite(server, 2)
    folder = tmp_path_factory.mktemp("clients")
    ines, anne_lise = (Client(server, account, folder / account.given).join() for account in people)
    found = ines.program.ask("findPeople", query=anne_lise.account.family)
    conversation = ines.program.ask("openDirect", person=found[0]["id"])
    _when_there(anne_lise, conversation)
    for client in (ines, anne_lise):
        client.look(conversation)
    yield ines, anne_lise, conversation
    for client in (ines, anne_lise):
        client.close()


def test_a8_a_start_from_the_store_shows_what_was_shown_live(
    pair: tuple[Client, Client, str], scale: Scale
) -> None:
    ines, anne_lise, conversation = pair
    for seed in range(scale.count(4, fast=3, long=150)):
        chance = random.Random(seed)
        for number in range(chance.randint(3, 15)):
            _act(chance, ines, anne_lise, conversation, f"{seed}.{number}")
        live = _quiet(ines, anne_lise, conversation)
        ines.restart()
        until(
            lambda live=live: ines.view(conversation) == live,  # type: ignore[misc]
            f"the same view after a start, sequence {seed}:\n{live}",
        )


def _act(chance: random.Random, ines: Client, anne_lise: Client, conversation: str, name: str) -> None:
    match chance.choice(ACTIONS):
        case "send":
            ines.program.ask("send", conversation=conversation, text=f"I {name}", quote=None, mentions=[])
        case "answer":
            anne_lise.program.ask(
                "send", conversation=conversation, text=f"A {name}", quote=None, mentions=[]
            )
        case "quote":
            texts = [one["key"] for one in ines.messages(conversation) if one["body"]["kind"] == "text"]
            quote = chance.choice(texts) if texts else None
            ines.program.ask("send", conversation=conversation, text=f"I {name}", quote=quote, mentions=[])
        case "read":
            numbered = [one["seq"] for one in ines.messages(conversation) if one["seq"] is not None]
            ines.program.ask("markRead", conversation=conversation, seq=chance.choice(numbered))
        case "draft":
            ines.program.ask(
                "saveDraft", conversation=conversation, text=chance.choice(["", f"brouillon {name}"])
            )
        case "restart":
            chance.choice((ines, anne_lise)).restart()
        case "pause":
            _quiet(ines, anne_lise, conversation)


def _when_there(client: Client, conversation: str) -> None:
    def known() -> bool:
        return any(one["id"] == conversation for one in client.program.ask("open")["conversations"])

    until(known, "the conversation on both sides")


def _quiet(ines: Client, anne_lise: Client, conversation: str) -> Json:
    """Waits until both show the same entries and know of each other's arrival; gives what Inès sees then."""

    def settled() -> Json | None:
        hers, theirs = ines.messages(conversation), anne_lise.messages(conversation)
        same = [one["seq"] for one in hers] == [one["seq"] for one in theirs]
        all_sent = all(one["seq"] is not None for one in (*hers, *theirs))
        arrived = all(
            one["state"] in ("arrived", "readable", "read") for one in (*hers, *theirs) if one["state"]
        )
        return ines.view(conversation) if same and all_sent and arrived else None

    try:
        found = until(settled, "both have everything and know it", within=30)
    except AssertionError:
        raise AssertionError(f"{ines.messages(conversation)}\n{anne_lise.messages(conversation)}") from None
    assert found is not None
    return found
