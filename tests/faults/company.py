"""Who takes part in every run: five browsers of four people, five pens, and somebody who must see nothing."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from accounts.protocol import octets
from project.bootstrap.client import build_headless
from tests.e2e.building import alone
from tests.e2e.people import Account, invite
from tests.faults.cluster import Cluster
from tests.faults.pen import Pen
from tests.faults.screen import Screen

PENS = 5
Client = Screen | Pen


@dataclass(frozen=True)
class Talk:
    """One conversation of a run and whose clients are in it."""

    id: str
    clients: tuple[Client, ...]


@dataclass
class Company:
    """`screens`: Inès, her second browser, Anne-Lise, Damien, Gaëtan. All of them founded by Inès."""

    screens: list[Screen]
    pens: list[Pen]
    stranger: Pen
    spare: list[Account]  # people who were invited and have not joined
    reserve: list[Pen] = field(default_factory=list)  # of these, who joined later

    @property
    def clients(self) -> list[Client]:
        return [*self.screens, *self.pens]

    def talks(self, title: str) -> list[Talk]:
        """Three fresh teams: everybody, and two that share Inès."""
        ines, ines_2, anne_lise, damien, gaetan = self.screens
        parts: list[tuple[Client, ...]] = [
            tuple(self.clients),
            (ines, ines_2, anne_lise, *self.pens[:3]),
            (ines, ines_2, damien, gaetan, *self.pens[3:]),
        ]
        return [self.talk(f"{title} {number}", clients) for number, clients in enumerate(parts, start=1)]

    def talk(self, title: str, clients: Sequence[Client]) -> Talk:
        """A team that Inès founds with these; the first of them is hers."""
        ines = self.screens[0]
        members = {one.account.email: one.account for one in clients if one.account is not ines.account}
        rows = [{"person": self.person(account), "role": "member"} for account in members.values()]
        return Talk(ines.ask("createTeam", title=title, members=rows), tuple(clients))

    def close(self) -> None:
        with ThreadPoolExecutor() as at_once:
            list(at_once.map(Screen.close, self.screens))
        for pen in (*self.pens, *self.reserve, self.stranger):
            pen.close()

    def reinforced(self, cluster: Cluster, count: int) -> list[Pen]:
        """So many more pens, in no conversation yet."""
        while len(self.reserve) < count:
            pen = Pen(f"reserve-{len(self.reserve)}", self.spare.pop(0), cluster)
            pen.join()
            self.reserve.append(pen)
        return self.reserve[:count]

    def person(self, account: Account) -> str:
        found = self.screens[0].ask("findPeople", query=account.family)
        (person,) = [one["id"] for one in found if one["family"] == account.family]
        return str(person)


def gather(cluster: Cluster, folder: Path, spare: int = 8) -> Company:
    """Everybody invited, joined and signed in."""
    alone(build_headless)
    people = invite(cluster.processes[0], 4 + PENS + 1 + spare)
    ines, anne_lise, damien, gaetan, *others = list(people)
    names = ("ines", "ines-2", "anne-lise", "damien", "gaetan")
    accounts = (ines, ines, anne_lise, damien, gaetan)
    screens = [
        Screen(name, account, cluster.origin, folder) for name, account in zip(names, accounts, strict=True)
    ]
    pens = [Pen(f"pen-{number}", others.pop(0), cluster) for number in range(PENS)]
    stranger = Pen("stranger", others.pop(0), cluster)
    joining: list[Client] = [one for one in screens if one.name != "ines-2"]
    with ThreadPoolExecutor(4) as at_once:
        list(at_once.map(lambda one: one.join(), [*joining, *pens, stranger]))
    screens[1].add()
    return Company(screens, pens, stranger, others)


def followed(talks: Sequence[Talk]) -> None:
    """Every pen has pulled what it is in."""
    for talk in talks:
        for one in talk.clients:
            if isinstance(one, Pen):
                one.scribe.pull(octets(talk.id))
