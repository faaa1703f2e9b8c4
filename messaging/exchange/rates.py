"""Token buckets in memory: how many at once, then one each so many seconds (F10)."""

import time
from math import ceil

from accounts.limits import Rate


class Bucket:
    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._tokens = float(rate.burst)
        self._at = time.monotonic()

    def take(self) -> int:
        """0 when a token was there; else in how many seconds one will be."""
        now = time.monotonic()
        self._tokens = min(self._rate.burst, self._tokens + (now - self._at) / self._rate.seconds_per_token)
        self._at = now
        if self._tokens >= 1:
            self._tokens -= 1
            return 0
        return max(1, ceil((1 - self._tokens) * self._rate.seconds_per_token))

    @property
    def is_full(self) -> bool:
        passed = (time.monotonic() - self._at) / self._rate.seconds_per_token
        return self._tokens + passed >= self._rate.burst
