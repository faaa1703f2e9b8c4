"""The one place where accounts looks at the time, so that a test can move it."""

from datetime import datetime, timedelta

from django.utils import timezone


def now() -> datetime:
    return timezone.now()


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def ago(amount: int) -> datetime:
    return now() - timedelta(seconds=amount)


def ahead(amount: int) -> datetime:
    return now() + timedelta(seconds=amount)
