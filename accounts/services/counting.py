"""Numbers in commit order."""

from typing import Literal

from django.db import transaction
from django.db.models import F

from accounts.models import Count


@transaction.atomic
def next_number(name: Literal["revocations", "key_log"]) -> int:
    """The count stays locked until the caller's commit, so that whoever has the next number commits later."""
    Count.objects.get_or_create(pk=name)
    Count.objects.filter(pk=name).update(n=F("n") + 1)
    return Count.objects.values_list("n", flat=True).get(pk=name)
