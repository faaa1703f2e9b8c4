"""A field with a pattern takes what the pattern says and not one character more."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from msgspec import inspect

from accounts import protocol
from tests.messaging.make_frames import sample


def _patterned() -> Iterator[tuple[type[msgspec.Struct], str]]:
    for base in (protocol.Body, protocol.Answer):
        for kind in base.__subclasses__():
            shape = inspect.type_info(kind)
            if kind.__module__ != protocol.__name__ or not isinstance(shape, inspect.StructType):
                continue
            for field in shape.fields:
                if isinstance(field.type, inspect.StrType) and field.type.pattern:
                    yield kind, field.encode_name


@pytest.mark.parametrize("end", ["\n", "\r\n", "\x00", " ", "="])
@pytest.mark.parametrize(("kind", "field"), list(_patterned()))
def test_h3_nothing_may_follow(kind: type[msgspec.Struct], field: str, end: str) -> None:
    good = _sample(kind)
    msgspec.convert(good, kind)
    if (kind, field) == (protocol.FindPeople, "q") and end != "\x00":
        return  # words may end in anything that can be stored
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**good, field: good[field] + end}, kind)


def _sample(kind: type[msgspec.Struct]) -> dict[str, Any]:
    made = sample(inspect.type_info(kind))
    assert isinstance(made, dict)
    return made
