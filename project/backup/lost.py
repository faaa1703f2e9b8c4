"""What a restoration takes back of the administration, and must be done again."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import DatabaseError

from accounts import clock
from accounts.models import Action
from accounts.models.actions import Outcome, What

_LOOKED_BACK = 30 * 24 * 3600


class Act(NamedTuple):
    at: datetime
    what: str
    target: str


def lately() -> list[Act] | None:
    """From the database that is about to be replaced; None when it does not answer any more."""
    try:
        rows = Action.objects.filter(at__gt=clock.ago(_LOOKED_BACK), outcome=Outcome.DONE).order_by("at")
        return [Act(row.at, What(row.what).label, f"{row.sort} {row.target}") for row in rows]
    except DatabaseError:
        return None


def since(acts: Sequence[Act] | None, moment: datetime) -> list[Act] | None:
    return None if acts is None else [act for act in acts if act.at > moment]
