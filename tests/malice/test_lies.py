"""Each lie of a host, told to a real browser: refused, and said on the screen in plain French within 5 s."""

from playwright.sync_api import expect

from tests.e2e.looks import accessible
from tests.e2e.words import say
from tests.malice import acts
from tests.malice.conftest import FIRST, SECOND, Scene

SOON = 5_000


def _says(scene: Scene, cause: str) -> None:
    expect(scene.thread.region.get_by_text(say(f"cause.{cause}")).first).to_be_visible(timeout=SOON)


# --- entries ----------------------------------------------------------------------------------------


def test_l5_an_entry_replayed_is_refused_and_said(scene: Scene) -> None:
    acts.replays_an_entry(scene)
    scene.reader.alarm("entry_refused")
    _says(scene, "replayed")
    accessible(scene.reader.page)
    scene.still_reads(FIRST, SECOND, "Encore une chose.")


def test_l9_an_entry_altered_on_its_way_is_refused_and_said(scene: Scene) -> None:
    acts.alters_an_entry(scene)
    scene.reader.alarm("entry_refused")
    _says(scene, "altered")
    expect(scene.thread.log.get_by_text("Trois comprimés.")).to_have_count(0)
    scene.still_reads(FIRST, SECOND)


def test_l9_an_entry_under_a_past_epoch_is_refused_and_said(scene: Scene) -> None:
    acts.brings_an_entry_late(scene)
    scene.reader.alarm("entry_refused")
    _says(scene, "past_epoch")
    scene.still_reads(FIRST, SECOND)


def test_l6_two_entries_swapped_are_noticed_and_said(scene: Scene) -> None:
    acts.swaps_two_entries(scene)
    scene.reader.alarm("log_forked")
    scene.still_reads(FIRST, SECOND)


def test_l6_an_entry_left_out_with_its_number_is_noticed_and_said(scene: Scene) -> None:
    acts.leaves_an_entry_out(scene)
    scene.reader.alarm("log_forked")
    scene.still_reads(FIRST, SECOND)


def test_l8_an_entry_left_out_of_its_place_is_said_as_removed(scene: Scene) -> None:
    acts.leaves_a_place_empty(scene)
    _says(scene, "removed_by_host")
    scene.still_reads(FIRST, SECOND)


def test_l7_a_log_rolled_back_is_noticed_and_said(scene: Scene) -> None:
    acts.rolls_the_log_back(scene)
    scene.reader.alarm("log_rolled_back")
    scene.still_reads(FIRST, SECOND)


def test_l7_a_log_forked_is_noticed_and_said(scene: Scene) -> None:
    acts.forks_the_log(scene)
    scene.reader.alarm("log_forked", name=scene.ines.account.name)
    scene.still_reads(FIRST, SECOND)


def test_e17_a_wrap_changed_by_the_host_is_said_and_nothing_is_sealed(scene: Scene) -> None:
    acts.changes_a_wrap(scene)
    scene.reader.alarm("wrap_withheld")
    _says(scene, "not_for_me")
    expect(scene.thread.region.get_by_text(say("composer.blocked"))).to_be_visible()
    scene.still_reads(FIRST, SECOND)


def test_f1_another_version_of_the_protocol_asks_for_a_reload(scene: Scene) -> None:
    acts.speaks_a_newer_version(scene)
    expect(scene.reader.page.get_by_text(say("outdated.title"))).to_be_visible(timeout=SOON)
    accessible(scene.reader.page)


# --- keys -------------------------------------------------------------------------------------------


def test_k17_a_device_put_into_the_database_is_refused_and_said(scene: Scene) -> None:
    acts.plants_a_device(scene)
    scene.reader.alarm("key_log_refused")
    scene.still_reads(FIRST, SECOND)


def test_k17_a_person_key_put_into_the_database_is_refused_and_said(scene: Scene) -> None:
    acts.plants_a_person_key(scene)
    scene.reader.alarm("key_log_refused")
    scene.still_reads(FIRST, SECOND)


def test_k15_a_key_log_made_shorter_is_refused_and_said(scene: Scene) -> None:
    acts.shortens_a_key_log(scene)
    scene.reader.alarm("key_log_refused")
    scene.still_reads(FIRST, SECOND)


def test_k15_a_key_log_with_another_past_is_refused_and_said(scene: Scene) -> None:
    acts.gives_a_key_log_another_past(scene)
    scene.reader.alarm("key_log_refused")
    scene.still_reads(FIRST, SECOND)


def test_k15_another_identity_of_a_known_person_blocks_until_looked_at(scene: Scene) -> None:
    acts.gives_a_person_another_identity(scene)
    scene.reader.alarm("identity_changed", name=scene.ines.account.name)
    expect(scene.thread.region.get_by_text(say("composer.blocked"))).to_be_visible()
    scene.still_reads(FIRST, SECOND)
