"""The national number of a health professional: 11 digits of which the last is a Luhn key."""

import re

_FORM = re.compile(r"[0-9]{11}", re.ASCII)


def is_rpps(text: str) -> bool:
    return _FORM.fullmatch(text) is not None and _luhn_sum(text) % 10 == 0


def _luhn_sum(digits: str) -> int:
    return sum(_weight(int(digit), place) for place, digit in enumerate(reversed(digits)))


def _weight(digit: int, place: int) -> int:
    doubled = digit * 2 if place % 2 else digit
    return doubled - 9 if doubled > 9 else doubled
