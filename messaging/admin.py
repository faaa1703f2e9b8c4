"""Conversations as the host knows them: numbers and dates. No column of theirs could hold a word."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.contrib.admin import display
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Length
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from accounts import clock
from accounts.admin.columns import chosen, dated
from accounts.admin.dashboard import WEEK, Bar, Card, Panel, compared, spelled
from accounts.admin.listing import Listing
from accounts.admin.marks import short
from accounts.admin.site import Administration
from accounts.models import KeyLogEntry
from messaging.charts import Column, columns
from messaging.models import Conversation, Entry, FigureCount, Marker, Member, Wrap
from messaging.policy import in_now
from messaging.queries import figures_since

_DAYS = 14
_SHOWN = FigureCount.Cause.SHOWN.value
_CAUSES = {
    "not_for_me": "Pas adressé à cet appareil",
    "altered": "Altéré en chemin",
    "malformed": "Mal formé",
    "newer_version": "Version plus récente",
    "removed_by_host": "Retiré par l’hébergeur",
}
_KINDS = {"self": "Personnel", "direct": "Direct", "team": "Équipe"}


class ConversationListing(Listing):
    heading = "Fils"
    lead = "Combien de membres, d’inscriptions et d’octets, et quand. Ni titre, ni texte : ils sont scellés."
    list_display = (
        "number",
        "kind_word",
        "where",
        "people_now",
        "entries",
        "size",
        dated("moved_at", "Dernière activité"),
    )
    list_filter = (chosen("kind", "Sorte", _KINDS),)
    list_select_related = ("organisation",)
    search_fields = ("organisation__name",)
    ordering = ("-moved_at",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        rows: QuerySet[Conversation] = super().get_queryset(request)
        members = in_now().filter(conversation=OuterRef("pk"))
        entries = Entry.objects.filter(conversation=OuterRef("pk"))
        return rows.annotate(people=_counted(members), octets=_added_up(entries, "object"))

    @display(description="Empreinte")
    def number(self, row: Conversation) -> str:
        return short(row.pk)

    @display(description="Sorte")
    def kind_word(self, row: Conversation) -> str:
        return _KINDS.get(row.kind, row.kind)

    @display(description="Organisation")
    def where(self, row: Conversation) -> str:
        return row.organisation.name

    @display(description="Membres")
    def people_now(self, row: Any) -> int:
        return int(row.people)

    @display(description="Inscriptions")
    def entries(self, row: Conversation) -> int:
        return row.head  # a log has no gaps: the number of the last is how many there are

    @display(description="Taille")
    def size(self, row: Any) -> str:
        return filesizeformat(row.octets)


def register(site: Administration) -> None:
    site.register(Conversation, ConversationListing)
    site.panels = (Panel(_cards, "administration/exchanges.html", _figures),)


def _cards() -> list[Card]:
    now, before = _messages(WEEK, 0), _messages(2 * WEEK, WEEK)
    return [
        Card("mail_lock", "Messages scellés, 7 jours", spelled(now), "", compared(now, before)),
        _readable(_counts_by_cause()),
    ]


def _readable(counts: Counter[str]) -> Card:
    title, shown = "Messages lisibles à l’arrivée", counts[_SHOWN]
    closed = counts.total() - shown
    if not counts.total():
        return Card("visibility", title, "non mesuré", "", "aucun navigateur n’en a encore rendu compte")
    share = f"{100 * shown / counts.total():.2f}".replace(".", ",")
    under = f"{spelled(closed)} sur {spelled(counts.total())} non lisibles, 14 jours"
    return Card("visibility", title, f"{share} %", "", under)


def _counts_by_cause() -> Counter[str]:
    counts: Counter[str] = Counter()
    for _day, cause, count in figures_since(_midnight(_DAYS - 1).date()):
        counts[cause] += count
    return counts


def _unreadable() -> list[Bar]:
    counts = _counts_by_cause()
    if not counts.total():
        return []
    most = max(*(counts[cause] for cause in _CAUSES), 1)
    bars = ((words, counts[cause]) for cause, words in _CAUSES.items())
    return [Bar(words, spelled(count), 100 * count / most) for words, count in bars]


def _figures() -> dict[str, Any]:
    days = [_midnight(back) for back in range(_DAYS - 1, -2, -1)]
    counts = _messages_between(days)
    return {
        "first": days[0],
        "last": days[-2],
        "chart": columns([Column(str(day.day), count) for day, count in zip(days, counts, strict=False)]),
        "storage": _storage(),
        "unreadable": _unreadable(),
    }


def _messages(since: int, until: int) -> int:
    times = Q(at__gte=clock.seconds(clock.ago(since)), at__lt=clock.seconds(clock.ago(until)) + 1)
    return Entry.objects.filter(times, kind=Entry.Kind.MESSAGE).count()


def _midnight(days_ago: int) -> datetime:
    today = timezone.localtime(clock.now()).date() - timedelta(days=days_ago)
    return timezone.make_aware(datetime(today.year, today.month, today.day))


def _messages_between(edges: list[datetime]) -> list[int]:
    """How many from each edge to the next, in one look at the table."""
    seconds = [clock.seconds(edge) for edge in edges]
    each = {
        f"day_{n}": Count("pk", filter=Q(at__gte=start, at__lt=end))
        for n, (start, end) in enumerate(pairwise(seconds))
    }
    found = Entry.objects.filter(kind=Entry.Kind.MESSAGE, at__gte=seconds[0]).aggregate(**each)
    return [found[name] for name in each]


def _storage() -> list[Bar]:
    parts = {
        "Messages scellés": _octets(Entry.objects.filter(kind=Entry.Kind.MESSAGE), "object"),
        "Qui est dans les fils": _octets(Entry.objects.exclude(kind=Entry.Kind.MESSAGE), "object"),
        "Secrets scellés": _octets(Wrap.objects.all(), "sealed"),
        "Journaux de clés": _octets(KeyLogEntry.objects.all(), "statement"),
        "Accusés de lecture": _octets(Marker.objects.all(), "object"),
    }
    most = max(*parts.values(), 1)
    return [Bar(title, filesizeformat(octets), 100 * octets / most) for title, octets in parts.items()]


def _octets(rows: QuerySet[Any], column: str) -> int:
    total = rows.aggregate(total=Sum(Length(column)))["total"]
    return int(total or 0)


def _counted(rows: QuerySet[Member]) -> Coalesce:
    each = rows.order_by().values("conversation").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(each, output_field=IntegerField()), 0)


def _added_up(rows: QuerySet[Entry], column: str) -> Coalesce:
    each = rows.order_by().values("conversation").annotate(n=Sum(Length(column))).values("n")
    return Coalesce(Subquery(each, output_field=IntegerField()), 0)
