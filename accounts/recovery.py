"""The recovery code: a device made of paper (PROTOCOL.md P1 to P3). It is only ever known in a browser."""

from typing import Final

from accounts.objects import H

CODE: Final = 20
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SAME: Final = str.maketrans({"I": "1", "L": "1", "O": "0"})
_WRITTEN: Final = 36
_CHECKED: Final = 20  # bits of the check, four letters


class BadRecoveryCode(ValueError):
    code: Final = "bad_recovery_code"


def write_code(code: bytes) -> str:
    return letters_of(int.from_bytes(code, "big") << _CHECKED | _check(code), _WRITTEN)


def read_code(written: str) -> bytes:
    """Raises BadRecoveryCode."""
    number = number_of(written, _WRITTEN)
    if number is None:
        raise BadRecoveryCode
    code = (number >> _CHECKED).to_bytes(CODE, "big")
    if number & ((1 << _CHECKED) - 1) != _check(code):
        raise BadRecoveryCode
    return code


def letters_of(number: int, size: int) -> str:
    """A number in so many letters of base 32, in groups of four (P1)."""
    letters = "".join(_LETTERS[number >> shift & 31] for shift in range(5 * (size - 1), -1, -5))
    return "-".join(letters[at : at + 4] for at in range(0, size, 4))


def number_of(written: str, size: int) -> int | None:
    """What so many letters say, however a person wrote them (P2); None when they say nothing."""
    # ASCII only before folding: some other letters fold into ASCII ones.
    letters = written.replace(" ", "").replace("-", "")
    if not letters.isascii() or len(letters) != size:
        return None
    number = 0
    for letter in letters.upper().translate(_SAME):
        if letter not in _LETTERS:
            return None
        number = number << 5 | _LETTERS.index(letter)
    return number


def signing_seed(code: bytes) -> bytes:
    return H("paper", "sign", code)


def unsealing_seed(code: bytes) -> bytes:
    return H("paper", "unseal", code)


def _check(code: bytes) -> int:
    return int.from_bytes(H("recovery-check", code)[:3], "big") >> 4
