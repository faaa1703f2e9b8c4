"""X-Wing, the hybrid of ML-KEM-768 and X25519 (PROTOCOL.md B4)."""

import hashlib
from typing import Final

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from nacl.bindings import crypto_scalarmult, crypto_scalarmult_base

from messaging.client import lattice

ENCAPSULATION: Final = 1120
_LATTICE_KEY: Final = 1184
_LATTICE_ENCAPSULATION: Final = 1088
_LABEL: Final = rb"\./" + rb"/^" + b"\\"


def public_key(seed: bytes) -> bytes:
    lattice_key, scalar = _expand(seed)
    return lattice_key.public_key().public_bytes_raw() + crypto_scalarmult_base(scalar)


def encapsulate(public: bytes, scalar: bytes) -> tuple[bytes, bytes]:
    """Encapsulation and shared secret; the lattice part draws from the system."""
    shared, encapsulation = MLKEM768PublicKey.from_public_bytes(public[:_LATTICE_KEY]).encapsulate()
    return _hybrid(public, encapsulation, shared, scalar)


def encapsulate_from(public: bytes, randomness: bytes) -> tuple[bytes, bytes]:
    """The same from 64 given bytes: the lattice's message, then the scalar."""
    encapsulation, shared = lattice.encapsulate(public[:_LATTICE_KEY], randomness[:32])
    return _hybrid(public, encapsulation, shared, randomness[32:])


def decapsulate(seed: bytes, encapsulation: bytes) -> bytes:
    lattice_key, scalar = _expand(seed)
    point = encapsulation[_LATTICE_ENCAPSULATION:]
    shared = lattice_key.decapsulate(encapsulation[:_LATTICE_ENCAPSULATION])
    return _combine(shared, crypto_scalarmult(scalar, point), point, crypto_scalarmult_base(scalar))


def _hybrid(public: bytes, encapsulation: bytes, shared: bytes, scalar: bytes) -> tuple[bytes, bytes]:
    point, theirs = crypto_scalarmult_base(scalar), public[_LATTICE_KEY:]
    return encapsulation + point, _combine(shared, crypto_scalarmult(scalar, theirs), point, theirs)


def _combine(lattice_shared: bytes, curve_shared: bytes, point: bytes, public: bytes) -> bytes:
    return hashlib.sha3_256(lattice_shared + curve_shared + point + public + _LABEL).digest()


def _expand(seed: bytes) -> tuple[MLKEM768PrivateKey, bytes]:
    expanded = hashlib.shake_256(seed).digest(96)
    return MLKEM768PrivateKey.from_seed_bytes(expanded[:64]), expanded[64:]
