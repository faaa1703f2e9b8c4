"""Many messages both ways: each shown once, in one order, whatever happens to the page or the line."""

import random

from playwright.sync_api import expect

from tests.e2e.conftest import Stage, StartStage
from tests.e2e.thread import Thread
from tests.scale import Scale

ROOMY = {"COLLOQUE_LIMIT_APPEND_DEVICE": "10000,0.01"}


def test_l1_a8_messages_of_both_are_shown_once_in_one_order_live_and_reloaded(
    stage_with: StartStage, scale: Scale
) -> None:
    stage = stage_with(**ROOMY)
    ines, anne_lise = stage.pair()
    hers = ines.start_direct(anne_lise.account)
    hers.send("Ouverture")
    theirs = anne_lise.open_direct(ines.account)
    sent = _interleave(hers, theirs, scale.count(24, fast=20, long=200))
    for thread in (hers, theirs):
        thread.shows(sent[-1])
        thread.to_end()
    hers.last_state("read", within=30)
    theirs.last_state("read", within=30)
    shown = hers.texts()
    assert theirs.texts() == shown
    assert sorted(shown) == sorted(["Ouverture", *sent])
    ines.reload()
    assert ines.thread(anne_lise.account).texts() == shown
    anne_lise.reload()
    assert anne_lise.thread(ines.account).texts() == shown


def _interleave(hers: Thread, theirs: Thread, each: int) -> list[str]:
    order = [hers] * each + [theirs] * each
    random.Random(20261124).shuffle(order)
    sent = []
    for number, thread in enumerate(order):
        sent.append(f"{'I' if thread is hers else 'A'} {number}")
        thread.send(sent[-1])
    return sent


def test_a_queue_written_offline_survives_a_reload_and_leaves_once_in_order(stage_with: StartStage) -> None:
    stage = stage_with()
    ines, anne_lise = stage.pair()
    hers = ines.start_direct(anne_lise.account)
    hers.send("En ligne")
    theirs = anne_lise.open_direct(ines.account)
    theirs.shows("En ligne")
    stage.server.stop()
    ines.offline()
    written = [f"Hors ligne {number}" for number in range(5)]
    for text in written:
        hers.send(text)
    hers.last_state("queued", within=30)
    stage.server.restart()
    ines.page.reload()
    ines.online()
    hers = ines.thread(anne_lise.account)
    hers.last_state("sent", within=40)
    theirs.shows(written[-1], within=40)
    assert theirs.texts() == hers.texts() == ["En ligne", *written]


def test_a_network_that_goes_and_comes_loses_nothing(stage: Stage) -> None:
    ines, anne_lise = stage.pair()
    hers = ines.start_direct(anne_lise.account)
    hers.send("Avant")
    theirs = anne_lise.open_direct(ines.account)
    theirs.shows("Avant")
    ines.context.set_offline(True)
    for number in range(3):
        hers.send(f"Sans réseau {number}")
        theirs.send(f"Pendant ce temps {number}")
    ines.context.set_offline(False)
    hers.shows("Pendant ce temps 2", within=40)
    theirs.shows("Sans réseau 2", within=40)
    hers.last_state("read", within=40)
    assert hers.texts() == theirs.texts()
    assert len(hers.texts()) == 7


def test_a_draft_survives_a_reload(stage: Stage) -> None:
    ines, anne_lise = stage.pair()
    hers = ines.start_direct(anne_lise.account)
    hers.send("Déjà parti")
    hers.composer.fill("Un brouillon")
    ines.leave_thread()
    expect(ines.row(anne_lise.account)).to_contain_text("Un brouillon")
    ines.reload()
    expect(ines.row(anne_lise.account)).to_contain_text("Un brouillon")
    expect(ines.open_direct(anne_lise.account).composer).to_have_value("Un brouillon")


def test_a_quote_and_the_unread_count_survive_a_reload(stage: Stage) -> None:
    ines, anne_lise = stage.pair()
    hers = ines.start_direct(anne_lise.account)
    hers.send("Première")
    hers.send("Deuxième")
    anne_lise.until_unread(ines.account, 2)
    anne_lise.reload()
    anne_lise.until_unread(ines.account, 2)
    theirs = anne_lise.open_direct(ines.account)
    theirs.shows("Deuxième")
    anne_lise.until_unread(ines.account, 0)
    theirs.quote("Première")
    theirs.send("Je réponds à la première")
    hers.shows("Je réponds à la première")
    ines.reload()
    quoting = [row for row in ines.thread(anne_lise.account).rows() if row.quote]
    assert [(row.text, "Première" in (row.quote or "")) for row in quoting] == [
        ("Je réponds à la première", True)
    ]
