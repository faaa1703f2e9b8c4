"""F1 to F4: processes of the server die, stop and freeze."""

from tests.faults.registry import fault
from tests.faults.stage import Scene


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
