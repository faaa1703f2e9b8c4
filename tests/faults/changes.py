"""F21: many devices change the same group in the same moment."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from accounts.protocol import octets
from project.bootstrap.console import Fault
from tests.faults.company import Talk, followed
from tests.faults.pen import Pen
from tests.faults.registry import Outcome, outcome, played
from tests.faults.stage import Scene, Stage

DEVICES = 10


@played("F21", "10 devices commit a group change at the same moment")
def all_change(stage: Stage, seed: int) -> Outcome:
    """One is first; the others learn of it and make theirs after it. Everybody reads everybody afterwards."""
    company = stage.company
    pens = [*company.pens, *company.reinforced(stage.cluster, DEVICES - len(company.pens))]
    talk = company.talk(f"F21 {seed}", [*company.screens, *pens])
    scene = among(stage, "F21", seed, [talk])
    together = Barrier(DEVICES)
    with ThreadPoolExecutor(DEVICES) as at_once:
        lost = sum(at_once.map(lambda pen: _renewed(pen, talk, together), pens))
    scene.remarks.append(f"{DEVICES} epochs, {lost} that came too late")
    scene.demand(lost > 0, "no two were made at the same moment")
    scene.traffic.start()
    scene.wait(scene.lasting(10, full=3))
    return outcome(scene, scene.record(ended=time.monotonic()))


def change(scene: Scene, talk: Talk, comer: Pen, *, add: bool) -> None:
    """Inès takes somebody in, or puts them out; she tries again while the server cannot."""
    ines = scene.company.screens[0]
    person = scene.company.person(comer.account)
    told = {"add": [{"person": person, "role": "member"}] if add else [], "remove": [] if add else [person]}
    until = time.monotonic() + 30
    while True:
        try:
            ines.ask("changeTeam", conversation=talk.id, roles=[], resume=[], **told)
        except Fault:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)
        else:
            return


def among(stage: Stage, key: str, seed: int, talks: list[Talk]) -> Scene:
    """A run in conversations of its own."""
    followed(talks)
    return Scene(stage, key, seed, talks)


def _renewed(pen: Pen, talk: Talk, together: Barrier) -> int:
    """How often it was too late."""
    conversation, late = octets(talk.id), 0
    together.wait()
    while True:
        try:
            pen.scribe.renew(conversation)
        except AssertionError:
            late += 1
            assert late < 5 * DEVICES
            pen.scribe.pull(conversation)
        else:
            return late
