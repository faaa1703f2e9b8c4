"""Open after seal is the same; any changed byte is nothing; secrets keep silent."""

from dataclasses import replace
from functools import cache
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.codec import Value, encode
from messaging.client import lattice, sealing, xwing
from messaging.client.chance import SeededChance, SystemChance
from messaging.client.contents import Text, read_text, write_text
from messaging.client.device import new_device
from messaging.client.entries import Draft, MadeEpoch
from messaging.client.following import FollowedLog
from messaging.client.messages import (
    PADDED,
    TooLong,
    Unreadable,
    UnreadableCode,
    open_message,
    pad,
    padded_length,
    seal_content,
    unpad,
)
from messaging.client.person import start_keys
from messaging.client.sealing import CannotOpen
from messaging.client.state import Secret, State
from messaging.envelopes import Message
from tests.vectors.making.talk import Talk

SEED = SeededChance("sealing tests").draw(32)
PUBLIC = xwing.public_key(SEED)
CONTEXT: Value = ["test", 1]


@given(st.binary(max_size=100))
def test_b6_open_after_seal_is_the_same(plaintext: bytes) -> None:
    for chance in (SystemChance(), SeededChance("a")):
        assert (
            sealing.open_sealed(SEED, CONTEXT, sealing.seal(PUBLIC, CONTEXT, plaintext, chance)) == plaintext
        )


@given(st.data())
def test_b6_any_changed_byte_does_not_open(data: st.DataObject) -> None:
    sealed = bytearray(sealing.seal(PUBLIC, CONTEXT, bytes(32), SystemChance()))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(CannotOpen):
        sealing.open_sealed(SEED, CONTEXT, bytes(sealed))


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_b4_our_encapsulation_opens_in_the_library(seed: bytes, message: bytes) -> None:
    public = xwing.public_key(seed)
    encapsulation, shared = xwing.encapsulate_from(public, message + b"\x05" * 32)
    assert xwing.decapsulate(seed, encapsulation) == shared
    assert lattice.encapsulate(public[:1184], message)[0] == encapsulation[:1088]


@given(st.integers(1, PADDED))
def test_m4_padding_is_tight(length: int) -> None:
    size = padded_length(length)
    assert length <= size <= PADDED
    assert padded_length(size) == size
    if length > 4096:
        assert size - length < length / 8  # Padme never wastes more than 12 %


@given(st.binary(max_size=9000))
def test_m4_unpad_after_pad_is_the_same(content: bytes) -> None:
    assert unpad(pad(content)) == content


def test_m4_what_does_not_fit_is_not_sealed() -> None:
    assert len(pad(bytes(PADDED - 1))) == PADDED
    with pytest.raises(TooLong):
        pad(bytes(PADDED))


@given(st.data())
def test_m5_any_changed_byte_of_a_body_is_altered(data: st.DataObject) -> None:
    header = encode({"a": 1})
    commit, body = seal_content(SEED, header, b"content", bytes(24))
    at = data.draw(st.integers(0, len(body) - 1))
    other = body[:at] + bytes([body[at] ^ data.draw(st.integers(1, 255))]) + body[at + 1 :]
    with pytest.raises(Unreadable, match="altered"):
        sealing_opened(header, commit, other)


@cache
def some_message() -> Message:
    talk = Talk("altered")
    entry = talk.log.judged(talk.message()).entry
    assert isinstance(entry, Message)
    return entry


def sealing_opened(header: bytes, commit: bytes, body: bytes) -> bytes:
    entry = some_message()
    return open_message(SEED, replace(entry, header=header, commit=commit, body=body))


@pytest.mark.parametrize("text", ["", "a" * 8001])
def test_m6_a_text_has_1_to_8000_characters(text: str) -> None:
    with pytest.raises(TooLong):
        write_text(text)
    assert read_text(write_text("🩺" * 8000)).text == "🩺" * 8000


@given(st.binary(max_size=40), st.text(max_size=9), st.text(max_size=9))
def test_v3_a_record_opens_in_its_own_place_only(record: bytes, store: str, id: str) -> None:
    sealed = sealing.seal_record(SEED, store, id, record, bytes(24))
    assert sealing.open_record(SEED, store, id, sealed) == record
    with pytest.raises(CannotOpen):
        sealing.open_record(SEED, store + "x", id, sealed)


def test_a9_nothing_secret_prints() -> None:
    chance = SeededChance("silent")
    device, paper = new_device(chance), new_device(chance)
    log = FollowedLog(bytes(32), secrets={b"h": b"the epoch secret"})
    started = start_keys(device, paper, 0, chance)
    printed = repr(
        [
            device,
            started,
            log,
            Text("the text", None, ()),
            MadeEpoch(b"", {}, b"the secret"),
            Draft(()),
            State(secrets=(Secret(bytes(32), 0, b"the secret"),)),
        ]
    )
    assert repr(device.sign_seed) not in printed
    assert repr(device.unseal_seed) not in printed
    assert repr(started.seed) not in printed
    assert "the " not in printed


def test_m6_the_codes_of_the_unreadable_are_three() -> None:
    assert get_args(UnreadableCode) == ("altered", "malformed", "newer_version")


def test_b5_key_nonce_tag_and_bound_data_all_count() -> None:
    key, nonce = bytes(32), bytes(24)
    sealed = sealing.encrypt(key, nonce, b"bound", b"content")
    assert len(sealed) == len(b"content") + sealing.TAG
    assert sealing.decrypt(key, nonce, b"bound", sealed) == b"content"
    for wrong in ((b"\x01" * 32, nonce, b"bound"), (key, b"\x01" * 24, b"bound"), (key, nonce, b"other")):
        with pytest.raises(CannotOpen):
            sealing.decrypt(*wrong, sealed)
