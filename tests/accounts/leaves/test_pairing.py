"""What the vectors cannot show of adding a device: every code is read as written, and any changed byte."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.errors import Refused
from accounts.keylog import extend
from accounts.objects import object_hash
from accounts.pairing import check_offer, read_code, write_code
from messaging.client.chance import SeededChance
from messaging.client.device import new_device
from messaging.client.pairing import complete, countersign, keys_of, make_answer, make_offer
from messaging.client.person import open_seed
from messaging.client.pins import KeyLogRefused
from tests.vectors.making.world import NOW, world

CODE, PERSON = bytes(range(10)), bytes(16)
ANNA, NEW = world()["anna"], new_device(SeededChance("a new device"))
OFFER = make_offer(CODE, PERSON, NEW)
ANSWER = make_answer(
    CODE, PERSON, keys_of(NEW), OFFER, ANNA.log(), ANNA.first, ANNA.seeds[3], NOW, SeededChance("an answer")
)


def changed(whole: bytes, data: st.DataObject) -> bytes:
    other = bytearray(whole)
    other[data.draw(st.integers(0, len(other) - 1))] ^= data.draw(st.integers(1, 255))
    return bytes(other)


@given(st.binary(min_size=10, max_size=10))
def test_d1_every_code_is_read_as_it_was_written(code: bytes) -> None:
    written = write_code(code)
    assert (len(written), written.count("-")) == (19, 3)
    assert read_code(written.lower().replace("-", " ")) == code


@given(st.text(max_size=30))
def test_d1_any_text_is_read_or_refused(written: str) -> None:
    try:
        code = read_code(written)
    except Refused:
        return
    assert len(code) == 10


@given(st.data())
def test_d3_any_changed_byte_of_an_offer_ends_it(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["id", "sign", "unseal", "mac"]))
    mac, keys = OFFER, keys_of(NEW)
    if name == "mac":
        mac = changed(mac, data)
    else:
        keys = replace(keys, **{name: changed(getattr(keys, name), data)})
    with pytest.raises(Refused, match="bad_code"):
        check_offer(CODE, PERSON, keys, mac)


@given(st.data())
def test_d5_any_changed_byte_of_an_answer_is_countersigned_by_nobody(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["map", "sealed", "mac"]))
    answer = replace(ANSWER, **{name: changed(getattr(ANSWER, name), data)})
    with pytest.raises(KeyLogRefused):
        countersign(CODE, PERSON, NEW, answer, list(ANNA.statements), ANNA.first.id)


def test_d6_both_sides_together_add_the_device_with_the_seed() -> None:
    statements = list(ANNA.statements)
    signature, seed = countersign(CODE, PERSON, NEW, ANSWER, statements, ANNA.first.id)
    step = complete(ANNA.log(), ANNA.first, ANSWER.map, signature)
    assert extend(ANNA.log(), step.statement).head.hash == object_hash(step.statement)
    assert open_seed(step.log, NEW, ANSWER.sealed) == seed == ANNA.seeds[3]


def test_d6_of_two_offers_that_were_answered_the_second_comes_too_late() -> None:
    signature, _ = countersign(CODE, PERSON, NEW, ANSWER, list(ANNA.statements), ANNA.first.id)
    moved = complete(ANNA.log(), ANNA.first, ANSWER.map, signature).log
    with pytest.raises(Refused, match="bad_chain"):
        complete(moved, ANNA.first, ANSWER.map, signature)
