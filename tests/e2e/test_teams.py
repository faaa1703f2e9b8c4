"""A team in real browsers: who is in, what each sees, and what a step changes for everybody."""

from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import Stage
from tests.e2e.persona import Persona
from tests.e2e.team import Roster, Team, create_team, open_team
from tests.e2e.waiting import until
from tests.e2e.words import say

WIDE: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
TITLE = "Relais du mardi"


def test_e19_e20_l11_l14_four_browsers_of_three_people_agree_after_every_step(stage: Stage) -> None:
    ines, anne_lise, damien = (stage.newcomer(**WIDE) for _ in range(3))
    second = _second_browser(stage, anne_lise)
    coordinator, member = (ines.account.name, "coordinator"), (anne_lise.account.name, "member")
    hers = create_team(ines, TITLE, anne_lise.account)
    theirs, elsewhere = open_team(anne_lise, TITLE), open_team(second, TITLE)
    inside = [hers, theirs, elsewhere]
    _write_and_agree(inside, "Première réunion jeudi", [coordinator, member])

    hers.add(damien.account)
    his = open_team(damien, TITLE)
    newcomer = (damien.account.name, "member")
    _write_and_agree(inside, "Bienvenue Damien", [coordinator, member, newcomer], his)
    assert his.texts() == ["Bienvenue Damien"]

    hers.remove(damien.account)
    _write_and_agree(inside, "Entre nous deux", [coordinator, member])
    his.is_gone()
    assert his.texts() == ["Bienvenue Damien"]

    hers.add(damien.account)
    _write_and_agree(inside, "De nouveau là", [coordinator, member, newcomer], his)
    assert his.texts() == ["Bienvenue Damien", "De nouveau là"]

    his.leave()
    his.is_gone()
    _write_and_agree(inside, "Damien est parti", [coordinator, member])
    assert his.texts() == ["Bienvenue Damien", "De nouveau là"]

    hers.hand_over_and_leave(anne_lise.account)
    hers.is_gone()
    before = hers.texts()
    _write_and_agree([theirs, elsewhere], "Je reste", [(anne_lise.account.name, "coordinator")])
    assert hers.texts() == before
    _reload_changes_nothing([theirs, elsewhere])


def test_m11_m12_an_edit_a_reaction_and_a_taking_back_are_seen_as_such(stage: Stage) -> None:
    ines, anne_lise = stage.pair(**WIDE)
    hers = create_team(ines, TITLE, anne_lise.account)
    theirs = open_team(anne_lise, TITLE)
    hers.send("Passage à 9 h")
    theirs.shows("Passage à 9 h")
    theirs.act_on("Passage à 9 h", "sign.agree")
    label = say("sign.count", sign=say("sign.agree"), names=anne_lise.account.name)
    expect(hers.log.get_by_role("button", name=label)).to_be_visible(timeout=20_000)
    hers.act_on("Passage à 9 h", "message.edit")
    hers.composer.fill("Passage à 10 h")
    hers.composer.press("Enter")
    theirs.shows("Passage à 10 h")
    expect(theirs.log.get_by_text(say("message.edited", time="")).first).to_be_visible()
    hers.act_on("Passage à 10 h", "message.retract")
    dialog = ines.page.get_by_role("dialog", name=say("message.retract_title"))
    dialog.get_by_role("button", name=say("message.retract")).click()
    expect(theirs.log.get_by_text(say("message.retracted", time="")).first).to_be_visible(timeout=20_000)
    assert "Passage à 10 h" not in theirs.texts()


def test_m14_r1_a_mention_rings_a_muted_team_and_its_author_sees_who_has_read(stage: Stage) -> None:
    ines, anne_lise = stage.pair(**WIDE)
    hers = create_team(ines, TITLE, anne_lise.account)
    theirs = open_team(anne_lise, TITLE)
    theirs.card.get_by_role("button", name=say("team.mute")).click()
    expect(theirs.card.get_by_role("button", name=say("team.unmute"))).to_be_visible(timeout=20_000)
    anne_lise.leave_thread()
    hers.send("Sans nommer personne")
    until(lambda: "1" in anne_lise.threads.inner_text(), "one unread message")
    assert "(1)" not in anne_lise.page.title()
    hers.composer.fill("@" + anne_lise.account.given)
    hers.composer.press("End")
    expect(ines.page.get_by_role("listbox", name=say("mention.list"))).to_be_visible()
    hers.composer.press("Enter")
    hers.composer.press_sequentially("peux-tu passer ?")
    hers.composer.press("Enter")
    until(lambda: anne_lise.page.title().startswith("(1)"), "the tab rings for a mention")
    theirs = open_team(anne_lise, TITLE)
    hers.last_reach(say("reach.read_all"))


def _second_browser(stage: Stage, first: Persona) -> Persona:
    second = stage.seat(first.account, **WIDE)
    second.sign_in_by_printed_code()
    return second.recover()


def _write_and_agree(teams: list[Team], text: str, roster: Roster, *newcomers: Team) -> None:
    """One writes; all inside show the same roster, and who was always there the same words in one order."""
    teams[0].send(text)
    for team in (*teams, *newcomers):
        team.shows(text)
        team.until_roster(roster)
    shown = [team.texts() for team in teams]
    assert all(texts == shown[0] for texts in shown), shown


def _reload_changes_nothing(teams: list[Team]) -> None:
    for team in teams:
        before = (team.texts(), team.roster())
        team.who.reload()
        expect(team.region).to_be_visible(timeout=20_000)
        team.to_end()
        assert (team.texts(), team.roster()) == before
