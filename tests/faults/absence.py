"""F22: a device is away for very long."""

from tests.faults.changes import change
from tests.faults.registry import fault
from tests.faults.stage import Scene


@fault("F22", "a device away for many messages and epochs")
def away(scene: Scene) -> None:
    """10,000 messages and 200 epochs in a long run. It comes back to every one of them, in their order."""
    device, talk = scene.company.screens[1], scene.talks[0]
    (comer,) = scene.company.reinforced(scene.cluster, 1)
    messages = scene.stage.scale.count(250, fast=80, long=10_000)
    epochs = scene.stage.scale.count(6, fast=2, long=200)
    device.kill()
    for made in range(epochs):
        change(scene, talk, comer, add=made % 2 == 0)
        while len(scene.traffic.said) < messages * (made + 1) / epochs:
            scene.wait(0.2)
    scene.remarks.append(f"{len(scene.traffic.said)} messages and {epochs} epochs")
    device.restart()
