"""What the vectors cannot show: any changed byte, questions about the past, and who wins a quarrel."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.errors import KEY_LOG_CODES, Refused
from accounts.keylog import extend, fold
from accounts.objects import H, object_hash
from accounts.publickeys import is_good_key
from messaging.client import person, xwing
from messaging.client.chance import SeededChance
from messaging.client.device import new_device, paper_device
from messaging.client.sealing import CannotOpen
from tests import vectors
from tests.vectors.making.keylog import signed
from tests.vectors.making.world import NOW, world

ANNA = world()["anna"]


@given(st.integers(0, 5), st.data())
def test_k1_any_changed_byte_is_refused(n: int, data: st.DataObject) -> None:
    statement = bytearray(ANNA.statements[n])
    statement[data.draw(st.integers(0, len(statement) - 1))] ^= data.draw(st.integers(1, 255))
    before = ANNA.log(n) if n else None
    with pytest.raises(Refused):
        extend(before, bytes(statement))


def test_k12_the_past_is_answered_without_reading_it_again() -> None:
    log, first, second, paper = ANNA.log(), ANNA.first.id, ANNA.devices["anna-2"].id, ANNA.paper.id
    two, three = {first, paper}, {first, paper, second}
    assert [set(log.devices_at(n)) for n in range(6)] == [{first}, two, two, three, three, two]
    assert [log.generation_at(n) for n in range(6)] == [0, 0, 1, 1, 2, 3]
    assert [log.hash_at(n) for n in range(-1, 7)] == [None, *map(object_hash, ANNA.statements), None]
    assert [log.revoked_since(n) for n in (4, 5)] == [{second}, frozenset()]


def test_k12_a_longer_log_answers_about_its_beginning_as_the_shorter_did() -> None:
    for n, (shorter, longer) in enumerate(pairwise(ANNA.log(count) for count in range(1, 7))):
        assert longer.devices_at(n).keys() == shorter.devices_at(n).keys()
        assert longer.generation_at(n) == shorter.generation_at(n)


def test_k11_a_log_counts_from_its_first_key() -> None:
    assert [ANNA.log(count).counts for count in range(1, 7)] == [False, False, True, True, True, True]


def test_k8_the_replaced_unsealing_key_gets_the_seeds_from_then_on() -> None:
    before, after = ANNA.log(4).devices[ANNA.first.id], ANNA.log(5).devices[ANNA.first.id]
    assert before.unseal != after.unseal == ANNA.first.unseal
    assert before.id == after.id == H("device", before.sign, before.unseal)
    assert person.open_seed(ANNA.log(), ANNA.first, ANNA.sealed["anna-1"]) == ANNA.seeds[3]


def test_k9_thief_and_owner_revoke_each_other_and_the_first_in_the_log_wins() -> None:
    chance = SeededChance("quarrel")
    log, owner, thief = ANNA.log(5), ANNA.first, ANNA.devices["anna-2"]
    by_owner = person.new_key(log, owner, ANNA.seeds[2], NOW, chance, revoked=thief.id)
    by_thief = person.new_key(log, thief, ANNA.seeds[2], NOW, chance, revoked=owner.id)
    for first, second in ((by_owner, by_thief), (by_thief, by_owner)):
        with pytest.raises(Refused, match="bad_chain"):
            extend(first.step.log, second.step.statement)


def test_k9_paper_revokes_a_stolen_browser_once_it_has_added_another() -> None:
    chance, bruno = SeededChance("lost"), world()["bruno"]
    added = new_device(chance)
    step = person.recover(bruno.statements, bruno.code, bruno.sealed["bruno-paper"], added, NOW, chance)
    revoked = person.new_key(step.log, added, bruno.seeds[1], NOW, chance, revoked=bruno.first.id)
    assert set(revoked.step.log.devices) == {added.id, bruno.paper.id}
    with pytest.raises(Refused, match="not_active"):
        person.new_key(revoked.step.log, bruno.first, revoked.seed, NOW, chance)


def test_k13_a_seed_opens_for_the_device_it_names_and_for_no_other() -> None:
    log = ANNA.log()
    assert person.open_seed(log, ANNA.paper, ANNA.sealed["anna-paper"]) == ANNA.seeds[3]
    impostor = replace(ANNA.first, unseal_seed=bytes(32))
    with pytest.raises(CannotOpen):
        person.open_seed(log, impostor, ANNA.sealed["anna-1"])


def test_k7_an_earlier_seed_that_lies_is_left_out() -> None:
    assert person.open_earlier(ANNA.log(), {3: ANNA.seeds[3]}) == ANNA.seeds
    assert person.open_earlier(ANNA.log(), {3: bytes(32)}) == {3: bytes(32)}


def test_k17_an_empty_log_is_no_log() -> None:
    with pytest.raises(Refused, match="bad_chain"):
        fold([])


@given(st.binary(min_size=32, max_size=32))
def test_b7_every_key_that_was_made_is_good(seed: bytes) -> None:
    assert is_good_key(xwing.public_key(seed))


def test_x_every_code_of_a_key_log_is_reached_by_a_vector() -> None:
    folder = Path(vectors.__file__).parent / "keylog"
    reached = {json.loads(path.read_text())["code"] for path in folder.glob("*.json")}
    # `paper_protected` is the server's own rule (K14).
    assert set(KEY_LOG_CODES) - reached == {"paper_protected"}


def test_k16_a_device_that_none_of_mine_signed_cannot_be_in_my_log() -> None:
    dora, planted = world()["dora"], new_device(SeededChance("planted"))
    fields = {
        **person.placed("device.add", ANNA.log(), NOW),
        "device": planted.public,
        "seed_hash": bytes(32),
    }
    for signer in (planted, dora.first):
        with pytest.raises(Refused, match="not_active"):
            extend(ANNA.log(), signed(fields, signer, planted))


def test_o4_the_hash_of_an_object_covers_its_signature() -> None:
    statement = ANNA.statements[0]
    assert object_hash(statement) == H("object", statement)
    assert object_hash(statement) != object_hash(statement[:-1] + bytes([statement[-1] ^ 1]))


def test_p3_the_paper_device_is_derived_from_the_code_alone() -> None:
    assert paper_device(ANNA.code) == ANNA.paper
    assert ANNA.paper.sign_seed == H("paper", "sign", ANNA.code)
    assert ANNA.paper.unseal_seed == H("paper", "unseal", ANNA.code)
