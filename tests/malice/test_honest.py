"""The same acts before a host that does not lie: nobody is alarmed, and what is said arrives."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Stage
from tests.e2e.words import say
from tests.malice.acts import ACTS, Act
from tests.malice.conftest import Scene, before
from tests.malice.liar import Liar


@pytest.fixture(scope="module")
def scene(malice_stage: Stage) -> Iterator[Scene]:
    """One for all acts, since none of them leaves anything behind."""
    host = Liar(malice_stage.server, honest=True).start()
    yield from before(host, malice_stage)
    host.stop()


@pytest.mark.parametrize("act", ACTS, ids=[act.__name__ for act in ACTS])
def test_without_its_lie_nothing_is_refused(scene: Scene, act: Act) -> None:
    act(scene)
    scene.say(f"Après {act.__name__}.")
    scene.thread.shows(f"Après {act.__name__}.")
    expect(scene.reader.page.get_by_role("alert")).to_have_count(0)
    scene.thread.send(f"Bien reçu {act.__name__}.")
    scene.thread.acknowledged()


def test_all_that_was_said_is_read_and_in_order(scene: Scene) -> None:
    talk = scene.ines.pull(scene.conversation)
    expect(scene.thread.region.get_by_text(say("composer.blocked"))).to_have_count(0)
    assert scene.thread.texts() == talk.texts
