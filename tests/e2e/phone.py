"""The application of one-time codes on somebody's phone (RFC 6238), which never shows a used code twice."""

import base64
import hmac
import time

from tests.e2e.waiting import until

STEP = 30
_AHEAD = 1  # the server takes a code one step early, so that two sign-ins need not be 30 s apart


class Phone:
    def __init__(self, secret: str) -> None:
        self._key = base64.b32decode(secret.replace(" ", "").upper())
        self._used = int(time.time()) // STEP - _AHEAD - 1

    def code(self) -> str:
        """A code that was not used before, as soon as there is one that the server takes."""
        until(
            lambda: self._used < int(time.time()) // STEP + _AHEAD, "a fresh code", within=STEP + 5, every=0.2
        )
        self._used = max(self._used + 1, int(time.time()) // STEP)
        return code_at(self._key, self._used)

    def wrong_code(self) -> str:
        good = {code_at(self._key, int(time.time()) // STEP + near) for near in range(-2, 4)}
        return next(code for code in (f"{number:06d}" for number in range(20)) if code not in good)


def code_at(key: bytes, step: int) -> str:
    mac = hmac.digest(key, step.to_bytes(8, "big"), "sha1")
    offset = mac[-1] & 15
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"
