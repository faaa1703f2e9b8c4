"""Which passwords are good enough: CNIL 2022-100, the case with a second factor and throttling (50 bits)."""

import gzip
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from accounts.folding import fold

LONGEST = 256
_FEWEST_DIFFERENT = 6
_WORDS = 7
_SHORTEST_NAME = 4
_CLASSES = (re.compile(r"[a-z]"), re.compile(r"[A-Z]"), re.compile(r"[0-9]"), re.compile(r"[^a-zA-Z0-9]"))
_LEET = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "€": "e", "!": "i"}
)


def is_strong(password: str, *, names: Iterable[str] = ()) -> bool:
    """`names` are words that everybody knows of this person: address, names, organisation."""
    if len(password) > LONGEST or len(set(password)) < _FEWEST_DIFFERENT:
        return False
    return _is_varied(password) and not _is_common(password) and not _names_someone(password, names)


def _is_varied(password: str) -> bool:
    classes = sum(1 for sort in _CLASSES if sort.search(password))
    by_classes = (len(password) >= 12 and classes == 4) or (len(password) >= 14 and classes >= 3)
    return by_classes or _is_phrase(password)


def _is_phrase(password: str) -> bool:
    words = [word for word in re.split(r"[\s\-_.,;]+", fold(password)) if len(word) > 1]
    return len(words) >= _WORDS and len(set(words)) >= _WORDS - 1


def _is_common(password: str) -> bool:
    return any(stem in _common() for stem in _stems(password))


def _stems(password: str) -> set[str]:
    """What is left of `Motdepasse2026!` and `M0tdepa$$e*12` when the usual decoration is taken off."""
    folded = fold(password)
    bare = re.sub(r"^[^a-z]+|[^a-z]+$", "", folded)
    plain = re.sub(r"[^a-z]", "", bare)
    spelled = re.sub(r"[^a-z]", "", bare.translate(_LEET))
    whole = re.sub(r"[^a-z0-9]", "", folded)
    return {once for stem in (bare, plain, spelled, whole) for once in (stem, _unrepeated(stem)) if once}


def _unrepeated(text: str) -> str:
    found = re.fullmatch(r"(.+?)\1+", text)
    return found.group(1) if found else text


def _names_someone(password: str, names: Iterable[str]) -> bool:
    folded = re.sub(r"[^a-z0-9]", "", fold(password))
    return any(part in folded for part in _name_parts(names))


def _name_parts(names: Iterable[str]) -> set[str]:
    parts = {part for name in names for part in re.split(r"[^a-z0-9]+", fold(name))}
    return {part for part in parts if len(part) >= _SHORTEST_NAME}


@cache
def _common() -> frozenset[str]:
    ours = (files("accounts") / "passwords_common.txt").read_text("utf-8").splitlines()
    # Django ships the 20,000 most common ones; nothing is gained by a copy of our own.
    theirs = gzip.decompress((files("django.contrib.auth") / "common-passwords.txt.gz").read_bytes()).decode()
    lines = (line.strip() for line in [*ours, *theirs.splitlines()])
    return frozenset(line for line in lines if len(line) >= _SHORTEST_NAME and not line.startswith("#"))
