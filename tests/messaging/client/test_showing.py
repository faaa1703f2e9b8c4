"""What is seen of a log: whose edits count, which reactions, whose title, and who is mentioned."""

from collections.abc import Sequence

from accounts.objects import object_hash
from messaging.client.contents import (
    read_content,
    write_edit,
    write_react,
    write_retract,
    write_text,
    write_title,
)
from messaging.client.showing import Conversation, Said, Shown, show
from tests.vectors.making.deeds import Deed, epoch, role
from tests.vectors.making.talk import Talk
from tests.vectors.making.teams import team
from tests.vectors.making.world import world

ANNA, BRUNO, DORA = (world()[name] for name in ("anna", "bruno", "dora"))


def said(talk: Talk, name: str, content: bytes) -> bytes:
    """The hash of the entry, by which others name it."""
    entry = talk.message(world()[name], content=content)
    talk.add(entry)
    assert talk.log.verdicts[-1].outcome == "accepted"
    return object_hash(entry)


def renewed(talk: Talk, *deeds: Deed) -> None:
    talk.add(epoch(talk, ANNA, *deeds))
    assert talk.log.verdicts[-1].outcome == "accepted"


def shown(talk: Talk) -> Conversation:
    opened = {under.hash: talk.made.secret for _, under in talk.log.messages()}
    talk.log.secrets.update(opened)
    return show(
        Said(message, under, read_content(talk.log.content_of(message), under.kind))
        for message, under in talk.log.messages()
    )


def only(talk: Talk) -> Shown:
    [text] = shown(talk).texts.values()
    return text


def words(talk: Talk) -> Sequence[str | None]:
    return [text.text for text in shown(talk).texts.values()]


def test_m11_nobody_edits_or_retracts_what_another_said() -> None:
    talk = team("foreign edits")
    target = said(talk, "bruno", write_text("demain"))
    said(talk, "anna", write_edit(target, "hier"))
    said(talk, "anna", write_retract(target))
    assert (only(talk).text, only(talk).is_edited) == ("demain", False)


def test_m11_an_edit_of_what_is_no_text_changes_nothing() -> None:
    talk = team("odd edits")
    target = said(talk, "bruno", write_text("demain"))
    edit = said(talk, "bruno", write_edit(target, "jeudi"))
    said(talk, "bruno", write_edit(edit, "vendredi"))
    said(talk, "bruno", write_edit(bytes(32), "samedi"))
    assert words(talk) == ["jeudi"]


def test_m11_the_last_edit_counts_and_none_after_a_retract() -> None:
    talk = team("edits")
    target = said(talk, "bruno", write_text("demain"))
    for word in ("jeudi", "vendredi"):
        said(talk, "bruno", write_edit(target, word))
    assert (only(talk).text, only(talk).is_edited) == ("vendredi", True)
    said(talk, "bruno", write_retract(target))
    said(talk, "bruno", write_edit(target, "samedi"))
    assert only(talk).text is None


def test_m12_one_reaction_a_person_and_the_last_counts() -> None:
    talk = team("reactions")
    target = said(talk, "bruno", write_text("demain"))
    for name, sign in (("anna", "agree"), ("chloe", "heart"), ("anna", "thanks")):
        said(talk, name, write_react(target, sign))
    assert only(talk).reactions == {ANNA.chain: "thanks", world()["chloe"].chain: "heart"}
    said(talk, "anna", write_react(target, None))
    assert only(talk).reactions == {world()["chloe"].chain: "heart"}


def test_m12_nobody_reacts_to_what_is_retracted_or_is_no_text() -> None:
    talk = team("late reactions")
    target = said(talk, "bruno", write_text("demain"))
    reaction = said(talk, "anna", write_react(target, "agree"))
    said(talk, "chloe", write_react(reaction, "agree"))
    said(talk, "bruno", write_retract(target))
    said(talk, "chloe", write_react(target, "agree"))
    assert only(talk).reactions == {}


def test_m13_only_a_coordinator_names_the_team_and_the_last_name_counts() -> None:
    talk = team("titles")
    said(talk, "bruno", write_title("Chez Bruno"))
    assert shown(talk).title is None
    for title in ("Équipe", "Équipe de nuit"):
        said(talk, "anna", write_title(title))
    said(talk, "bruno", write_title("Chez Bruno"))
    assert shown(talk).title == "Équipe de nuit"


def test_m13_the_role_is_that_of_the_epoch_under_which_it_was_said() -> None:
    talk = team("later titles")
    said(talk, "anna", write_title("Équipe"))
    renewed(talk, role("bruno", "coordinator"), role("anna", "member"))
    assert shown(talk).title == "Équipe"
    said(talk, "bruno", write_title("Équipe de jour"))
    said(talk, "anna", write_title("Équipe"))
    assert shown(talk).title == "Équipe de jour"


def test_m14_only_members_are_mentioned() -> None:
    talk = team("mentions")
    target = said(talk, "anna", write_text("@Bruno @Dora", mentions=[DORA.chain, BRUNO.chain]))
    assert only(talk).mentions == (BRUNO.chain,)
    said(talk, "anna", write_edit(target, "@Dora", mentions=[DORA.chain]))
    assert only(talk).mentions == ()


def test_a9_what_is_shown_prints_nothing() -> None:
    talk = team("silent")
    said(talk, "anna", write_text("le secret"))
    said(talk, "anna", write_title("le secret"))
    assert "secret" not in repr(shown(talk)) + repr(only(talk))
