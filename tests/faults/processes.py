"""F1 to F4: processes of the server die, are stopped and freeze."""

from tests.faults.crowd import Crowd
from tests.faults.registry import fault
from tests.faults.stage import Scene

STORM = 60.0
RESTARTING = 1012


@fault("F1", "kill -9 of one process in a burst")
def one_killed(scene: Scene) -> None:
    victim = scene.chance.randrange(len(scene.cluster.processes))
    scene.wait(scene.chance.uniform(0.5, 2))
    scene.cluster.kill(victim)
    scene.wait(2)
    scene.cluster.revive(victim)


@fault("F2", "kill -9 of all processes together")
def all_killed(scene: Scene) -> None:
    scene.wait(scene.chance.uniform(0.5, 2))
    scene.cluster.kill(*range(len(scene.cluster.processes)))
    scene.wait(scene.chance.uniform(0.2, 1))
    scene.cluster.revive()


@fault("F3", "rolling restart with many sockets open", within=STORM)
def rolling_restart(scene: Scene) -> None:
    sockets = scene.stage.scale.count(100, fast=50, long=1000)
    scene.remarks.append(f"{sockets} idle sockets")
    crowd = Crowd(scene.company.stranger.scribe.wire, sockets).start()
    try:
        for number in range(len(scene.cluster.processes)):
            scene.cluster.end(number)
            scene.cluster.revive(number)
            scene.wait(1)
        crowd.until_all(STORM)
        scene.remarks.append(f"closed by {dict(crowd.closed)}")
    finally:
        crowd.stop()


@fault("F4", "one process frozen")
def one_frozen(scene: Scene) -> None:
    """Longer than a client waits for an answer."""
    victim = scene.chance.randrange(len(scene.cluster.processes))
    scene.cluster.freeze(victim)
    scene.wait(scene.lasting(30, full=17))
    scene.cluster.thaw(victim)
