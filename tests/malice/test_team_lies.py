"""Each lie about a team, told to real browsers: refused by each, said in plain French within 5 s, and nothing
that is sealed afterwards opens for whoever helped."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from messaging.envelopes import Message, read_entry
from tests.e2e.conftest import Stage
from tests.e2e.looks import accessible
from tests.e2e.team import Team
from tests.e2e.waiting import until
from tests.e2e.words import say
from tests.malice import team_acts as acts
from tests.malice.liar import Liar
from tests.malice.team_acts import AFTER
from tests.malice.teamscene import FIRST, Readers, TeamScene, arrive, each_says, gathered, says

BACK = "Entre nous"


@pytest.fixture(scope="module")
def readers(team_stage: Stage) -> Iterator[Readers]:
    liar = Liar(team_stage.server).start()
    yield arrive(team_stage, liar)
    team_stage.clear()
    liar.stop()


@pytest.fixture
def scene(readers: Readers) -> Iterator[TeamScene]:
    with gathered(readers) as scene:
        yield scene


def _goes_on(scene: TeamScene, team: Team, text: str = BACK) -> None:
    """What is written now is for the true members, and for nobody who helped the host."""
    place = scene.dump().head
    team.send(text)
    team.acknowledged()
    assert scene.ines.pull(scene.team).texts[-1] == text
    assert scene.opened_by_malo(place) == []


def _holds_back(scene: TeamScene, team: Team) -> None:
    """Nothing can be written in this browser, and it makes nothing by itself."""
    expect(team.region.get_by_text(say("composer.blocked"))).to_be_visible()
    expect(team.composer).to_have_count(0)
    scene.say("Pendant ce temps")
    assert scene.dump().sent_by(scene.ines.chain_of(team.who.account)) == []


def _hears_no_alarm(scene: TeamScene, team: Team) -> None:
    team.shows(AFTER)
    expect(scene.alerts(team)).to_have_count(0)


# --- with whoever was in it -------------------------------------------------------------------------


def test_e10_a_person_whom_the_host_puts_into_the_roster_is_refused_by_each(scene: TeamScene) -> None:
    acts.lets_a_removed_one_in_again(scene)
    each_says(scene, "entry_refused", "outsider")
    accessible(scene.reader.page)
    for team in (scene.lied_to, scene.other):
        team.shows(AFTER)
        team.until_roster(scene.members)
        removal = say("roster.removed", by=scene.ines.account.name, name=scene.malo.account.name)
        expect(team.log.get_by_text(removal)).to_be_visible()
        _goes_on(scene, team, f"{BACK}, {team.who.account.given}")
    assert scene.opened_by_malo(0) != [], "the same tries open what he had"


def test_e10_the_epoch_of_a_leaver_is_refused_by_each(scene: TeamScene) -> None:
    acts.keeps_a_leaver_in(scene)
    each_says(scene, "entry_refused", "outsider")
    for team in (scene.lied_to, scene.other):
        team.shows(AFTER)
        team.until_roster(scene.members)
        _goes_on(scene, team, f"{BACK}, {team.who.account.given}")


def test_e20_a_role_that_the_host_gives_is_refused_by_each(scene: TeamScene) -> None:
    acts.lets_a_member_rule(scene)
    each_says(scene, "entry_refused", "not_allowed")
    for team in (scene.lied_to, scene.other):
        team.until_roster(scene.with_malo)


def test_l14_whoever_is_added_again_by_one_who_did_not_coordinate_seals_nothing(scene: TeamScene) -> None:
    acts.rehomes_a_removed_member(scene)
    says(scene.lied_to, "added_by_another", name=scene.malo.account.name)
    accessible(scene.reader.page)
    _holds_back(scene, scene.lied_to)
    says(scene.other, "entry_refused", "outsider")
    _goes_on(scene, scene.other)


def test_l12_l14_a_sitting_member_is_not_moved_into_an_epoch_of_whoever_was_removed(scene: TeamScene) -> None:
    acts.rehomes_a_sitting_member(scene)
    says(scene.lied_to, "entry_withheld", "removed_by_host")
    scene.lied_to.until_roster(scene.with_malo)
    _holds_back(scene, scene.lied_to)
    _hears_no_alarm(scene, scene.other)
    scene.other.until_roster(scene.members)


def test_e17_a_wrap_that_opens_for_nobody_is_said_and_heals_by_itself(scene: TeamScene) -> None:
    before = scene.dump().head
    acts.seals_a_wrap_elsewhere(scene)
    says(scene.lied_to, "entry_unopened", "not_for_me")
    until(lambda: scene.dump().head >= before + 3, "the victim's own epoch")
    scene.say("De nouveau lisible")
    scene.lied_to.shows("De nouveau lisible")
    _hears_no_alarm(scene, scene.other)


def test_l9_a_word_in_a_members_name_by_a_device_of_nobodys_is_refused_by_each(scene: TeamScene) -> None:
    acts.speaks_for_another(scene)
    each_says(scene, "entry_refused", "unknown_device")
    for team in (scene.lied_to, scene.other):
        team.shows(AFTER)
        expect(team.log.get_by_text(acts.FORGED)).to_have_count(0)


# --- alone ------------------------------------------------------------------------------------------


def test_l9_an_epoch_altered_on_its_way_is_refused_and_said(scene: TeamScene) -> None:
    acts.alters_an_epoch(scene)
    says(scene.lied_to, "entry_refused", "altered")
    scene.lied_to.until_roster(scene.with_malo)
    _hears_no_alarm(scene, scene.other)


def test_l9_an_epoch_dropped_with_its_number_shows_at_the_next_entry(scene: TeamScene) -> None:
    acts.drops_an_epoch(scene)
    says(scene.lied_to, "entry_refused", "past_epoch")
    _hears_no_alarm(scene, scene.other)


def test_l8_an_epoch_dropped_from_its_place_is_said_and_nothing_is_sealed(scene: TeamScene) -> None:
    acts.leaves_the_place_of_an_epoch_empty(scene)
    says(scene.lied_to, "entry_withheld", "removed_by_host")
    _holds_back(scene, scene.lied_to)
    _hears_no_alarm(scene, scene.other)


def test_l12_a_stub_for_a_sitting_member_is_said_and_nothing_is_sealed(scene: TeamScene) -> None:
    acts.gives_a_sitting_member_a_stub(scene)
    says(scene.lied_to, "entry_withheld", "removed_by_host")
    expect(scene.lied_to.log.get_by_text(AFTER)).to_have_count(0)
    _holds_back(scene, scene.lied_to)
    _hears_no_alarm(scene, scene.other)


def test_e17_a_wrap_that_the_host_changes_for_one_is_said_to_that_one_and_heals(scene: TeamScene) -> None:
    acts.changes_one_wrap(scene)
    says(scene.lied_to, "wrap_withheld", "not_for_me")
    _holds_back(scene, scene.lied_to)
    _hears_no_alarm(scene, scene.other)
    scene.ines.change(scene.team)
    scene.say("Sous la suivante")
    scene.lied_to.shows("Sous la suivante")
    expect(scene.alerts(scene.lied_to)).to_have_count(0)
    _goes_on(scene, scene.lied_to)


def test_k17_a_device_put_into_a_members_key_log_is_refused_by_each(scene: TeamScene) -> None:
    acts.plants_a_device(scene)
    for team in (scene.lied_to, scene.other):
        says(team, "key_log_refused")
        _holds_back(scene, team)


def test_k15_an_old_key_log_of_a_member_is_refused_and_said(scene: TeamScene) -> None:
    acts.shows_an_old_key_log(scene)
    says(scene.lied_to, "key_log_refused")
    _holds_back(scene, scene.lied_to)
    assert FIRST in scene.other.texts()
    expect(scene.alerts(scene.other)).to_have_count(0)


def test_m3_nothing_of_these_browsers_is_sealed_to_whoever_left(scene: TeamScene) -> None:
    """The control of all of the above: while Malo is in, the same tries open what both write."""
    place = scene.dump().head
    for team in (scene.lied_to, scene.other):
        team.send(f"Pour tous, {team.who.account.given}")
        team.acknowledged()
    scene.malo.pull(scene.team)
    messages = [seq for seq, data in scene.dump().entries if isinstance(read_entry(data), Message)]
    opened = {one.seq for one in scene.opened_by_malo(place) if one.what == "message"}
    assert opened == {seq for seq in messages if seq > place} != set()
