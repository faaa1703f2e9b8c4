"""B, V: keys, sealing, the vault."""
# ruff: noqa: E501  # one row, one vector

from typing import Any

from accounts.codec import Value, encode
from accounts.publickeys import is_good_key
from messaging.client import sealing, xwing
from messaging.client.chance import Chance, SeededChance
from tests.vectors.making.case import Case, Cases, case

Q = 3329
SMALL_ORDER_POINTS = {
    "zero": bytes(32),
    "one": b"\x01" + bytes(31),
    "order-8": bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    "other-order-8": bytes.fromhex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
    "minus-one": bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    "prime": bytes.fromhex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    "prime-and-one": bytes.fromhex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
}


class GivenChance:
    """Exactly the randomness that the vector names."""

    def __init__(self, randomness: bytes) -> None:
        self._randomness = randomness

    def draw(self, size: int) -> bytes:
        assert size == len(self._randomness)
        return self._randomness

    def encapsulate(self, public: bytes) -> tuple[bytes, bytes]:
        return xwing.encapsulate_from(public, self._randomness)


def flipped(data: bytes, at: int) -> bytes:
    changed = bytearray(data)
    changed[at] ^= 1
    return bytes(changed)


def bad_lattice_key(public: bytes, value: int = Q) -> bytes:
    """The first coefficient becomes `value`."""
    return bytes([value & 255, public[1] & 0xF0 | value >> 8]) + public[2:]


def cases() -> Cases:
    chance = SeededChance("sealing")
    return {**_public_keys(chance), **_xwing(chance), **_seal(chance)}


def _public_keys(chance: Chance) -> Cases:
    public = xwing.public_key(chance.draw(32))
    keys = {
        "public": ("as made", public),
        "coefficient-3328": ("the largest coefficient", bad_lattice_key(public, Q - 1)),
        "coefficient-3329": ("a coefficient that is not reduced", bad_lattice_key(public)),
        "coefficient-4095": (
            "the last coefficient is not reduced",
            public[:1150] + b"\xf0\xff" + public[1152:],
        ),
        "short": ("a byte less", public[:-1]),
        "long": ("a byte more", public + b"\0"),
        "high-bit": ("X25519 ignores the last bit", public[:-1] + bytes([public[-1] | 128])),
    }
    keys |= {f"point-{name}": ("of small order", public[:-32] + p) for name, p in SMALL_ORDER_POINTS.items()}
    return {f"publickey-{name}": _public_key(comment, key) for name, (comment, key) in keys.items()}


def _public_key(comment: str, key: bytes) -> Case:
    good = is_good_key(key)
    return case(
        "B7",
        comment,
        "publickey",
        {"key": key},
        "accepted" if good else "refused",
        None if good else "bad_key",
    )


def _xwing(chance: Chance) -> Cases:
    made: Cases = {}
    for number in range(3):
        seed, randomness = chance.draw(32), chance.draw(64)
        public = xwing.public_key(seed)
        encapsulation, shared = xwing.encapsulate_from(public, randomness)
        made[f"xwing-public-{number}"] = case(
            "B4", "seed expanded by SHAKE256", "xwing.public", {"seed": seed}, "accepted", public=public
        )
        made[f"xwing-encapsulate-{number}"] = case(
            "B4", "", "xwing.encapsulate", {"public": public, "randomness": randomness}, "accepted",
            encapsulation=encapsulation, shared=shared,
        )  # fmt: skip
        made[f"xwing-decapsulate-{number}"] = _decapsulated("", seed, encapsulation)
        changed = flipped(encapsulation, 5)
        made[f"xwing-implicit-{number}"] = _decapsulated(
            "a changed encapsulation gives another secret, not an error", seed, changed
        )
    return made


def _decapsulated(comment: str, seed: bytes, encapsulation: bytes) -> Case:
    shared = xwing.decapsulate(seed, encapsulation)
    given = {"seed": seed, "encapsulation": encapsulation}
    return case("B4", comment, "xwing.decapsulate", given, "accepted", shared=shared)


def _seal(chance: Chance) -> Cases:
    seed, randomness, plaintext = chance.draw(32), chance.draw(64), chance.draw(32)
    public = xwing.public_key(seed)
    context: Value = ["wrap", 1, b"\x01" * 32]
    bound = encode(context)
    sealed = sealing.seal(public, context, plaintext, GivenChance(randomness))
    right: dict[str, bytes] = {"seed": seed, "context": bound, "sealed": sealed}
    made = {
        "seal": case(
            "B6", "the key is used once, so the nonce is zero", "seal.make",
            {"to": public, "context": bound, "plaintext": plaintext, "randomness": randomness}, "accepted",
            sealed=sealed,
        ),
        "open": case("B6", "", "seal.open", right, "opened", plaintext=plaintext),
    }  # fmt: skip
    wrong: dict[str, tuple[str, dict[str, Any]]] = {
        "other-context": ("the context is part of the key", {"context": encode(["wrap", 1, b"\x02" * 32])}),
        "other-seed": ("sealed to somebody else", {"seed": chance.draw(32)}),
        "cut": ("a byte less", {"sealed": sealed[:-1]}),
        "longer": ("a byte more", {"sealed": sealed + b"\0"}),
        "short": ("less than an encapsulation and a tag", {"sealed": sealed[:1135]}),
        "empty": ("nothing", {"sealed": b""}),
        "point": (
            "a point of small order in the encapsulation",
            {"sealed": sealed[:1088] + bytes(32) + sealed[1120:]},
        ),
    }
    for at in (0, 1087, 1088, 1119, 1120, len(sealed) - 1):
        wrong[f"changed-{at}"] = ("a changed byte", {"sealed": flipped(sealed, at)})
    for name, (comment, change) in wrong.items():
        made[f"open-{name}"] = case("B6", comment, "seal.open", right | change, "unreadable", "cannot_open")
    return made


def vault_cases() -> Cases:
    chance = SeededChance("vault")
    vault, local, server = chance.draw(16), chance.draw(32), chance.draw(32)
    key, nonce, record = sealing.vault_key(vault, local, server), chance.draw(24), b"a record"
    sealed = sealing.seal_record(key, "entries", "42", record, nonce)
    right: dict[str, object] = {"key": key, "store": "entries", "id": "42", "sealed": sealed}
    made = {
        "key": case(
            "V1", "both halves and the vault's id", "vault.key",
            {"vault": vault, "local_half": local, "server_half": server}, "accepted", key=key,
        ),
        "make": case(
            "V3", "", "record.make", {"key": key, "store": "entries", "id": "42", "record": record, "nonce": nonce},
            "accepted", sealed=sealed,
        ),
        "open": case("V3", "", "record.open", right, "opened", record=record),
    }  # fmt: skip
    wrong: dict[str, tuple[str, dict[str, Any]]] = {
        "other-store": ("no record can take another's place", {"store": "outbox"}),
        "other-id": ("no record can take another's place", {"id": "43"}),
        "moved-border": ("store and id are two things, not one text", {"store": "entries4", "id": "2"}),
        "other-key": ("", {"key": chance.draw(32)}),
        "short": ("less than a nonce and a tag", {"sealed": sealed[:39]}),
        "changed-nonce": ("", {"sealed": flipped(sealed, 0)}),
        "changed-record": ("", {"sealed": flipped(sealed, 24)}),
        "changed-tag": ("", {"sealed": flipped(sealed, len(sealed) - 1)}),
    }
    for name, (comment, change) in wrong.items():
        made[f"open-{name}"] = case("V3", comment, "record.open", right | change, "unreadable", "cannot_open")
    return made
