"""B1: whatever reads what others wrote answers generated inputs with a refusal of its own, never with another
exception. Every such reader of the code is in a table below; one that is in none fails the build."""

import ast
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from msgspec import Struct, inspect

import accounts.pairing
from accounts import at_rest, codec, edge, keylog, objects, recovery, statements
from accounts.codec import Value
from accounts.errors import Refused, Unavailable
from accounts.protocol import octets
from accounts.services import batches
from messaging import envelopes, marking
from messaging.client import contents, messages, sealing, state
from messaging.client.chance import SystemChance
from messaging.client.device import new_device
from messaging.exporting import bodies, frames
from messaging.frames import read_frame
from tests.architecture.sources import ROOT
from tests.messaging.make_frames import sample
from tests.mutations import Mutations
from tests.scale import Scale
from tests.vectors.running.given import FOLDER, WORLD

REFUSALS = (
    Refused, Unavailable, recovery.BadRecoveryCode, messages.Unreadable, sealing.CannotOpen,
    msgspec.MsgspecError,
)  # fmt: skip
_KEY, _CHANCE = bytes(range(32)), SystemChance()
_DEVICE = new_device(_CHANCE)
_STATEMENTS = [bytes.fromhex(text) for text in WORLD["anna"]["statements"]]
_SEALED_RECORDS = [
    sealing.seal_record(_KEY, "entries", "1", record, bytes(24))
    for record in (b"", b"x" * 100, _STATEMENTS[0])
]


class Bytes(NamedTuple):
    read: Callable[[bytes], object]
    corpus: Callable[[], list[bytes]]


class Text(NamedTuple):
    read: Callable[[str], object]
    corpus: list[str]


def _found(read: Callable[[bytes], object]) -> Bytes:
    """Its examples are those of the vectors that it accepts."""
    return Bytes(read, lambda: [data for data in _vectors() if _refusal(read, data) is None][:80])


def _canonical(data: bytes) -> Value:
    value = codec.decode(data, codec.LARGEST)
    assert codec.encode(value) == data  # C2: what is accepted has one form
    return value


_CSV = "email;prénom;nom;profession;lieu;rpps;rôle\nines@example.fr;Inès;BAHRI;60;Les Tilleuls;;membre\n"
OCTETS: dict[str, Bytes] = {
    "accounts/codec.py:decode": _found(_canonical),
    "accounts/objects.py:read_object": _found(lambda data: objects.read_object(data, "key-log")),
    "accounts/statements.py:read_statement": _found(statements.read_statement),
    "accounts/keylog.py:extend": Bytes(
        lambda data: keylog.extend(keylog.fold(_STATEMENTS[:3]), data), lambda: _STATEMENTS
    ),
    "accounts/at_rest.py:open_at_rest": Bytes(
        lambda data: at_rest.open_at_rest(data, purpose="totp", owner="1"),
        lambda: [at_rest.seal_at_rest(b"secret", purpose="totp", owner="1")],
    ),
    "messaging/envelopes.py:read_entry": _found(envelopes.read_entry),
    "messaging/marking.py:read_marker": _found(marking.read_marker),
    "messaging/client/contents.py:read_content": _found(lambda data: contents.read_content(data, "team")),
    "messaging/client/contents.py:read_text": _found(contents.read_text),
    "messaging/client/messages.py:read_fields": _found(messages.read_fields),
    "messaging/client/state.py:read_state": _found(state.read_state),
    "messaging/client/sealing.py:open_record": Bytes(
        lambda data: sealing.open_record(_KEY, "entries", "1", data), lambda: _SEALED_RECORDS
    ),
    "messaging/client/sealing.py:open_sealed": Bytes(
        lambda data: sealing.open_sealed(_DEVICE.unseal_seed, ["x"], data),
        lambda: [sealing.seal(_DEVICE.unseal, ["x"], b"secret", _CHANCE)],
    ),
}
TEXTS: dict[str, Text] = {
    "accounts/recovery.py:read_code": Text(recovery.read_code, [recovery.write_code(bytes(range(20)))]),
    "accounts/pairing.py:read_code": Text(
        accounts.pairing.read_code, [accounts.pairing.write_code(bytes(range(accounts.pairing.CODE)))]
    ),
    "accounts/services/batches.py:read_batch": Text(batches.read_batch, [_CSV, _CSV.replace(";", "\t")]),
    "accounts/protocol.py:octets": Text(octets, ["AAAA", "_-8", "A" * 43]),
}
# Named like readers; nothing that others wrote reaches them but through one of those above.
NONE: dict[str, str] = {
    "accounts/shapes.py:octets": "of what codec.decode gave, for every reader above",
    "accounts/edge.py:decode": "once for every body, below",
    "accounts/edge.py:open_route": "declares a route",
    "accounts/services/new_start.py:open_new_start": "an act",
    "accounts/services/vault.py:open_vault": "an act",
    "messaging/frames.py:read_frame": "once for every frame, below",
    "messaging/envelopes.py:read_message": "of read_entry",
    "messaging/envelopes.py:read_leave": "of read_entry",
    "messaging/epochs.py:read_epoch": "of read_entry",
    "messaging/services/facts.py:read_facts": "reads tables",
    "messaging/services/windows.py:open_windows": "writes tables",
    "messaging/services/windows.py:open_for": "writes tables",
    "messaging/client/entries.py:open_wrap": "open_sealed in a context",
    "messaging/client/messages.py:open_message": "decrypts; what is inside goes to read_content",
    "messaging/client/messages.py:open_with_key": "decrypts; what is inside goes to read_content",
    "messaging/client/person.py:open_seed": "open_sealed in a context",
    "messaging/client/person.py:open_sealed_seed": "open_sealed in a context",
    "messaging/client/person.py:open_earlier": "decrypts what the own key log holds",
}
_READER = re.compile(r"(read|decode|open|parse|unpack|extend|octets)(_[a-z_]+)?")
_FOLDERS = ("accounts", "accounts/services", "messaging", "messaging/services", "messaging/client")


