"""Figures of use. Each counts rows or adds sizes; none could tell what anybody wrote."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts import clock
from accounts.admin.history import last_actions
from accounts.models import Action, Person, Session
from accounts.models.actions import Outcome

DAY = 24 * 3600
WEEK = 7 * DAY


@dataclass(frozen=True, slots=True)
class Card:
    icon: str
    title: str
    figure: str
    beside: str
    under: str
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart laid on its side; `share` of 100."""

    title: str
    figure: str
    share: float


@dataclass(frozen=True, slots=True)
class Panel:
    """What another app adds to the page: cards, and a part with a template of its own."""

    cards: Callable[[], list[Card]]
    template: str
    figures: Callable[[], dict[str, Any]]


def dashboard(panels: Iterable[Panel]) -> dict[str, Any]:
    shown = list(panels)
    return {
        "cards": [_active(), *(card for panel in shown for card in panel.cards()), _refused()],
        "panels": [{"template": panel.template, "figures": panel.figures()} for panel in shown],
        "history": last_actions(),
    }


def spelled(number: int) -> str:
    """4 912, with the narrow space that French puts there."""
    return f"{number:,}".replace(",", "\u202f")


def compared(now: int, before: int) -> str:
    difference = now - before
    sign = "+" if difference >= 0 else "−"
    return f"{sign} {spelled(abs(difference))} par rapport à la semaine passée"


def _active() -> Card:
    now = _people_between(clock.ago(WEEK), clock.now())
    before = _people_between(clock.ago(2 * WEEK), clock.ago(WEEK))
    everybody = Person.objects.filter(state=Person.State.ACTIVE).count()
    beside = f"sur {spelled(everybody)}"
    return Card("person", "Personnes actives, 7 jours", spelled(now), beside, compared(now, before))


def _people_between(start: datetime, end: datetime) -> int:
    """Whoever had a session open at some moment of that time, with both factors given."""
    during = Q(created_at__lt=end, last_seen_at__gte=start, verified_at__isnull=False, admin=False)
    return Session.objects.filter(during).values("person").distinct().count()


def _refused() -> Card:
    rows = Action.objects.filter(outcome=Outcome.REFUSED, at__gte=clock.ago(WEEK)).order_by("-pk")
    count, newest = rows.count(), rows.first()
    under = f"{newest.get_what_display()}, {_at(newest.at)}" if newest else "aucun acte refusé en 7 jours"
    return Card("gpp_maybe", "Actes refusés, 7 jours", spelled(count), "", under, is_bad=count > 0)


def _at(moment: datetime) -> str:
    return f"{moment.astimezone():%d/%m à %H:%M}"
