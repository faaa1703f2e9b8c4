"""Printed one-time codes: two characters that find the row, sixteen that prove it (80 bits, Argon2id)."""

import re
import secrets
from dataclasses import dataclass
from functools import lru_cache

from accounts import clock
from accounts.errors import Refused
from accounts.hashers import code_matches, hash_code
from accounts.limits import limit
from accounts.models import Person, PrintedCode

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no letter that looks like another
_SELECTOR = 2
_SECRET = 16
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


@dataclass(frozen=True, slots=True)
class NewCodes:
    plain: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]  # selector, hash

    def __repr__(self) -> str:
        return f"NewCodes({len(self.plain)})"


def new_codes() -> NewCodes:
    selectors = _selectors(limit("printed_codes"))
    pairs = [(selector, _random(_SECRET)) for selector in selectors]
    plain = tuple(_grouped(selector + secret) for selector, secret in pairs)
    return NewCodes(plain, tuple((selector, hash_code(secret)) for selector, secret in pairs))


def replace_codes(person: Person, codes: NewCodes) -> None:
    PrintedCode.objects.filter(person=person).delete()
    now = clock.now()
    PrintedCode.objects.bulk_create(
        PrintedCode(person=person, selector=selector, code_hash=hashed, created_at=now)
        for selector, hashed in codes.rows
    )


@dataclass(frozen=True, slots=True)
class Spent:
    row: int
    left: int


def spend_printed(person: Person, code: str) -> Spent:
    """Marks the code as used and tells how many are left. One hash whatever was typed."""
    typed = re.sub(r"[^0-9A-Z]", "", code.upper()).translate(_ALIKE)
    selector, secret = typed[:_SELECTOR], typed[_SELECTOR:]
    row = PrintedCode.objects.filter(person=person, selector=selector, used_at=None).first()
    matches = code_matches(secret, row.code_hash if row else _no_code())
    unused = PrintedCode.objects.filter(person=person, used_at=None)
    if row is None or not matches or not unused.filter(pk=row.pk).update(used_at=clock.now()):
        raise Refused("bad_code")
    return Spent(row.pk, unused.count())


@lru_cache(maxsize=1)
def _no_code() -> str:
    return hash_code(_random(_SECRET))


def _selectors(amount: int) -> list[str]:
    every = [first + second for first in ALPHABET for second in ALPHABET]
    return secrets.SystemRandom().sample(every, amount)


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _grouped(code: str) -> str:
    return "-".join([code[:_SELECTOR], *(code[at : at + 4] for at in range(_SELECTOR, len(code), 4))])
