"""Each lie of a host, told to a real browser: refused, and said on the screen in plain French within 5 s."""

from dataclasses import replace

from playwright.sync_api import expect

from accounts.keylog import fold
from accounts.protocol import b64
from messaging.client.person import new_key
from tests.e2e.looks import accessible
from tests.e2e.scribe import Scribe
from tests.e2e.words import say
from tests.malice.conftest import FIRST, SECOND, Scene
from tests.malice.liar import Json
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

SOON = 5_000


def _tell(scene: Scene, retell: Retelling) -> None:
    scene.liar.tell(AnotherLog(scene.id, retell))


def _says(scene: Scene, cause: str) -> None:
    expect(scene.thread.region.get_by_text(say(f"cause.{cause}")).first).to_be_visible(timeout=SOON)


def _silent_after(scene: Scene) -> None:
    """The reader hears nothing more until another lie is told."""
    head = scene.ines.talks[scene.conversation].log.head
    _tell(scene, lambda log: log[:head])


# --- entries ----------------------------------------------------------------------------------------


def test_l5_an_entry_replayed_is_refused_and_said(scene: Scene) -> None:
    _tell(scene, lambda log: [*log, log[1]] if len(log) > 3 else log)
    scene.say("Encore une chose.")
    scene.reader.alarm("entry_refused")
    _says(scene, "replayed")
    accessible(scene.reader.page)
    scene.still_reads(FIRST, SECOND, "Encore une chose.")


def test_l9_an_entry_altered_on_its_way_is_refused_and_said(scene: Scene) -> None:
    _tell(scene, lambda log: [*log[:3], *(_altered(one) for one in log[3:])])
    scene.say("Trois comprimés.")
    scene.reader.alarm("entry_refused")
    _says(scene, "altered")
    expect(scene.thread.log.get_by_text("Trois comprimés.")).to_have_count(0)
    scene.still_reads(FIRST, SECOND)


def test_l9_an_entry_under_a_past_epoch_is_refused_and_said(scene: Scene) -> None:
    late = scene.ines.seal(scene.ines.talks[scene.conversation], "Sous l'ancienne clé")
    _tell(scene, lambda log: [*log, Told(late, log[-1].at, None)] if len(log) > 3 else log)
    scene.ines.renew(scene.conversation)
    scene.reader.alarm("entry_refused")
    _says(scene, "past_epoch")
    scene.still_reads(FIRST, SECOND)


def test_l6_two_entries_swapped_are_noticed_and_said(scene: Scene) -> None:
    _silent_after(scene)
    scene.say("D'abord ceci.")
    scene.say("Puis cela.")
    _tell(scene, lambda log: [*log[:3], log[4], log[3]])
    scene.liar.cut_lines()
    scene.reader.reload()
    scene.reader.alarm("log_forked")
    scene.still_reads(FIRST, SECOND)


def test_l6_an_entry_left_out_with_its_number_is_noticed_and_said(scene: Scene) -> None:
    _tell(scene, lambda log: [*log[:3], *log[4:]])
    scene.say("Ceci manquera.")
    scene.say("Ceci arrivera.")
    scene.reader.alarm("log_forked")
    scene.still_reads(FIRST, SECOND)


def test_l8_an_entry_left_out_of_its_place_is_said_as_removed(scene: Scene) -> None:
    _tell(scene, lambda log: [replace(one, shown=number != 3) for number, one in enumerate(log)])
    scene.say("Ceci manquera.")
    scene.say("Ceci arrivera.")
    _says(scene, "removed_by_host")
    scene.still_reads(FIRST, SECOND)


def test_l7_a_log_rolled_back_is_noticed_and_said(scene: Scene) -> None:
    _tell(scene, lambda log: log[:2])
    scene.say("Peu importe.")
    scene.reader.alarm("log_rolled_back")
    scene.still_reads(FIRST, SECOND)


def test_l7_a_log_forked_is_noticed_and_said(scene: Scene) -> None:
    _tell(scene, lambda log: [log[0], *log[2:]])
    scene.say("Une autre suite.")
    scene.say("Et encore.")
    scene.reader.alarm("log_forked", name=scene.ines.account.name)
    scene.still_reads(FIRST, SECOND)


