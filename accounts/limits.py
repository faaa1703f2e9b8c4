"""Typed reading of settings.LIMITS: every number that bounds a person or a machine is a setting."""

from typing import NamedTuple

from django.conf import settings


class Rate(NamedTuple):
    burst: int
    seconds_per_token: float


def limit(name: str) -> int:
    value = settings.LIMITS[name]
    assert isinstance(value, int)
    return value


def rate(name: str) -> Rate:
    value = settings.LIMITS[name]
    assert isinstance(value, tuple)
    return Rate(*value)
