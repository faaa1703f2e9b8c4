"""Sealing a small secret to a key, and records to the vault (PROTOCOL.md B5, B6, V)."""

from typing import Final

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError

from accounts.codec import Value, encode
from accounts.objects import H
from messaging.client import xwing
from messaging.client.chance import Chance

NONCE: Final = 24
TAG: Final = 16
_ZEROS: Final = bytes(NONCE)  # the key is used once


class CannotOpen(Exception):
    """Wrong key, wrong context or a changed byte: nobody can tell which."""


def encrypt(key: bytes, nonce: bytes, bound: bytes, plaintext: bytes) -> bytes:
    return crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, bound, nonce, key)


def decrypt(key: bytes, nonce: bytes, bound: bytes, ciphertext: bytes) -> bytes:
    try:
        return crypto_aead_xchacha20poly1305_ietf_decrypt(ciphertext, bound, nonce, key)
    except CryptoError as wrong:
        raise CannotOpen from wrong


def seal(to: bytes, context: Value, plaintext: bytes, chance: Chance) -> bytes:
    bound = encode(context)
    encapsulation, shared = chance.encapsulate(to)
    key = H("seal-to", shared, bound, encapsulation, to)
    return encapsulation + encrypt(key, _ZEROS, bound, plaintext)


def open_sealed(seed: bytes, context: Value, sealed: bytes) -> bytes:
    """Raises CannotOpen."""
    if len(sealed) < xwing.ENCAPSULATION + TAG:
        raise CannotOpen
    bound = encode(context)
    encapsulation, rest = sealed[: xwing.ENCAPSULATION], sealed[xwing.ENCAPSULATION :]
    try:
        shared = xwing.decapsulate(seed, encapsulation)
    except (CryptoError, RuntimeError) as wrong:  # a point of small order
        raise CannotOpen from wrong
    key = H("seal-to", shared, bound, encapsulation, xwing.public_key(seed))
    return decrypt(key, _ZEROS, bound, rest)


def vault_key(vault: bytes, local_half: bytes, server_half: bytes) -> bytes:
    return H("vault", vault, local_half, server_half)


def seal_record(key: bytes, store: str, id: str, record: bytes, nonce: bytes) -> bytes:
    return nonce + encrypt(key, nonce, encode(["record", store, id]), record)


def open_record(key: bytes, store: str, id: str, sealed: bytes) -> bytes:
    """Raises CannotOpen."""
    if len(sealed) < NONCE + TAG:
        raise CannotOpen
    return decrypt(key, sealed[:NONCE], encode(["record", store, id]), sealed[NONCE:])
