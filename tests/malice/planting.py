"""What whoever holds the database can do: put rows there that nobody signed."""

import sqlite3
import time
from collections.abc import Mapping

from accounts.codec import encode
from accounts.keylog import KeyLog
from accounts.objects import SUITE, object_hash
from accounts.protocol import b64
from messaging.client import xwing
from messaging.client.chance import SystemChance
from messaging.client.device import Device, new_device
from messaging.client.person import Fields, placed, seal_seed, seed_hash
from messaging.loghash import first_hash, next_hash
from tests.e2e.scribe import Scribe
from tests.malice.liar import Json
from tests.running import Colloque


def stranger() -> Device:
    return new_device(SystemChance())


def device_statement(log: KeyLog, added: Device) -> bytes:
    """A device put into somebody's log, signed by nobody of that log."""
    sealed = seal_seed(log, added.id, added, b"\0" * 32, SystemChance())
    body: Fields = {
        **placed("device.add", log, int(time.time())),
        "device": added.public,
        "seed_hash": seed_hash(sealed),
    }
    body["countersign"] = added.signs(encode([SUITE, "device-join", encode(body)]))
    return added.signed_object("key-log", encode(body))


def key_statement(log: KeyLog, signer: Device) -> bytes:
    """A person key that only the stranger can use."""
    public = xwing.public_key(SystemChance().draw(32))
    body: Fields = {
        **placed("key.new", log, int(time.time())),
        "generation": log.generation + 1,
        "public": public,
        "wraps": [[id, b"\1" * 32] for id in sorted(log.devices)],
        "earlier": [log.generation, b"\2" * 1168],
        "unseal": None,
    }
    return signer.signed_object("key-log", encode(body))


def plant(server: Colloque, owner: Scribe, statement: bytes) -> Json:
    """Writes the statement into the owner's key log and moves the head; gives what a host would then tell."""
    assert owner.keys is not None
    n, hash = owner.keys.log.head.n + 1, object_hash(statement)
    person = owner.me["id"]
    base = sqlite3.connect(server.folder / "colloque.sqlite3", timeout=20)
    with base:
        base.execute(
            "INSERT INTO accounts_keylogentry (person_id, chain, n, statement, hash, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (person, owner.chain, n, statement, hash, "2026-01-01 00:00:00"),
        )
        base.execute(
            "UPDATE accounts_person SET key_head_n = ?, key_head_hash = ? WHERE id = ?", (n, hash, person)
        )
        assert base.total_changes == 2
    base.close()
    return {"n": n, "hash": b64(hash)}


def plant_device(server: Colloque, owner: Scribe, device: Device) -> None:
    """Makes the stranger's device a row like any other of the owner's, so that sessions may use it."""
    row = (device.id, owner.me["id"], owner.chain, device.sign, device.unseal)
    base = sqlite3.connect(server.folder / "colloque.sqlite3", timeout=20)
    with base:
        base.execute(
            "INSERT INTO accounts_device"
            " (id, person_id, chain, sort, sign_key, unseal_key, added_n, added_at)"
            " VALUES (?, ?, ?, 'browser', ?, ?, 3, '2026-01-01 00:00:00')",
            row,
        )
    base.close()


def plant_entry(
    server: Colloque,
    team: bytes,
    entry: bytes,
    wraps: Mapping[bytes, bytes] | None = None,
    comes: Mapping[bytes, str] | None = None,
) -> int:
    """At the end of the log, judged by nobody; `comes`: person ids by chain, who are let in from there on.

    What the host itself thinks of the last epoch stays: it takes what honest clients make of the rest."""
    kind = "epoch" if wraps is not None else "message"
    base = sqlite3.connect(server.folder / "colloque.sqlite3", timeout=20)
    with base:
        asked = "SELECT head, hash FROM messaging_conversation WHERE id = ?"
        head, before = base.execute(asked, (team,)).fetchone()
        seq, hash = head + 1, object_hash(entry)
        h = next_hash(before, seq, hash)
        base.execute(
            "INSERT INTO messaging_entry (conversation_id, seq, kind, object, hash, h, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (team, seq, kind, entry, hash, h, int(time.time())),
        )
        base.executemany(
            "INSERT INTO messaging_wrap (conversation_id, seq, chain, sealed) VALUES (?, ?, ?, ?)",
            [(team, seq, chain, sealed) for chain, sealed in (wraps or {}).items()],
        )
        base.executemany(
            "INSERT INTO messaging_member"
            " (conversation_id, person_id, chain, role, joined, anchor, anchor_hash, paused, suspended)"
            " VALUES (?, ?, ?, 'member', ?, 0, ?, 0, 0)",
            [(team, person, chain, seq, first_hash(team)) for chain, person in (comes or {}).items()],
        )
        base.execute("UPDATE messaging_conversation SET head = ?, hash = ? WHERE id = ?", (seq, h, team))
    base.close()
    return int(seq)
