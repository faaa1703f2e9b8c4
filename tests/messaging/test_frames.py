"""F8, H3: every frame and answer, accepted and refused, as both languages must see it."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.core.management import CommandError, call_command

from messaging import protocol
from messaging.exporting import answers, bodies, frames
from messaging.frames import read_frame
from tests.messaging.make_frames import PLACE, every_file

FILES = sorted(PLACE.glob("*.json"))
ANSWERS = {kind.__name__: kind for kind in answers()}


def test_the_vectors_are_what_the_protocol_says() -> None:
    assert {path.name: path.read_text() for path in FILES} == every_file()


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_f8_h3_vectors(path: Path) -> None:
    for case in json.loads(path.read_text()):
        expected = case["expect"] == "accepted"
        # The server makes answers and reads none: what is wrong with one, only the client has to know.
        if expected or case["direction"] != "answer":
            assert _is_accepted(case) == expected, case["comment"]


def _is_accepted(case: dict[str, Any]) -> bool:
    text = json.dumps(case["frame"])
    if case["direction"] == "from_client":
        return read_frame(text) is not None
    try:
        if case["direction"] == "from_server":
            msgspec.json.decode(text, type=protocol.FromServer)
        else:
            msgspec.json.decode(text, type=ANSWERS[case["name"]])
    except msgspec.ValidationError:
        return False
    return True


def test_f8_a_frame_is_sized_before_it_is_parsed() -> None:
    beat = '{"type":"beat","ref":1}'
    assert read_frame(beat + " " * (64 * 1024 - len(beat))) is not None
    assert read_frame(beat + " " * (64 * 1024 - len(beat) + 1)) is None


def test_a1_no_frame_and_no_body_has_a_word_for_plaintext() -> None:
    words = {"text", "body", "title", "subject", "content", "message", "plaintext", "file_name", "quote"}
    sent, dealt = frames()
    for kind in [*sent, *dealt, *bodies(), *answers()]:
        assert words & set(kind.__struct_fields__) == set(), kind


def test_h3_bodies_and_frames_refuse_a_field_too_many() -> None:
    sent, dealt = frames()
    for kind in [*sent, *dealt, *bodies()]:
        assert kind.__struct_config__.forbid_unknown_fields, kind
        assert kind.__struct_config__.frozen, kind


def test_a9_nothing_that_travels_prints_itself() -> None:
    frame = protocol.Append(1, "A" * 43, "secret")
    assert "secret" not in f"{frame!r} {frame}"


def test_the_client_has_this_protocol() -> None:
    call_command("export_protocol", check=True)


def test_a_difference_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "HELLO_HEADS", 7)
    with pytest.raises(CommandError):
        call_command("export_protocol", check=True)
