"""Token buckets in memory: how many at once, then one each so many seconds (F10)."""

import time
from math import ceil

from accounts.errors import Refused
from accounts.limits import Rate, rate


class Buckets:
    """One for each device: another socket is no second allowance."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._of: dict[bytes, Bucket] = {}

    def wait(self, device: bytes) -> int:
        """0 when a token was there."""
        return self._of.setdefault(device, Bucket(rate(self._name))).take()

    def take(self, device: bytes) -> None:
        wait = self.wait(device)
        if wait:
            raise Refused("throttled", retry_after=wait)

    def forget_full(self) -> None:
        self._of = {device: bucket for device, bucket in self._of.items() if not bucket.is_full}


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
