"""ML-KEM-768 encapsulation from given randomness (FIPS 203, algorithms 14 and 17), for vectors only.

The library draws its own randomness, so bytes could not be compared. Slow and not constant in time: nothing
but the maker of vectors uses it, and the library opens what it made.
"""

import hashlib
from collections.abc import Sequence
from typing import Final

_Q: Final = 3329
_RANK: Final = 3
_HALF_INVERSE: Final = 3303  # 128 to the power of -1

Polynomial = list[int]


def _reversed_bits(number: int) -> int:
    return int(f"{number:07b}"[::-1], 2)


_ZETAS: Final = [pow(17, _reversed_bits(i), _Q) for i in range(128)]
_GAMMAS: Final = [pow(17, 2 * _reversed_bits(i) + 1, _Q) for i in range(128)]


def encapsulate(public: bytes, message: bytes) -> tuple[bytes, bytes]:
    """Encapsulation and shared secret."""
    derived = hashlib.sha3_512(message + hashlib.sha3_256(public).digest()).digest()
    return _encrypt(public, message, derived[32:]), derived[:32]


def _encrypt(public: bytes, message: bytes, seed: bytes) -> bytes:
    packed, rho = public[:-32], public[-32:]
    row = [_unpack(packed[384 * i : 384 * (i + 1)]) for i in range(_RANK)]
    noise = [_small(hashlib.shake_256(seed + bytes([i])).digest(128)) for i in range(2 * _RANK + 1)]
    secret = [_transform(noise[i]) for i in range(_RANK)]
    first = b""
    for i in range(_RANK):
        column = [_uniform(rho + bytes([i, j])) for j in range(_RANK)]
        u = _sum(_back(_inner(column, secret)), noise[_RANK + i])
        first += _compress(u, 10)
    bits = [1665 * (message[i // 8] >> i % 8 & 1) for i in range(256)]
    v = _sum(_sum(_back(_inner(row, secret)), noise[-1]), bits)
    return first + _compress(v, 4)


def _unpack(packed: bytes) -> Polynomial:
    number = int.from_bytes(packed, "little")
    return [number >> 12 * i & 4095 for i in range(256)]


def _compress(values: Polynomial, width: int) -> bytes:
    packed = 0
    for i, value in enumerate(values):
        packed |= (((value << width + 1) + _Q) // (2 * _Q) % (1 << width)) << width * i
    return packed.to_bytes(32 * width, "little")


def _small(stream: bytes) -> Polynomial:
    number = int.from_bytes(stream, "little")
    nibbles = [number >> 4 * i & 15 for i in range(256)]
    return [((n & 1) + (n >> 1 & 1) - (n >> 2 & 1) - (n >> 3)) % _Q for n in nibbles]


def _uniform(seed: bytes) -> Polynomial:
    values: Polynomial = []
    stream = hashlib.shake_128(seed).digest(1680)  # far beyond what 256 values ever needed
    for at in range(0, len(stream), 3):
        low, middle, high = stream[at : at + 3]
        values += [value for value in (low | (middle & 15) << 8, middle >> 4 | high << 4) if value < _Q]
    return values[:256]


def _transform(values: Polynomial) -> Polynomial:
    values, k, length = list(values), 1, 128
    while length >= 2:
        for start in range(0, 256, 2 * length):
            for j in range(start, start + length):
                turned = _ZETAS[k] * values[j + length]
                values[j + length] = (values[j] - turned) % _Q
                values[j] = (values[j] + turned) % _Q
            k += 1
        length //= 2
    return values


def _back(values: Polynomial) -> Polynomial:
    values, k, length = list(values), 127, 2
    while length <= 128:
        for start in range(0, 256, 2 * length):
            for j in range(start, start + length):
                held = values[j]
                values[j] = (held + values[j + length]) % _Q
                values[j + length] = _ZETAS[k] * (values[j + length] - held) % _Q
            k -= 1
        length *= 2
    return [value * _HALF_INVERSE % _Q for value in values]


def _inner(left: Sequence[Polynomial], right: Sequence[Polynomial]) -> Polynomial:
    total = [0] * 256
    for a, b in zip(left, right, strict=True):
        for i in range(0, 256, 2):
            total[i] += a[i] * b[i] + a[i + 1] * b[i + 1] * _GAMMAS[i // 2]
            total[i + 1] += a[i] * b[i + 1] + a[i + 1] * b[i]
    return [value % _Q for value in total]


def _sum(left: Polynomial, right: Polynomial) -> Polynomial:
    return [(a + b) % _Q for a, b in zip(left, right, strict=True)]
