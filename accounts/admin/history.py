"""The log of actions, as a list that only reads and as the last lines of a page."""

from typing import Any
from uuid import UUID

from django.contrib.admin import display
from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Concat
from django.http import HttpRequest

from accounts.admin.columns import chosen, dated, plain
from accounts.admin.listing import Listing
from accounts.admin.marks import mark
from accounts.models import Action, Organisation, Person
from accounts.models.actions import Outcome, What

_LAST = 8
_FORGOTTEN = "compte supprimé"


def with_names(rows: QuerySet[Action]) -> QuerySet[Action]:
    """Ids are kept; names are looked up now, and those that are gone stay gone."""
    return rows.annotate(
        actor_name=_person("actor"),
        person_name=_person("person"),
        organisation_name=Subquery(Organisation.objects.filter(pk=OuterRef("organisation")).values("name")),
    )


def last_actions(*, person: UUID | None = None) -> list[dict[str, Any]]:
    rows = with_names(Action.objects.order_by("-pk"))
    about = rows if person is None else rows.filter(person=person)
    return [{"row": row, "actor": actor_of(row), "on": on_whom(row)} for row in about[:_LAST]]


def actor_of(row: Any) -> str:
    return str(row.actor_name or _FORGOTTEN)


def on_whom(row: Any) -> str:
    known = [name for name in (row.person_name, row.organisation_name) if name]
    return " · ".join(known) or str(row.get_sort_display())


def _person(column: str) -> Subquery:
    named = Concat("given", Value(" "), "family", output_field=CharField())
    return Subquery(Person.objects.filter(pk=OuterRef(column)).values(name=named))


class ActionListing(Listing):
    heading = "Journal des actions"
    lead = "Ce que les administrateurs ont fait ou tenté. Rien ne s’y change ni ne s’y efface d’ici."
    list_display = (
        dated("at", "Quand"), "by_whom", "what_word", "on_word", "outcome_mark", plain("address", "Depuis"),
    )  # fmt: skip
    list_filter = (
        chosen("outcome", "Résultat", dict(Outcome.choices)),
        chosen("what", "Action", dict(What.choices)),
    )
    ordering = ("-at", "-pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Action]:
        return with_names(super().get_queryset(request))

    @display(description="Auteur")
    def by_whom(self, row: Action) -> str:
        return actor_of(row)

    @display(description="Action")
    def what_word(self, row: Action) -> str:
        return str(row.get_what_display())

    @display(description="Sur")
    def on_word(self, row: Action) -> str:
        return on_whom(row)

    @display(description="Résultat")
    def outcome_mark(self, row: Action) -> str:
        refused = row.outcome == Outcome.REFUSED
        return mark(row.get_outcome_display(), "bad" if refused else "quiet")
