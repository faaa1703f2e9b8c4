"""A colleague whose keys the test knows, somebody in a real browser, and a liar between them."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from accounts.keylog import KeyLog
from accounts.protocol import b64
from tests.e2e.conftest import Stage, StartStage, built_client, start_stage
from tests.e2e.persona import Persona
from tests.e2e.scribe import Scribe
from tests.e2e.thread import Thread
from tests.malice.liar import Liar

__all__ = ["built_client", "start_stage"]
FIRST, SECOND = "Bonjour, j'ai une question.", "C'est pour demain."


@dataclass
class Scene:
    """Inès writes by the Python client; who reads her does so in a browser, through the liar."""

    stage: Stage
    liar: Liar
    ines: Scribe
    reader: Persona
    conversation: bytes
    thread: Thread

    @property
    def id(self) -> str:
        return b64(self.conversation)

    @property
    def statements(self) -> list[bytes]:
        assert self.ines.keys is not None
        return list(self.ines.keys.statements)

    @property
    def key_log(self) -> KeyLog:
        assert self.ines.keys is not None
        return self.ines.keys.log

    def say(self, text: str) -> bytes:
        return self.ines.send(self.conversation, text)

    def still_reads(self, *texts: str) -> None:
        """What was readable stays so, whatever the host did afterwards."""
        assert self.thread.texts()[: len(texts)] == list(texts)


@pytest.fixture(scope="session")
def malice_stage(start_stage: StartStage) -> Stage:
    return start_stage()


@pytest.fixture(scope="session")
def team_stage(start_stage: StartStage) -> Stage:
    return start_stage()


@pytest.fixture
def liar(malice_stage: Stage) -> Iterator[Liar]:
    liar = Liar(malice_stage.server).start()
    yield liar
    liar.stop()


@pytest.fixture
def scene(malice_stage: Stage, liar: Liar) -> Iterator[Scene]:
    yield from before(liar, malice_stage)


def before(liar: Liar, malice_stage: Stage) -> Iterator[Scene]:
    """Both have joined and talked; nothing has been told but the truth."""
    reader = malice_stage.seat(malice_stage.account(), origin=liar.origin).join()
    ines = Scribe(malice_stage.server, malice_stage.account()).join()
    conversation = ines.start_direct(reader.account.family)
    for text in (FIRST, SECOND):
        ines.send(conversation, text)
    thread = reader.open_direct(ines.account)
    thread.shows(SECOND)
    yield Scene(malice_stage, liar, ines, reader, conversation, thread)
    ines.close()
    malice_stage.clear()
