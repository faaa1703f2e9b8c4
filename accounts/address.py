"""E-mail addresses as sign-in names: exact but for the letter case, ASCII only.

Unicode is refused instead of folded: `K` (Kelvin) folds to `k`, so two addresses could become one account.
"""

import re

_FORM = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?"
)
LONGEST = 254


def address(text: str) -> str | None:
    """The one form of an address that is stored and compared, or None for what is no address."""
    if not text.isascii() or len(text) > LONGEST:
        return None
    lowered = text.lower()
    return lowered if _FORM.fullmatch(lowered) else None
