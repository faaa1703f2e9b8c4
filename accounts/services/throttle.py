"""Token buckets in the database, so that every process counts alike, Redis or not."""

from datetime import datetime
from math import ceil

from django.db import transaction
from django.utils.crypto import salted_hmac

from accounts import clock
from accounts.errors import Refused
from accounts.limits import Rate, rate
from accounts.models import Bucket


def take(name: str, subject: str) -> None:
    """Takes one token or raises Refused("throttled"). Before the work, so that parallel tries count too."""
    missing = _take(name, subject)
    if missing > 0:
        raise Refused("throttled", retry_after=max(1, ceil(missing * rate(name).seconds_per_token)))


def give_back(name: str, subject: str) -> None:
    """After a success: only failures use a bucket up."""
    with transaction.atomic():
        bucket = _locked(name, subject)
        bucket.tokens = min(float(rate(name).burst), _filled(bucket, rate(name), clock.now()) + 1)
        bucket.at = clock.now()
        bucket.save()


def clear(name: str, subject: str) -> None:
    """Full again."""
    Bucket.objects.filter(pk=_key(name, subject)).delete()


def may_take(name: str, subject: str) -> bool:
    return _take(name, subject) <= 0


def _take(name: str, subject: str) -> float:
    """How much is missing to one token; when nothing is, the token is taken."""
    with transaction.atomic():
        bucket, now = _locked(name, subject), clock.now()
        tokens = _filled(bucket, rate(name), now)
        if tokens < 1:
            return 1 - tokens
        bucket.tokens, bucket.at = tokens - 1, now
        bucket.save()
    return 0


def _locked(name: str, subject: str) -> Bucket:
    full = {"rate": name, "tokens": float(rate(name).burst), "at": clock.now()}
    key = _key(name, subject)
    Bucket.objects.get_or_create(pk=key, defaults=full)
    return Bucket.objects.select_for_update().get(pk=key)


def _filled(bucket: Bucket, at_rate: Rate, now: datetime) -> float:
    passed = max(0.0, (now - bucket.at).total_seconds())
    return min(float(at_rate.burst), bucket.tokens + passed / at_rate.seconds_per_token)


def _key(name: str, subject: str) -> bytes:
    return salted_hmac(f"accounts.throttle.{name}", subject, algorithm="sha256").digest()
