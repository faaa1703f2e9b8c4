"""The sweep itself finds what it should find, however it is written down: else it would prove nothing."""

import base64
import gzip
import json
import os
import secrets
import urllib.parse
from pathlib import Path

import pytest

from tests.e2e.sweep import Sweep, dump_of_sqlite, memory_of, read

TEXT = "Kanari-Tilleul-é/ü+7 " + secrets.token_hex(8)
KEY = secrets.token_bytes(32)
SWEEP = Sweep({"text": TEXT, "key": KEY})

WRITTEN = {
    "raw": TEXT.encode(),
    "utf-16": TEXT.encode("utf-16-le"),
    "hex": KEY.hex().encode(),
    "HEX": KEY.hex().upper().encode(),
    "base64": base64.b64encode(KEY),
    "base64, one byte later": base64.b64encode(b"x" + KEY + b"after"),
    "base64, two bytes later": base64.b64encode(b"xy" + KEY + b"z"),
    "base64url": base64.urlsafe_b64encode(b"x" + TEXT.encode() + b"more"),
    "url": urllib.parse.quote(TEXT).encode(),
    "form": urllib.parse.quote_plus(TEXT).encode(),
    "json": json.dumps({"text": TEXT}).encode(),
}


@pytest.mark.parametrize("form", WRITTEN)
def test_a_secret_is_found_in_every_form(form: str) -> None:
    assert SWEEP.in_pieces("here", [os.urandom(5000) + WRITTEN[form] + os.urandom(5000)]) != set()


def test_a_secret_across_two_pieces_is_found() -> None:
    assert SWEEP.in_pieces("here", [b"x" * 99 + TEXT.encode()[:9], TEXT.encode()[9:] + b"y" * 99]) != set()


def test_a_packed_secret_is_found(tmp_path: Path) -> None:
    file = tmp_path / "packed"
    file.write_bytes(b"before" + gzip.compress(TEXT.encode()) + b"after")
    assert SWEEP.in_pieces("file", read(file)) != set()


def test_a_secret_in_the_memory_of_a_process_is_found() -> None:
    held = bytearray(KEY)
    assert SWEEP.in_pieces("memory", memory_of(os.getpid())) != set()
    assert held == KEY


def test_a_secret_in_a_dump_is_found(tmp_path: Path) -> None:
    import sqlite3

    with sqlite3.connect(tmp_path / "base") as base:
        base.execute("CREATE TABLE kept (what TEXT, key BLOB)")
        base.execute("INSERT INTO kept VALUES (?, ?)", (TEXT, KEY))
    assert {found.secret for found in SWEEP.in_pieces("dump", [dump_of_sqlite(tmp_path / "base")])} == {
        "text",
        "key",
    }


def test_what_is_not_there_is_not_found() -> None:
    other = Sweep({"text": "Kanari-Tilleul-" + secrets.token_hex(16), "key": secrets.token_bytes(32)})
    assert other.in_pieces("here", WRITTEN.values()) == set()
