"""Live one-time codes (RFC 6238), as the person's telephone would show them."""

import hashlib
import hmac
from typing import Final

STEP: Final = 30
DIGITS: Final = 6


def code_at(secret: bytes, seconds: float) -> str:
    counter = int(seconds) // STEP
    mac = hmac.new(secret, counter.to_bytes(8, "big"), hashlib.sha1).digest()
    at = mac[-1] & 15
    number = int.from_bytes(mac[at : at + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"
