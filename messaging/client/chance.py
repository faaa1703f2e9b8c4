"""Where randomness comes from: the system, or a seed when the bytes must be the same in every run."""

import hashlib
import os
from typing import Protocol

from messaging.client import xwing


class Chance(Protocol):
    def draw(self, size: int) -> bytes: ...

    def encapsulate(self, public: bytes) -> tuple[bytes, bytes]:
        """Encapsulation and shared secret."""


class SystemChance:
    def draw(self, size: int) -> bytes:
        return os.urandom(size)

    def encapsulate(self, public: bytes) -> tuple[bytes, bytes]:
        return xwing.encapsulate(public, os.urandom(32))


class SeededChance:
    """For vectors and tests only: whoever knows the seed knows every key."""

    def __init__(self, seed: str) -> None:
        self._seed = seed.encode()
        self._drawn = 0

    def draw(self, size: int) -> bytes:
        self._drawn += 1
        return hashlib.shake_256(self._seed + b"/" + str(self._drawn).encode()).digest(size)

    def encapsulate(self, public: bytes) -> tuple[bytes, bytes]:
        return xwing.encapsulate_from(public, self.draw(64))
