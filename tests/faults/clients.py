"""F16 and F23: a browser is killed at each step of a message's way out; what it keeps is lost or damaged."""

import base64
import json
import random
from pathlib import Path

from project.bootstrap.console import Fault as Broken
from tests.e2e.waiting import until
from tests.faults.mortal import INSTANTS, built
from tests.faults.registry import Outcome, fault, outcome, played
from tests.faults.screen import Screen
from tests.faults.stage import Scene, Stage
from tests.faults.traffic import Traffic
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


@played("F23", "local store evicted, and one random byte of it changed")
def damaged(stage: Stage, seed: int) -> Outcome:
    """Its owner is asked for the code de secours, and then shown the same again. Byte by byte, for each store
    that is read when a vault opens: frontend/tests/messenger/damaged.test.ts."""
    scene = stage.scene("F23", seed)
    victim = scene.company.screens[2]
    scene.traffic = Traffic(scene.talks, f"F23 {seed}", silent=[victim.name])
    scene.traffic.start()
    scene.wait(1)
    for damage in (_evict, _flip):
        victim.kill()
        damage(victim.state / "vaults", scene.chance)
        victim.restart()
        until(lambda: victim.stage != "loading", f"{victim.name} back", within=_SOON)
        stage_now = victim.stage
        scene.demand(stage_now == "recover", f"after {damage.__name__} it is {stage_now}")
        if stage_now == "recover":
            victim.ask("recover", code=" ".join(victim.account.recovery))
        scene.wait(1)
    return outcome(scene, scene.record(ended=scene.now()))


def _evict(folder: Path, _chance: random.Random) -> None:
    for vault in folder.iterdir():
        vault.unlink()


def _flip(folder: Path, chance: random.Random) -> None:
    """In what the vault needs to open: the last time its identity was written."""
    (vault,) = folder.iterdir()
    lines = [json.loads(line) for line in vault.read_text().splitlines()]
    rows = [row for line in lines for row in line if row[0] == "identity" and row[2] is not None]
    row = {tuple(row[:2]): row for row in rows}[chance.choice([tuple(row[:2]) for row in rows])]
    sealed = bytearray(base64.b64decode(row[2]))
    sealed[chance.randrange(len(sealed))] ^= 1 << chance.randrange(8)
    row[2] = base64.b64encode(sealed).decode()
    vault.write_text("".join(json.dumps(line) + "\n" for line in lines))
