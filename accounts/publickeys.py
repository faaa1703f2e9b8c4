"""Which public keys are good enough to seal to (PROTOCOL.md B7). Nothing here seals."""

from typing import Final

from nacl.bindings import crypto_scalarmult
from nacl.exceptions import CryptoError

PUBLIC_KEY: Final = 1216
SEALED_SECRET: Final = 1120 + 32 + 16  # encapsulation, a secret of 32 bytes, its tag
_LATTICE: Final = 1152  # 768 coefficients of twelve bits; after them 32 bytes of seed, then the curve's key
_MODULUS: Final = 3329
_SCALAR: Final = b"\x01" * 32  # any scalar shows a point of small order


def is_good_key(key: bytes) -> bool:
    return len(key) == PUBLIC_KEY and _has_small_coefficients(key[:_LATTICE]) and _is_on_curve(key[-32:])


def _has_small_coefficients(packed: bytes) -> bool:
    for low, middle, high in zip(packed[0::3], packed[1::3], packed[2::3], strict=True):
        if low | (middle & 15) << 8 >= _MODULUS or middle >> 4 | high << 4 >= _MODULUS:
            return False
    return True


def _is_on_curve(point: bytes) -> bool:
    try:
        return any(crypto_scalarmult(_SCALAR, point))
    except (CryptoError, RuntimeError):
        return False
