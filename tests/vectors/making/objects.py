"""O, H7: objects and signatures."""
# ruff: noqa: E501  # one row, one vector

from nacl.signing import SigningKey

from accounts.codec import Value, encode
from accounts.objects import H, object_hash
from messaging.client.chance import SeededChance
from messaging.client.device import new_device
from tests.vectors.making.case import Case, Cases, case, tagged
from tests.vectors.making.sealing import flipped

ORDER = 2**252 + 27742317777372353535851937790883648493
# Keys and nonces of small order, canonical and not.
SMALL_ORDER_KEYS = {
    "one": b"\x01" + bytes(31),
    "zero": bytes(32),
    "minus-one": bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    "order-8": bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    "one-loose": bytes.fromhex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
}


def cases() -> Cases:
    return {**_objects(), **_signatures(), **_sessions(), **_hashes()}


def _objects() -> Cases:
    device = new_device(SeededChance("objects"))
    body = encode({"a": 1})
    good = device.signed_object("marker", body)
    signature = good[-64:]
    parts: list[Value] = [1, "marker", body, device.id, signature]

    def read(comment: str, data: bytes, code: str | None, rule: str = "O3", label: str = "marker") -> Case:
        given = {"object": data, "label": label, "key": device.sign}
        if code is not None:
            return case(rule, comment, "object.read", given, "refused", code)
        return case(
            rule,
            comment,
            "object.read",
            given,
            "accepted",
            hash=object_hash(data),
            body=body,
            signer=device.id,
        )

    def but(at: int, value: Value) -> bytes:
        return encode([*parts[:at], value, *parts[at + 1 :]])

    other = device.signed_object("message", body)
    swapped = encode([1, "marker", body, device.id, other[-64:]])
    return {
        "accept": read("a marker's form", good, None, "O1"),
        "refuse-label-swapped": read("signed for another place, label rewritten", swapped, "bad_signature", "O2"),
        "refuse-other-label": read("an object of another place", other, "malformed"),
        "refuse-suite-0": read("no such suite", but(0, 0), "malformed", "B1"),
        "refuse-suite-2": read("a newer suite, even with a good form", but(0, 2), "newer_version", "B1"),
        "refuse-suite-text": read("suite is an integer", but(0, "1"), "malformed", "B1"),
        "refuse-suite-before-label": read(
            "the suite is looked at before the label", encode([2, "x", *parts[2:]]), "newer_version", "B1"
        ),
        "refuse-suite-before-form": read(
            "and before the form of the rest, which is the newer suite's", encode([2, "marker", None, None, b""]),
            "newer_version", "B1",
        ),
        "refuse-label-bytes": read("label is text", but(1, b"marker"), "malformed", "O1"),
        "refuse-body-text": read("bytes are bytes", but(2, "a"), "malformed", "O1"),
        "refuse-body-map": read("the map itself instead of its bytes", but(2, {"a": 1}), "malformed", "O1"),
        "refuse-signer-short": read("31 bytes", but(3, device.id[1:]), "malformed", "O1"),
        "refuse-signer-null": read("nobody", but(3, None), "malformed", "O1"),
        "refuse-signature-short": read("63 bytes", but(4, signature[1:]), "malformed", "O1"),
        "refuse-signature-null": read("unsigned", but(4, None), "malformed", "O1"),
        "refuse-four": read("an element less", encode(parts[:4]), "malformed", "O1"),
        "refuse-six": read("an element more", encode([*parts, None]), "malformed", "O1"),
        "refuse-map": read("not an array", encode({"suite": 1}), "malformed", "O1"),
        "refuse-trailing": read("something follows", good + b"\0", "malformed", "C6"),
        "refuse-other-signer": read("the signer is signed too", but(3, bytes(32)), "bad_signature", "O2"),
        "refuse-other-body": read("", but(2, encode({"a": 2})), "bad_signature", "O2"),
        "refuse-too-long": read("a byte over a marker's limit", _of_size(parts, 1025), "malformed", "O6"),
        "refuse-longest": read("just within: read, and the signature is wrong", _of_size(parts, 1024), "bad_signature", "O6"),
        **{
            f"refuse-changed-{at}": read("a changed byte of the signature", flipped(good, at - 64), "bad_signature", "B3")
            for at in (0, 31, 32, 63)
        },
    }  # fmt: skip


def _of_size(parts: list[Value], size: int) -> bytes:
    for filler in range(size):
        data = encode([*parts[:2], bytes(filler), *parts[3:]])
        if len(data) == size:
            return data
    raise AssertionError(size)


def _signatures() -> Cases:
    seed, message = SeededChance("signatures").draw(32), b"a message"
    key = SigningKey(seed).verify_key.encode()
    signature = SigningKey(seed).sign(message).signature
    scalar = int.from_bytes(signature[32:], "little")
    lax = signature[:32] + (scalar + ORDER).to_bytes(32, "little")

    def check(comment: str, key: bytes, signature: bytes, code: str | None = "bad_signature") -> Case:
        given = {"key": key, "message": message, "signature": signature}
        return case("B3", comment, "signature", given, "refused" if code else "accepted", code)

    made = {
        "signature-good": check("", key, signature, None),
        "signature-lax": check("S + L is the same point and another signature", key, lax),
        "signature-order": check("S = L", key, signature[:32] + ORDER.to_bytes(32, "little")),
        "signature-zero": check("all zero", key, bytes(64)),
        "signature-key-short": check("31 bytes of key", key[1:], signature),
    }
    for name, point in SMALL_ORDER_KEYS.items():
        made[f"signature-key-{name}"] = check("a key of small order signs anything", point, point + bytes(32))
        made[f"signature-nonce-{name}"] = check("R of small order", key, point + signature[32:])
    return made


def _sessions() -> Cases:
    chance = SeededChance("sessions")
    device, challenge = new_device(chance), chance.draw(32)
    signature = device.signs_session(challenge)
    right = {"key": device.sign, "device": device.id, "challenge": challenge, "signature": signature}
    seeds = {"sign_seed": device.sign_seed, "unseal_seed": device.unseal_seed, "challenge": challenge}
    object_signature = device.signed_object("marker", challenge)[-64:]
    made = {
        "session-sign": case(
            "H7", "", "session.sign", seeds, "accepted", device=device.id, signature=signature
        ),
        "session-check": case("H7", "", "session.check", right, "accepted"),
    }
    wrong = {
        "other-challenge": ("once, for this challenge", {"challenge": bytes(32)}),
        "other-device": ("the device is named in what is signed", {"device": bytes(32)}),
        "as-object": ("an object's signature is never taken for it", {"signature": object_signature}),
    }
    for name, (comment, change) in wrong.items():
        made[f"session-refuse-{name}"] = case(
            "H7", comment, "session.check", right | change, "refused", "bad_signature"
        )
    return made


def _hashes() -> Cases:
    values: dict[str, tuple[str, list[Value]]] = {
        "label": ("a label alone", ["log"]),
        "log": ("L1, h(0)", ["log", bytes(32)]),
        "parts": ("numbers, text, null and bytes", ["epoch", 3, None, b"\x01", "a"]),
        "border": ("parts are encoded, never only joined", ["ab", "c"]),
        "other-border": ("", ["a", "bc"]),
    }
    return {
        f"hash-{name}": case(
            "B2", comment, "hash", {}, "accepted", hash=H(str(value[0]), *value[1:])
        ) | {"input": {"value": tagged(value)}}
        for name, (comment, value) in values.items()
    }  # fmt: skip
