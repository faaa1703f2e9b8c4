"""Whatever a client drafts, the rules take: who left is removed, who was suspended paused, first of all."""

from collections.abc import Callable

import pytest

from messaging.client.drafting import Deed, added, given_role, next_draft, removed, resumed
from tests.vectors.making.deeds import epoch, pause
from tests.vectors.making.talk import Talk
from tests.vectors.making.teams import team
from tests.vectors.making.world import world

ANNA, BRUNO, CHLOE, DORA = (world()[name] for name in ("anna", "bruno", "chloe", "dora"))
ADD_DORA = added(DORA.log(), ANNA.chain)


def outcome(talk: Talk, *deeds: Deed) -> str:
    draft = next_draft(talk.log, 3000)
    for deed in deeds:
        draft = deed(draft)
    verdict = talk.log.judged(talk.draft_epoch(draft, ANNA.first).statement)
    return verdict.code or verdict.outcome


@pytest.mark.parametrize(
    "deeds",
    [
        (),
        (ADD_DORA,),
        (removed(BRUNO.chain),),
        (given_role(BRUNO.chain, "coordinator"),),
        (ADD_DORA, removed(CHLOE.chain), given_role(BRUNO.chain, "coordinator")),
    ],
)
def test_e20_a_coordinators_drafts_are_taken(deeds: tuple[Deed, ...]) -> None:
    assert outcome(team("drafts"), *deeds) == "accepted"


def leaves(talk: Talk) -> bytes:
    return talk.leave(BRUNO)


def is_suspended(talk: Talk) -> bytes:
    return talk.suspend("bruno")


@pytest.mark.parametrize("happens", [leaves, is_suspended])
@pytest.mark.parametrize("deeds", [(), (ADD_DORA,), (removed(CHLOE.chain),)])
def test_e14_e20_what_has_happened_is_taken_up(
    happens: Callable[[Talk], bytes], deeds: tuple[Deed, ...]
) -> None:
    talk = team("happened")
    talk.add(happens(talk))
    assert outcome(talk, *deeds) == "accepted"


def test_e14_e20_who_is_suspended_and_then_leaves_is_removed() -> None:
    talk = team("both")
    talk.add(talk.suspend("bruno"))
    talk.add(talk.leave(BRUNO))
    assert outcome(talk) == "accepted"


def test_e14_who_is_removed_is_not_paused_too() -> None:
    talk = team("instead")
    talk.add(talk.suspend("bruno"))
    assert outcome(talk, removed(BRUNO.chain)) == "accepted"


def test_e14_a_coordinator_resumes() -> None:
    talk = team("resumes")
    talk.add(talk.suspend("bruno"))
    talk.add(epoch(talk, ANNA, pause("bruno")))
    assert outcome(talk, resumed(BRUNO.chain)) == "accepted"
