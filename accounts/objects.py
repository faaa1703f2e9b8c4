"""Signed objects: how they look, how they are hashed, whose signature they bear (PROTOCOL.md B2, B3, O).

Reading takes two steps: the shape first, the signature once the place has said whose it must be.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from nacl.bindings import crypto_sign_open
from nacl.exceptions import CryptoError

from accounts import shapes
from accounts.codec import Malformed, Value, decode, encode
from accounts.errors import Refused

SUITE: Final = 1
SIGNATURE: Final = 64
LIMITS: Final = {
    "key-log": 16 * 1024, "epoch": 256 * 1024, "message": 40 * 1024, "leave": 2 * 1024, "marker": 1024,
}  # fmt: skip


def H(label: str, *parts: Value) -> bytes:  # the name that the protocol text gives it
    return hashlib.blake2b(encode([label, *parts]), digest_size=32).digest()


def object_hash(data: bytes) -> bytes:
    return H("object", data)


@dataclass(frozen=True, slots=True)
class SignedObject:
    """A well-formed object whose signature nobody has checked yet."""

    label: str
    body: bytes
    signer: bytes
    signature: bytes
    hash: bytes

    def is_signed_by(self, key: bytes) -> bool:
        return is_signature(key, signed_part(self.label, self.body, self.signer), self.signature)


def signed_part(label: str, body: bytes, signer: bytes) -> bytes:
    return encode([SUITE, label, body, signer])


def read_object(data: bytes, label: str) -> SignedObject:
    """Raises Refused: `malformed`, or `newer_version` for a suite that is not known yet."""
    found, body, signer, signature = outline(decode(data, LIMITS[label]))
    if found != label:
        raise Malformed
    return SignedObject(
        label,
        shapes.octets(body),
        shapes.digest(signer),
        shapes.octets(signature, SIGNATURE),
        object_hash(data),
    )


def outline(value: Value) -> tuple[str, Value, Value, Value]:
    """Label, bytes, signer and signature of what is an object of this suite; the last three unread."""
    suite, label, body, signer, signature = shapes.array(value, 5)
    if shapes.integer(suite) > SUITE:
        raise Refused("newer_version")
    if suite != SUITE:
        raise Malformed
    return shapes.text(label), body, signer, signature


def is_signature(key: bytes, message: bytes, signature: bytes) -> bool:
    """Strict Ed25519: libsodium refuses lax scalars, small orders and keys written in another way."""
    if len(key) != shapes.HASH or len(signature) != SIGNATURE:
        return False
    try:
        crypto_sign_open(signature + message, key)
    except CryptoError:
        return False
    return True


def session_statement(challenge: bytes, device: bytes) -> bytes:
    """What a device signs to bind a session to itself (H7)."""
    return encode([SUITE, "session-device", challenge, device])


def consent_statement(revocation: bytes) -> bytes:
    """What a paper device signs to agree to a statement that revokes it, given by its hash (K19)."""
    return encode([SUITE, "paper-consent", revocation])
