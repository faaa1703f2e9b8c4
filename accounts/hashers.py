"""Argon2id for passwords and for printed one-time codes, with its cost as a setting."""

from functools import lru_cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import VerificationError
from django.contrib.auth.hashers import Argon2PasswordHasher

from accounts.limits import limit


class AccountArgon2(Argon2PasswordHasher):
    """Django's hasher with one lane and our cost; a changed cost is taken up at the next sign-in."""

    parallelism = 1

    @property
    def time_cost(self) -> int:  # type: ignore[override]  # a class attribute there, a setting here
        return limit("password_passes")

    @property
    def memory_cost(self) -> int:  # type: ignore[override]
        return limit("password_memory_kib")


def hash_code(code: str) -> str:
    return _code_hasher(limit("code_memory_kib"), limit("code_passes")).hash(code)


def code_matches(code: str, hashed: str) -> bool:
    try:
        return _code_hasher(limit("code_memory_kib"), limit("code_passes")).verify(hashed, code)
    except VerificationError:
        return False


@lru_cache(maxsize=4)
def _code_hasher(memory_kib: int, passes: int) -> PasswordHasher:
    return PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1, type=Type.ID)
