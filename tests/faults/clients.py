"""F16: a browser is killed at each step of a message's way out."""

from project.bootstrap.console import Fault as Broken
from tests.e2e.waiting import until
from tests.faults.mortal import INSTANTS, built
from tests.faults.registry import fault
from tests.faults.screen import Screen
from tests.faults.stage import Scene
from tests.faults.transcript import Said

_SOON = 20.0


@fault("F16", "browser killed between encrypt, persist, send, ack, persist")
def killed_on_the_way(scene: Scene) -> None:
    """Whatever was kept is there again after the restart: as sent, or as not sent yet."""
    victim, program = scene.company.screens[3], built()
    for instant in INSTANTS:
        victim.kill()
        victim.program, victim.told = program, {"DIES_AT": instant}
        victim.restart()
        until(lambda: _is_dead(victim), f"{victim.name} dead at {instant}", within=_SOON)
        victim.program, victim.told = None, {}
        victim.kill()
        last = _last(scene, victim)
        victim.restart()
        until(lambda: victim.stage == "ready", f"{victim.name} back", within=_SOON)
        shown = {line.name for line in victim.transcript(last.conversation).lines}
        is_kept = instant != "typed"
        scene.demand((last.name in shown) == is_kept, f"killed at {instant}: {last.name} in {is_kept=}")


def _is_dead(victim: Screen) -> bool:
    try:
        victim.ask("open")
    except Broken:
        return True
    return False


def _last(scene: Scene, writer: Screen) -> Said:
    """What it was saying as it died."""
    return [one for one in scene.traffic.said if one.writer == writer.name][-1]
