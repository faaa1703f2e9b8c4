"""The codes that a phone would show (RFC 6238: SHA-1, 30 s, 6 digits)."""

import base64
import hmac
import time

PERIOD = 30


def code(secret: str, at: float) -> str:
    padded = secret.upper() + "=" * (-len(secret) % 8)
    mac = hmac.new(base64.b32decode(padded), int(at // PERIOD).to_bytes(8, "big"), "sha1").digest()
    offset = mac[-1] & 15
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def seconds_left(at: float) -> int:
    return PERIOD - int(at) % PERIOD


def now() -> float:
    return time.time()
