"""The same acts in a team before a host that does not lie: nobody is alarmed, and what is said arrives."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Stage
from tests.malice.liar import Liar
from tests.malice.team_acts import ACTS
from tests.malice.teamscene import Act, Readers, arrive, gathered


@pytest.fixture(scope="module")
def readers(team_stage: Stage) -> Iterator[Readers]:
    host = Liar(team_stage.server, honest=True).start()
    yield arrive(team_stage, host)
    team_stage.clear()
    host.stop()


@pytest.mark.parametrize("act", ACTS, ids=[act.__name__ for act in ACTS])
def test_without_its_lie_nothing_is_refused(readers: Readers, act: Act) -> None:
    with gathered(readers) as scene:
        act(scene)
        scene.say("Tout est là.")
        for team in (scene.lied_to, scene.other):
            team.shows("Tout est là.")
            expect(team.region.get_by_role("alert")).to_have_count(0)
            text = f"Bien reçu, {team.who.account.given}"
            team.send(text)
            team.acknowledged()
            assert scene.ines.pull(scene.team).texts[-1] == text