def test_e17_a_wrap_changed_by_the_host_is_said_and_nothing_is_sealed(scene: Scene) -> None:
    _tell(scene, lambda log: [*log[:3], *(replace(one, wrap=_another(one.wrap)) for one in log[3:])])
    scene.ines.renew(scene.conversation)
    scene.say("Sous la nouvelle clé")
    scene.reader.alarm("wrap_withheld")
    _says(scene, "not_for_me")
    expect(scene.thread.region.get_by_text(say("composer.blocked"))).to_be_visible()
    scene.still_reads(FIRST, SECOND)


def test_f1_another_version_of_the_protocol_asks_for_a_reload(scene: Scene) -> None:
    scene.liar.tell(NewerProtocol())
    scene.reader.page.reload()
    expect(scene.reader.page.get_by_text(say("outdated.title"))).to_be_visible(timeout=SOON)
    accessible(scene.reader.page)


# --- keys -------------------------------------------------------------------------------------------


def test_k17_a_device_put_into_the_database_is_refused_and_said(scene: Scene) -> None:
    assert scene.ines.keys is not None
    device = stranger()
    head = plant(scene.stage.server, scene.ines, device_statement(scene.ines.keys.log, device))
    plant_device(scene.stage.server, scene.ines, device)
    _say_news(scene, head)
    scene.reader.alarm("key_log_refused")
    scene.still_reads(FIRST, SECOND)


def test_k17_a_person_key_put_into_the_database_is_refused_and_said(scene: Scene) -> None:
    assert scene.ines.keys is not None
    head = plant(scene.stage.server, scene.ines, key_statement(scene.ines.keys.log, stranger()))
    _say_news(scene, head)
    scene.reader.alarm("key_log_refused")
    scene.still_reads(FIRST, SECOND)


def test_k15_a_key_log_made_shorter_is_refused_and_said(scene: Scene) -> None:
    shorter = _statements(scene)[:-1]
    chain = b64(scene.ines.chain)
    _say_news(scene, head_of(shorter), AnotherKeyLog(chain, lambda statements: statements[:-1]))
    scene.reader.alarm("key_log_refused")
    scene.still_reads(FIRST, SECOND)


def test_k15_a_key_log_with_another_past_is_refused_and_said(scene: Scene) -> None:
    assert scene.ines.keys is not None
    kept = _statements(scene)[:-1]
    other = _other_key(scene, kept)
    chain = b64(scene.ines.chain)
    _say_news(
        scene, head_of([*kept, other]), AnotherKeyLog(chain, lambda statements: [*statements[:-1], other])
    )
    scene.reader.alarm("key_log_refused")
    scene.still_reads(FIRST, SECOND)


def test_k15_another_identity_of_a_known_person_blocks_until_looked_at(scene: Scene) -> None:
    mallory = Scribe(scene.stage.server, scene.stage.account()).join()
    assert mallory.keys is not None
    log = mallory.keys.log
    head = {"n": log.head.n, "hash": b64(log.head.hash)}
    lie = AnotherIdentity(scene.ines.me["id"], b64(log.chain), head)
    scene.liar.tell(News(scene.ines.me["id"], b64(log.chain), head, lie))
    scene.reader.reload()
    scene.reader.alarm("identity_changed", name=scene.ines.account.name)
    expect(scene.thread.region.get_by_text(say("composer.blocked"))).to_be_visible()
    scene.still_reads(FIRST, SECOND)


def _say_news(scene: Scene, head: Json, also: AnotherKeyLog | None = None) -> None:
    scene.liar.tell(News(scene.ines.me["id"], b64(scene.ines.chain), head, also))
    scene.liar.cut_lines()
    scene.reader.reload()


def _statements(scene: Scene) -> list[bytes]:
    assert scene.ines.keys is not None
    return list(scene.ines.keys.statements)


def _other_key(scene: Scene, before: list[bytes]) -> bytes:
    """What the owner never said, although signed by the owner: only the pin can tell."""
    return new_key(fold(before), scene.ines.device, None, 1_800_000_000, scene.ines.chance).step.statement


def _another(wrap: str | None) -> str | None:
    return None if wrap is None else wrap[:-8] + "AAAAAAAA"


def _altered(told: Told) -> Told:
    return replace(told, entry=told.entry[:-1] + bytes([told.entry[-1] ^ 1]))
