"""What is done in front of the reader: Inès writes or renews, while the host tells one of its lies about it.

Before an honest host the same acts are what happens every day."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from accounts.keylog import KeyLog, fold
from accounts.protocol import b64
from messaging.client.person import new_key
from tests.e2e.conftest import Stage
from tests.e2e.persona import Persona
from tests.e2e.scribe import Scribe
from tests.malice.conftest import Scene
from tests.malice.liar import Json, Liar
from tests.malice.lies import (
    AnotherIdentity,
    AnotherKeyLog,
    AnotherLog,
    NewerProtocol,
    News,
    Retelling,
    Told,
    head_of,
)
from tests.malice.planting import device_statement, key_statement, plant, plant_device, stranger

Act = Callable[[Scene], None]


class Before(Protocol):
    """Whoever is before the host, in a conversation of whatever kind."""

    @property
    def stage(self) -> Stage: ...

    @property
    def liar(self) -> Liar: ...

    @property
    def ines(self) -> Scribe: ...

    @property
    def reader(self) -> Persona: ...

    @property
    def statements(self) -> list[bytes]: ...

    @property
    def key_log(self) -> KeyLog: ...


# --- entries ----------------------------------------------------------------------------------------


def replays_an_entry(scene: Scene) -> None:
    _tell(scene, lambda log: [*log, log[1]] if len(log) > 3 else log)
    scene.say("Encore une chose.")


def alters_an_entry(scene: Scene) -> None:
    _tell(scene, lambda log: [*log[:3], *(_altered(one) for one in log[3:])])
    scene.say("Trois comprimés.")


def brings_an_entry_late(scene: Scene) -> None:
    late = scene.ines.seal(scene.ines.talks[scene.conversation], "Sous l'ancienne clé")
    if scene.liar.honest:
        scene.ines.append(scene.conversation, late)
        scene.ines.pull(scene.conversation)
    _tell(scene, lambda log: [*log, Told(late, log[-1].at, None)] if len(log) > 3 else log)
    scene.ines.renew(scene.conversation)


def swaps_two_entries(scene: Scene) -> None:
    _silent_after(scene)
    scene.say("D'abord ceci.")
    scene.say("Puis cela.")
    _tell(scene, lambda log: [*log[:3], log[4], log[3]])
    come_again(scene)


def leaves_an_entry_out(scene: Scene) -> None:
    _tell(scene, lambda log: [*log[:3], *log[4:]])
    scene.say("Ceci manquera.")
    scene.say("Ceci arrivera.")


def leaves_a_place_empty(scene: Scene) -> None:
    _tell(scene, lambda log: [replace(one, shown=number != 3) for number, one in enumerate(log)])
    scene.say("Ceci manquera.")
    scene.say("Ceci arrivera.")


def rolls_the_log_back(scene: Scene) -> None:
    _tell(scene, lambda log: log[:2])
    scene.say("Peu importe.")


def forks_the_log(scene: Scene) -> None:
    _tell(scene, lambda log: [log[0], *log[2:]])
    scene.say("Une autre suite.")
    scene.say("Et encore.")


def changes_a_wrap(scene: Scene) -> None:
    _tell(scene, lambda log: [*log[:3], *(replace(one, wrap=_another(one.wrap)) for one in log[3:])])
    scene.ines.renew(scene.conversation)
    scene.say("Sous la nouvelle clé")


def speaks_a_newer_version(scene: Scene) -> None:
    scene.liar.tell(NewerProtocol())
    scene.reader.page.reload()


# --- keys -------------------------------------------------------------------------------------------


def plants_a_device(scene: Before) -> None:
    device = stranger()
    head = _planted(scene, device_statement(scene.key_log, device))
    if not scene.liar.honest:
        plant_device(scene.stage.server, scene.ines, device)
    _say_news(scene, head)


def plants_a_person_key(scene: Scene) -> None:
    _say_news(scene, _planted(scene, key_statement(scene.key_log, stranger())))


def shortens_a_key_log(scene: Before) -> None:
    shorter = AnotherKeyLog(b64(scene.ines.chain), lambda statements: statements[:-1])
    _say_news(scene, head_of(scene.statements[:-1]), shorter)


def gives_a_key_log_another_past(scene: Scene) -> None:
    kept = scene.statements[:-1]
    # What the owner never said, although signed by the owner: only the pin can tell.
    other = new_key(fold(kept), scene.ines.device, None, 1_800_000_000, scene.ines.chance).step.statement
    another = AnotherKeyLog(b64(scene.ines.chain), lambda statements: [*statements[:-1], other])
    _say_news(scene, head_of([*kept, other]), another)


def gives_a_person_another_identity(scene: Scene) -> None:
    mallory = Scribe(scene.stage.server, scene.stage.account()).join()
    assert mallory.keys is not None
    log = mallory.keys.log
    head = {"n": log.head.n, "hash": b64(log.head.hash)}
    lie = AnotherIdentity(scene.ines.me["id"], b64(log.chain), head)
    scene.liar.tell(News(scene.ines.me["id"], b64(log.chain), head, lie))
    scene.reader.reload()


ACTS: tuple[Act, ...] = (
    replays_an_entry,
    alters_an_entry,
    brings_an_entry_late,
    swaps_two_entries,
    leaves_an_entry_out,
    leaves_a_place_empty,
    rolls_the_log_back,
    forks_the_log,
    changes_a_wrap,
    speaks_a_newer_version,
    plants_a_device,
    plants_a_person_key,
    shortens_a_key_log,
    gives_a_key_log_another_past,
    gives_a_person_another_identity,
)


def _tell(scene: Scene, retell: Retelling) -> None:
    scene.liar.tell(AnotherLog(scene.id, retell))


def _silent_after(scene: Scene) -> None:
    """The reader hears nothing more until another lie is told."""
    head = scene.ines.talks[scene.conversation].log.head
    _tell(scene, lambda log: log[:head])


def _planted(scene: Before, statement: bytes) -> Json:
    if scene.liar.honest:
        return head_of(scene.statements)
    return plant(scene.stage.server, scene.ines, statement)


def _say_news(scene: Before, head: Json, also: AnotherKeyLog | None = None) -> None:
    scene.liar.tell(News(scene.ines.me["id"], b64(scene.ines.chain), head, also))
    come_again(scene)


def come_again(scene: Before) -> None:
    scene.liar.cut_lines()
    scene.reader.reload()


def _another(wrap: str | None) -> str | None:
    return None if wrap is None else wrap[:-8] + "AAAAAAAA"


def _altered(told: Told) -> Told:
    return replace(told, entry=told.entry[:-1] + bytes([told.entry[-1] ^ 1]))
