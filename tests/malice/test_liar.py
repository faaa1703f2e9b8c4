"""The liar itself: what it does not change passes unchanged, what it changes fits together."""

from dataclasses import replace

from accounts.protocol import b64
from tests.e2e.conftest import Stage
from tests.e2e.scribe import Scribe
from tests.malice.liar import Liar
from tests.malice.lies import AnotherLog


def test_who_is_told_the_truth_notices_nothing(malice_stage: Stage, liar: Liar) -> None:
    ines = Scribe(liar, malice_stage.account()).join()
    damien = Scribe(malice_stage.server, malice_stage.account()).join()
    conversation = ines.start_direct(damien.account.family)
    ines.send(conversation, "Par le menteur")
    assert damien.pull(conversation).texts == ["Par le menteur"]
    ines.close()


def test_a_lie_about_a_log_is_consistent(malice_stage: Stage, liar: Liar) -> None:
    ines = Scribe(malice_stage.server, malice_stage.account()).join()
    damien = Scribe(liar, malice_stage.account()).join()
    conversation = ines.start_direct(damien.account.family)
    ines.send(conversation, "Première")
    ines.send(conversation, "Deuxième")
    liar.tell(AnotherLog(b64(conversation), lambda log: [*log, replace(log[1])]))
    talk = damien.pull(conversation)
    assert [verdict.code for verdict in talk.log.verdicts] == [None, None, None, "replayed"]
    told = damien.wire.fine("/api/conversations")["conversations"]
    row = next(one for one in told if one["id"] == b64(conversation))
    assert (row["head"], row["hash"]) == (talk.log.head, b64(talk.log.hashes[-1]))
    ines.close()
