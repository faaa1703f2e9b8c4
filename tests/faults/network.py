"""F11, F12, F14, F17: the network loses, tears, doubles, swaps and drops."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.faults.crowd import Crowd
from tests.faults.frames import Mischiefs
from tests.faults.mischief import calm, doubling, losing, swapping, tearing
from tests.faults.registry import fault
from tests.faults.stage import Scene

STORM = 60.0


@contextmanager
def treated(scene: Scene, mischiefs: Mischiefs, *misdeeds: str) -> Iterator[None]:
    """Each of the misdeeds must have happened: a fault that touched nothing has shown nothing."""
    network = scene.cluster.network
    before = network.injected.copy()
    network.mischiefs = mischiefs
    try:
        yield
    finally:
        network.mischiefs = calm
    for misdeed in misdeeds:
        count = network.injected[misdeed] - before[misdeed]
        scene.remarks.append(f"{count} {misdeed}")
        scene.demand(count > 0, f"nothing was {misdeed}")


@fault("F11", "cut after the commit, before the answer arrives")
def answer_lost(scene: Scene) -> None:
    with treated(scene, losing("appended", share=0.1, seed=scene.seed), "lost appended"):
        scene.wait(scene.lasting(20, full=5))


@fault("F12", "cut in the middle of a frame, of either side")
def frame_torn(scene: Scene) -> None:
    torn = tearing("append", "appended", "entry", share=0.1, seed=scene.seed)
    with treated(scene, torn, "torn append", "torn appended"):
        scene.wait(scene.lasting(20, full=5))


@fault("F14", "every frame doubled; frames swapped within a window of 10")
def doubled_and_swapped(scene: Scene) -> None:
    seconds = scene.lasting(20, full=4)
    with treated(scene, doubling, "doubled"):
        scene.wait(seconds)
    with treated(scene, swapping(scene.seed), "swapped"):
        scene.wait(seconds)


@fault("F17", "very many sockets dropped at once", within=STORM)
def dropped(scene: Scene) -> None:
    network = scene.cluster.network
    sockets = scene.stage.scale.count(200, fast=50, long=2000)
    crowd = Crowd(scene.company.stranger.scribe.wire, sockets).start()
    try:
        refused, started = network.faulty_answers, time.monotonic()
        cut = network.cut()
        scene.wait(0.1)
        crowd.until_all(STORM)
        scene.remarks.append(f"{cut} dropped, all back in {time.monotonic() - started:.1f} s")
        scene.demand(cut >= sockets, f"only {cut} sockets were dropped")
        scene.demand(network.faulty_answers == refused, "some came back to a server that had failed")
    finally:
        crowd.stop()
