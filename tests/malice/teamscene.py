"""A team before a host that lies: two in real browsers, one whose keys the test knows, one who colludes."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from playwright.sync_api import Locator, expect

from accounts.keylog import KeyLog
from accounts.protocol import b64
from tests.e2e.conftest import Stage
from tests.e2e.persona import Persona
from tests.e2e.team import Team, open_team
from tests.e2e.words import say
from tests.malice.colleague import Colleague
from tests.malice.dump import Dump, Opened
from tests.malice.liar import Liar, Truth

WIDE: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
FIRST = "Bonjour à tous"
SOON = 5  # seconds
_numbers = count(1)


@dataclass
class Readers:
    """`lied_to` hears the host through the liar; `other` hears what is really in its database."""

    stage: Stage
    liar: Liar
    lied_to: Persona
    other: Persona


@dataclass
class TeamScene:
    """Inès coordinates; Malo is a member, and whatever he makes is the host's to use."""

    readers: Readers
    ines: Colleague
    malo: Colleague
    team: bytes
    lied_to: Team
    other: Team
    made: dict[str, bytes] = field(default_factory=dict)  # secrets that Malo made himself

    @property
    def stage(self) -> Stage:
        return self.readers.stage

    @property
    def liar(self) -> Liar:
        return self.readers.liar

    @property
    def reader(self) -> Persona:
        return self.readers.lied_to

    @property
    def id(self) -> str:
        return b64(self.team)

    @property
    def statements(self) -> list[bytes]:
        assert self.ines.keys is not None
        return list(self.ines.keys.statements)

    @property
    def key_log(self) -> KeyLog:
        assert self.ines.keys is not None
        return self.ines.keys.log

    @property
    def members(self) -> list[tuple[str, str]]:
        """The true roster without Malo, as every card shows it."""
        people = [(one.who.account.name, "member") for one in (self.lied_to, self.other)]
        return [(self.ines.account.name, "coordinator"), *people]

    @property
    def with_malo(self) -> list[tuple[str, str]]:
        return [*self.members, (self.malo.account.name, "member")]

    def say(self, text: str) -> None:
        """Inès', on what is there now."""
        self.ines.pull(self.team)
        self.ines.send(self.team, text)

    def dump(self) -> Dump:
        return Dump(self.stage.server, self.team)

    def opened_by_malo(self, after: int) -> list[Opened]:
        return self.dump().opened({**self.malo.secrets(), **self.made}, after=after)

    def alerts(self, team: Team) -> Locator:
        return team.region.get_by_role("alert")


def arrive(stage: Stage, liar: Liar) -> Readers:
    lied_to = stage.seat(stage.account(), origin=liar.origin, **WIDE).join()
    return Readers(stage, liar, lied_to, stage.newcomer(**WIDE))


@contextmanager
def gathered(readers: Readers) -> Iterator[TeamScene]:
    """A team of its own; nothing has been told but the truth."""
    stage, title = readers.stage, f"Relais {next(_numbers):03d}"
    ines, malo = (Colleague(stage.server, stage.account()).join() for _ in range(2))
    people = (malo.account, readers.lied_to.account, readers.other.account)
    team = ines.found_team(title, *people)
    ines.send(team, FIRST)
    malo.pull(team)
    lied_to, other = open_team(readers.lied_to, title), open_team(readers.other, title)
    for one in (lied_to, other):
        one.shows(FIRST)
    yield TeamScene(readers, ines, malo, team, lied_to, other)
    readers.liar.lie = Truth()
    for colleague in (ines, malo):
        colleague.close()


def each_says(scene: TeamScene, alarm: str, cause: str) -> None:
    """On both screens, all within five seconds."""
    began = time.monotonic()
    for team in (scene.lied_to, scene.other):
        says(team, alarm, cause)
    assert time.monotonic() - began <= SOON


def says(team: Team, alarm: str, cause: str | None = None, **filled: object) -> None:
    """The sentence is on this screen within five seconds."""
    team.who.alarm(alarm, **filled)
    expect(team.region.get_by_role("alert")).not_to_contain_text(team.name)  # a team has no telephone
    if cause is not None:
        shown = team.region.get_by_text(say(f"cause.{cause}")).first
        expect(shown).to_be_visible(timeout=SOON * 1000)


Act = Callable[[TeamScene], None]
