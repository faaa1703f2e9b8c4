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
    number = int.from_bytes(code, "big") << _CHECKED | _check(code)
    letters = "".join(_LETTERS[number >> shift & 31] for shift in range(5 * (_WRITTEN - 1), -1, -5))
    return "-".join(letters[at : at + 4] for at in range(0, _WRITTEN, 4))


def read_code(written: str) -> bytes:
    """Raises BadRecoveryCode."""
    # ASCII only before folding: some other letters fold into ASCII ones.
    letters = written.replace(" ", "").replace("-", "")
    if not letters.isascii() or len(letters) != _WRITTEN:
        raise BadRecoveryCode
    number = 0
    for letter in letters.upper().translate(_SAME):
        if letter not in _LETTERS:
            raise BadRecoveryCode
        number = number << 5 | _LETTERS.index(letter)
    code = (number >> _CHECKED).to_bytes(CODE, "big")
    if number & ((1 << _CHECKED) - 1) != _check(code):
        raise BadRecoveryCode
    return code


def signing_seed(code: bytes) -> bytes:
    return H("paper", "sign", code)


def unsealing_seed(code: bytes) -> bytes:
    return H("paper", "unseal", code)


def _check(code: bytes) -> int:
    return int.from_bytes(H("recovery-check", code)[:3], "big") >> 4
