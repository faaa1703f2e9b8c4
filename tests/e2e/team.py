"""One open team on one screen: its roster as the card shows it, and what members do to it."""

import re

from playwright.sync_api import Locator, expect

from tests.e2e.people import Account
from tests.e2e.persona import Persona
from tests.e2e.thread import Thread
from tests.e2e.waiting import until
from tests.e2e.words import say

Roster = list[tuple[str, str]]  # name and role, in alphabetical order

_ROSTER = """(card) => [...card.querySelectorAll("section li")].map((row) => [
  row.querySelector("strong").textContent.trim(),
  row.querySelector(".facts").textContent.trim(),
])"""


class Team(Thread):
    def __init__(self, who: Persona, title: str) -> None:
        super().__init__(who.page, title)
        self.who = who
        self.composer = self.page.get_by_role("textbox", name=say("composer.label_team", name=title))
        self.start = self.log.get_by_text(say("thread.start_team", name=title))

    @property
    def card(self) -> Locator:
        return self.page.get_by_role("complementary", name=say("team.card"))

    def roster(self) -> Roster:
        rows = self.card.evaluate(_ROSTER)
        return sorted((name, self._role(facts)) for name, facts in rows)

    def until_roster(self, expected: Roster) -> None:
        until(lambda: self.roster() == sorted(expected), f"the roster of {self.who.account.name}", within=30)

    def add(self, *people: Account) -> None:
        self.card.get_by_role("button", name=say("team.add"), exact=True).click()
        dialog = self.page.get_by_role("dialog", name=say("team.add_title", name=self.name))
        _choose(dialog, people)
        button = say("team.add_one", name=people[0].name)
        if len(people) > 1:
            button = say("team.add_many", n=len(people))
        dialog.get_by_role("button", name=button, exact=True).click()
        expect(dialog).to_have_count(0, timeout=30_000)

    def do(self, act: str, other: Account) -> None:
        self.card.get_by_role("button", name=say("team.actions_for", name=other.name)).click()
        self.page.get_by_role("button", name=say(f"team.{act}"), exact=True).click()

    def remove(self, other: Account) -> None:
        self.do("remove", other)
        dialog = self.page.get_by_role("dialog", name=say("team.remove_title", name=other.name))
        dialog.get_by_role("button", name=say("team.remove_do", name=other.name)).click()
        expect(dialog).to_have_count(0, timeout=30_000)

    def leave(self) -> None:
        self.card.get_by_role("button", name=say("team.leave")).click()
        dialog = self.page.get_by_role("dialog", name=say("team.leave_title", name=self.name))
        dialog.get_by_role("button", name=say("team.leave_do"), exact=True).click()
        expect(dialog).to_have_count(0, timeout=30_000)

    def hand_over_and_leave(self, heir: Account) -> None:
        self.card.get_by_role("button", name=say("team.leave")).click()
        dialog = self.page.get_by_role("dialog", name=say("team.leave_title", name=self.name))
        dialog.get_by_role("radio", name=re.compile(re.escape(heir.name))).check()
        dialog.get_by_role("button", name=say("team.leave_hand")).click()
        expect(dialog).to_have_count(0, timeout=30_000)

    def is_gone(self) -> None:
        expect(self.region.get_by_text(say("team.gone"))).to_be_visible(timeout=20_000)

    def act_on(self, text: str, key: str) -> None:
        """What the menu of a message offers."""
        message = self.message(text)
        message.hover()
        message.get_by_role("button", name=say("message.menu")).click()
        menu = self.page.get_by_role("dialog", name=say("message.menu"))
        menu.get_by_role("button", name=say(key), exact=True).click()

    @staticmethod
    def _role(facts: str) -> str:
        return "coordinator" if say("team.coordinator") in facts else "member"


def create_team(who: Persona, title: str, *people: Account) -> Team:
    who.begin("list.new_team")
    dialog = who.page.get_by_role("dialog", name=say("team.new"))
    dialog.get_by_label(say("team.title"), exact=True).fill(title)
    _choose(dialog, people)
    dialog.get_by_role("button", name=re.compile("^" + re.escape(say("team.create")))).click()
    expect(dialog).to_have_count(0, timeout=30_000)
    return _shown(Team(who, title))


def open_team(who: Persona, title: str) -> Team:
    link = who.threads.get_by_role("link", name=re.compile(re.escape(title)))
    expect(link).to_be_visible(timeout=20_000)
    link.click()
    return _shown(Team(who, title))


def _shown(team: Team) -> Team:
    expect(team.region).to_be_visible(timeout=20_000)
    return team


def _choose(dialog: Locator, people: tuple[Account, ...]) -> None:
    for one in people:
        dialog.get_by_role("textbox", name=say("people.search")).fill(one.family)
        dialog.locator("button[aria-pressed]", has_text=one.name).click()
