"""F20: very many write at once, and rows are held by somebody who should not hold them."""

import contextlib
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from accounts.protocol import octets
from tests.faults.changes import among, change
from tests.faults.registry import Outcome, outcome, played
from tests.faults.stage import Scene, Stage

SENDERS = 16
_HELD = 6.0  # seconds: longer than the server waits for a lock
_DEADLOCK, _TIMEOUT = b"deadlock detected", b"canceling statement due to lock timeout"


@played("F20", "16 senders at once, a membership change, deadlocks and lock time-outs")
def contended(stage: Stage, seed: int) -> Outcome:
    """A session of ours holds the row of the conversation, then takes two in an order that nobody may."""
    company = stage.company
    *more, comer = company.reinforced(stage.cluster, SENDERS - len(company.clients) + 1)
    both = [company.talk(f"F20 {seed} {part}", [*company.clients, *more]) for part in ("a", "b")]
    scene = among(stage, "F20", seed, both)
    ids = sorted(octets(talk.id) for talk in both)
    log = stage.cluster.postgres.log
    deadlocks, timeouts = (log.read_bytes().count(word) for word in (_DEADLOCK, _TIMEOUT))
    scene.traffic.start()
    scene.wait(1)
    change(scene, both[0], comer, add=True)
    with _holding(scene, ids[:1]):
        scene.wait(_HELD)
    for _ in range(stage.scale.count(4, fast=2, long=40)):
        with contextlib.suppress(psycopg.errors.DeadlockDetected), _holding(scene, ids[::-1]):
            pass
    change(scene, both[0], comer, add=False)
    deadlocks = log.read_bytes().count(_DEADLOCK) - deadlocks
    timeouts = log.read_bytes().count(_TIMEOUT) - timeouts
    scene.remarks.append(f"{deadlocks} deadlocks, {timeouts} lock time-outs")
    scene.demand(deadlocks > 0, "there was no deadlock")
    scene.demand(timeouts > 0, "no wait for a lock ran out")
    return outcome(scene, scene.record(ended=time.monotonic()))


@contextmanager
def _holding(scene: Scene, conversations: list[bytes]) -> Iterator[None]:
    """Their rows, taken in this order."""
    with psycopg.connect(scene.cluster.database_url) as base:
        for conversation in conversations:
            base.execute(b"SELECT 1 FROM messaging_conversation WHERE id = %s FOR UPDATE", [conversation])
            scene.wait(0.1)
        yield
        base.rollback()
