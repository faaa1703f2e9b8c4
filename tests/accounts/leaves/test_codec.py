"""The codec against a general library that serves as an oracle (PROTOCOL.md C)."""

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import shapes
from accounts.codec import LARGEST, Malformed, Value, decode, encode

LIMIT = 1 << 20
ATOMS = st.none() | st.booleans() | st.integers(0, LARGEST) | st.binary(max_size=70) | st.text(max_size=70)
VALUES: st.SearchStrategy[Value] = st.recursive(
    ATOMS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=5),
    max_leaves=20,
)


def deep(value: Value) -> int:
    match value:
        case list():
            return 1 + max(map(deep, value), default=0)
        case dict():
            return 1 + max(map(deep, value.values()), default=0)
    return 0


@given(VALUES.filter(lambda value: deep(value) <= 8))
def test_c1_what_is_encoded_decodes_to_itself(value: Value) -> None:
    assert decode(encode(value), LIMIT) == value


@given(VALUES.filter(lambda value: deep(value) <= 8))
def test_c2_an_oracle_reads_the_same_value(value: Value) -> None:
    assert cbor2.loads(encode(value)) == value


@given(VALUES.filter(lambda value: deep(value) <= 8))
def test_c4_an_oracle_in_canonical_mode_writes_the_same_bytes(value: Value) -> None:
    assert cbor2.dumps(value, canonical=True) == encode(value)


@given(st.binary(max_size=200))
def test_c6_any_bytes_are_refused_or_are_the_one_encoding(data: bytes) -> None:
    try:
        value = decode(data, LIMIT)
    except Malformed:
        return
    assert encode(value) == data
    assert cbor2.loads(data) == value


@given(VALUES.filter(lambda value: deep(value) <= 8), st.data())
def test_c6_a_cut_encoding_is_refused(value: Value, data: st.DataObject) -> None:
    whole = encode(value)
    with pytest.raises(Malformed):
        decode(whole[: data.draw(st.integers(0, len(whole) - 1))], LIMIT)


@pytest.mark.parametrize("value", [-1, LARGEST + 1, "\ud800", 1.5, {1: 2}, object()])
def test_c1_what_has_no_encoding_is_not_written(value: Value) -> None:
    with pytest.raises(Malformed):
        decode(encode(value), LIMIT)


def test_c5_nothing_deeper_than_eight_is_written() -> None:
    value: Value = []
    for _ in range(7):
        value = [value]
    assert decode(encode(value), LIMIT) == value
    with pytest.raises(Malformed):
        encode([value])


@pytest.mark.parametrize("value", [{}, {"a": 1}, {"a": 1, "b": 2, "c": 3}, [], None])
def test_c7_one_field_more_or_less_is_refused(value: Value) -> None:
    with pytest.raises(Malformed):
        shapes.fields(value, frozenset({"a", "b"}))


@pytest.mark.parametrize(
    "value", [[], [1], [1, bytes(31)], [1, bytes(32), 0], [True, bytes(32)], ["1", bytes(32)]]
)
def test_c8_a_position_is_a_number_and_a_hash(value: Value) -> None:
    with pytest.raises(Malformed):
        shapes.position(value)


@pytest.mark.parametrize("value", [True, 253402300800, "0", None])
def test_c8_a_time_is_whole_seconds_up_to_the_year_9999(value: Value) -> None:
    assert shapes.time(253402300799) == shapes.LAST_TIME
    with pytest.raises(Malformed):
        shapes.time(value)
