from typing import Any
from uuid import UUID

from django.contrib.admin import display
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from accounts.admin.acts import Act, Given
from accounts.admin.columns import dated, plain
from accounts.admin.forms import OrganisationName
from accounts.admin.listing import Listing
from accounts.models import Organisation, Person
from accounts.models.actions import What
from accounts.services import memberships


def find_organisation(key: str) -> Organisation | None:
    try:
        return Organisation.objects.filter(pk=UUID(key)).first()
    except ValueError:
        return None


def _make(on: None, by: Person, given: Given) -> Organisation:
    return memberships.make_organisation(given["name"])


def _rename(organisation: Organisation, by: Person, given: Given) -> Organisation:
    memberships.rename_organisation(organisation, given["name"])
    return organisation


MAKE: Act[Any] = Act(
    "creer", What.ORGANISATION_MADE, "Créer une organisation",
    "Une organisation rassemble des personnes dans un annuaire. Ensuite, invitez ou rattachez ses membres.",
    "Créer", "L’organisation est créée.", _make, form=OrganisationName,
)  # fmt: skip
RENAME: Act[Any] = Act(
    "renommer", What.ORGANISATION_RENAMED, "Renommer l’organisation",
    "Le nom change en haut de l’écran de ses membres et dans les invitations à venir.",
    "Renommer", "L’organisation est renommée.", _rename, form=OrganisationName,
    find=find_organisation, name=lambda on: on.name, initial=lambda on: {"name": on.name},
)  # fmt: skip


class OrganisationListing(Listing):
    heading = "Organisations"
    lead = "Chacune tient un annuaire et répond de l’identité de ses membres."
    list_display = (plain("name", "Nom"), "people_now", dated("created_at", "Créée le"))
    search_fields = ("name",)
    ordering = ("name",)
    acts = (RENAME,)
    beginnings = (MAKE,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organisation]:
        rows: QuerySet[Organisation] = super().get_queryset(request)
        return rows.annotate(now=Count("memberships", filter=Q(memberships__ended_at=None)))

    @display(description="Membres")
    def people_now(self, organisation: Any) -> int:
        return int(organisation.now)
