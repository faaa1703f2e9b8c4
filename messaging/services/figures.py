"""Counts a day of what browsers showed and could not open (PROTOCOL.md H18): whose, is not kept."""

from collections import Counter
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate

from accounts import clock
from messaging.models import FigureCount


@transaction.atomic
def count_figures(shown: int, unreadable: Iterable[tuple[str, int]]) -> None:
    counts: Counter[str] = Counter({FigureCount.Cause.SHOWN.value: shown})
    for cause, count in unreadable:
        counts[cause] += count
    day = localdate(clock.now())
    for cause, count in sorted(counts.items()):  # in one order, so that no two wait for each other
        row, _ = FigureCount.objects.get_or_create(day=day, cause=cause)
        FigureCount.objects.filter(pk=row.pk).update(count=F("count") + count)
