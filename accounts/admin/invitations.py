"""Invitations: one by one, or by a file that is looked at first and leaves whole or not at all."""

from typing import Any

from django.contrib.admin import display
from django.urls import URLPattern, path
from django.utils.html import format_html

from accounts import clock
from accounts.admin.acts import Act, Given
from accounts.admin.batch import BatchPages
from accounts.admin.columns import chosen, dated
from accounts.admin.forms import Invitee
from accounts.admin.listing import Listing
from accounts.admin.marks import mark
from accounts.admin.words import ROLES
from accounts.errors import Refused
from accounts.models import Invitation, Person
from accounts.models.actions import What
from accounts.services.invitations import CannotInvite, Identity, invite


def _invite(on: None, by: Person, given: Given) -> Invitation:
    facts = dict(given)
    organisation = facts.pop("organisation")
    try:
        return invite(organisation=organisation, identity=Identity(**facts), by=by).invitation
    except CannotInvite as wrong:  # the form looked a moment ago; somebody may have come since
        raise Refused("conflict") from wrong


INVITE: Act[Any] = Act(
    "inviter", What.INVITED, "Inviter une personne",
    "Un lien personnel part par courriel ; il sert une fois, pendant 72 heures. La personne choisit "
    "elle-même son mot de passe, et ses clés naissent sur son appareil.",
    "Envoyer l’invitation", "L’invitation est envoyée.", _invite, form=Invitee,
)  # fmt: skip


class InvitationListing(Listing):
    heading = "Invitations"
    lead = "Qui est attendu, exactement comme l’organisation le décrit."
    list_display = ("named", "where", "role_word", "state_mark", dated("created_at", "Envoyée le"), "by_whom")
    list_filter = (chosen("role", "Rôle", ROLES),)
    list_select_related = ("organisation", "created_by")
    search_fields = ("email", "given", "family")
    ordering = ("-created_at",)
    beginnings = (INVITE,)
    change_list_template = "administration/invitations.html"

    def more_urls(self, name: str) -> list[URLPattern]:
        pages = BatchPages(self.admin_site)
        return [path("fichier/", self.admin_site.admin_view(pages.page), name=f"{name}_batch")]

    @display(description="Personne")
    def named(self, row: Invitation) -> str:
        return format_html(
            '<span class="name">{} {}</span><span class="under">{}</span>', row.given, row.family, row.email
        )

    @display(description="Organisation")
    def where(self, row: Invitation) -> str:
        return row.organisation.name

    @display(description="Rôle")
    def role_word(self, row: Invitation) -> str:
        return ROLES[row.role]

    @display(description="État")
    def state_mark(self, row: Invitation) -> str:
        if row.used_at is not None:
            return mark("Acceptée", "good")
        return mark("Expirée", "quiet") if row.expires_at <= clock.now() else mark("En attente", "known")

    @display(description="Par")
    def by_whom(self, row: Invitation) -> str:
        return f"{row.created_by.given} {row.created_by.family}" if row.created_by else "la ligne de commande"
