"""A process dies every few seconds, for minutes, while everybody writes."""

import threading

from tests.faults.registry import Outcome, outcome, played
from tests.faults.stage import Scene, Stage
from tests.faults.traffic import Traffic

PAUSES = (3.0, 7.0)
FEWEST = 5
_PACE = 3.0  # times slower than in a burst: it lasts


@played("kills", "kill -9 of a random process every 3–7 s")
def besieged(stage: Stage, seed: int) -> Outcome:
    scene = stage.scene("kills", seed)
    scene.traffic = Traffic(scene.talks, f"kills {seed}", pace=_PACE)
    seconds = stage.siege or stage.scale.count(30, fast=25, long=600)
    scene.traffic.start()
    kills = _besiege(scene, seconds)
    scene.remarks.append(f"{kills} kills in {seconds} s")
    scene.demand(kills >= FEWEST, f"only {kills} kills")
    return outcome(scene, scene.record(ended=scene.now()))


def _besiege(scene: Scene, seconds: float) -> int:
    """Each victim comes back at once, as by a supervisor; all are there again at the end."""
    kills, until = 0, scene.now() + seconds
    coming: dict[int, threading.Thread] = {}
    while scene.now() < until:
        scene.wait(scene.chance.uniform(*PAUSES))
        victim = scene.chance.randrange(len(scene.cluster.processes))
        if victim in coming:
            coming[victim].join()
        scene.cluster.kill(victim)
        coming[victim] = threading.Thread(target=scene.cluster.revive, args=(victim,))
        coming[victim].start()
        kills += 1
    for one in coming.values():
        one.join()
    return kills