def test_every_reader_is_in_a_table() -> None:
    assert set(_readers()) == {*OCTETS, *TEXTS, *NONE}


def _readers() -> Iterator[str]:
    paths = [path for folder in _FOLDERS for path in sorted((ROOT / folder).glob("*.py"))]
    for path in paths:
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and _READER.fullmatch(node.name):
                yield f"{path.relative_to(ROOT)}:{node.name}"


@pytest.mark.parametrize("name", OCTETS)
def test_generated_bytes_are_refused_or_read(name: str, scale: Scale, slowest: "Slowest") -> None:
    read, corpus = OCTETS[name].read, OCTETS[name].corpus()
    assert corpus
    change = Mutations(len(name))
    refused = sum(slowest.of(name, read, change.octets(corpus)) for _ in range(_count(scale)))
    assert refused > _count(scale) // 10


@pytest.mark.django_db
@pytest.mark.parametrize("name", TEXTS)
def test_generated_texts_are_refused_or_read(name: str, scale: Scale, slowest: "Slowest") -> None:
    read, corpus = TEXTS[name]
    change = Mutations(len(name))
    for _ in range(_count(scale)):
        slowest.of(name, read, change.text(corpus))


@pytest.mark.parametrize("kind", frames()[0], ids=lambda kind: kind.__name__)
def test_f8_generated_frames_of_every_sort_are_frames_or_nothing(
    kind: type[Struct], scale: Scale, slowest: "Slowest"
) -> None:
    change, corpus = Mutations(len(kind.__name__)), [_sample(kind)]

    def read(data: bytes) -> None:
        if read_frame(data.decode("utf-8", "surrogateescape")) is None:
            raise Refused("bad_request")

    read(json.dumps(corpus[0]).encode())
    refused = sum(slowest.of(kind.__name__, read, change.json(corpus)) for _ in range(_count(scale)))
    assert refused > _count(scale) // 4


@pytest.mark.parametrize("kind", bodies(), ids=lambda kind: kind.__name__)
def test_h3_generated_bodies_of_every_sort_are_bodies_or_refused(
    kind: type[Struct], scale: Scale, slowest: "Slowest"
) -> None:
    change, corpus = Mutations(len(kind.__name__)), [_sample(kind)]

    def read(data: bytes) -> None:
        edge.decode(_posted(data), kind, {}, 1024 * 1024)

    read(json.dumps(corpus[0]).encode())
    for _ in range(_count(scale)):
        slowest.of(kind.__name__, read, change.json(corpus))


def _posted(data: bytes) -> HttpRequest:
    return RequestFactory().post("/", data, content_type="application/json")


def _count(scale: Scale) -> int:
    return scale.count(1_000, fast=50, long=50_000)


def _sample(kind: type[Struct]) -> Mapping[str, Any]:
    found: dict[str, Any] = sample(inspect.type_info(kind))
    return found


class Slowest:
    """B1 asks for 100 ms each. On a busy machine that says little, so it is told and not asserted."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}

    def of(self, name: str, read: Callable[[Any], object], data: Any) -> bool:
        """Whether it was refused; anything else that is raised ends the test."""
        begun = time.perf_counter()
        refusal = _refusal(read, data)
        self._seconds[name] = max(self._seconds.get(name, 0.0), time.perf_counter() - begun)
        return refusal is not None

    def tell(self) -> None:
        for name, seconds in sorted(self._seconds.items(), key=lambda row: -row[1])[:5]:
            print(f"slowest input of {name}: {seconds * 1000:.1f} ms")


@pytest.fixture(scope="module")
def slowest() -> Iterator[Slowest]:
    found = Slowest()
    yield found
    found.tell()


def _refusal(read: Callable[[Any], object], data: Any) -> Exception | None:
    try:
        read(data)
    except REFUSALS as refused:
        return refused
    return None


@cache
def _vectors() -> tuple[bytes, ...]:
    """All bytes of all vectors, and what lies inside them."""
    texts = {text for path in _files() for text in _hex_of(json.loads(path.read_text()))}
    found = {bytes.fromhex(text) for text in texts}
    for _ in range(3):
        found |= {inner for data in found for inner in _inside(data)}
    return tuple(sorted(found, key=lambda data: (len(data), data)))


def _files() -> list[Path]:
    return [FOLDER / "world.json", *sorted(p for p in FOLDER.glob("*/*.json") if p.parent.name != "frames")]


def _hex_of(value: Any) -> Iterator[str]:
    if isinstance(value, str) and re.fullmatch(r"([0-9a-f]{2}){4,}", value):
        yield value
    elif isinstance(value, Mapping | list):
        for held in value.values() if isinstance(value, Mapping) else value:
            yield from _hex_of(held)


def _inside(data: bytes) -> Iterator[bytes]:
    try:
        yield from _bytes_of(codec.decode(data, codec.LARGEST))
    except Refused:
        return


def _bytes_of(value: Value) -> Iterator[bytes]:
    if isinstance(value, bytes):
        yield value
    elif isinstance(value, Mapping | list):
        for held in value.values() if isinstance(value, Mapping) else value:
            yield from _bytes_of(held)
