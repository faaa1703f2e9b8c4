from typing import Any

from django.contrib.admin import display

from accounts.admin.acts import Act, Given
from accounts.admin.columns import chosen, dated
from accounts.admin.forms import ChosenRole
from accounts.admin.listing import Listing
from accounts.admin.marks import mark
from accounts.admin.words import ROLES
from accounts.models import Membership, Person
from accounts.models.actions import What
from accounts.policy import may_act_on
from accounts.services import memberships


def _find(key: str) -> Membership | None:
    rows = Membership.objects.select_related("person", "organisation")
    return rows.filter(pk=int(key)).first() if key.isascii() and key.isdigit() and len(key) < 18 else None


def _name(row: Membership) -> str:
    return f"{row.person.given} {row.person.family} · {row.organisation.name}"


def _may(by: Person, row: Membership) -> bool:
    return may_act_on(by, row.person)


def _is_now(row: Membership) -> bool:
    return row.ended_at is None


def _change_role(row: Membership, by: Person, given: Given) -> Membership:
    memberships.change_role(row, given["role"])
    return row


def _end(row: Membership, by: Person, given: Given) -> Membership:
    memberships.end_membership(row)
    return row


ACTS: tuple[Act[Any], ...] = (
    Act(
        "role", What.ROLE_CHANGED, "Changer le rôle",
        "Le rôle dans l’organisation. Les rôles dans un fil sont donnés par ses membres et ne changent "
        "pas ici.",
        "Changer le rôle", "Le rôle est changé.", _change_role, form=ChosenRole,
        find=_find, name=_name, may=_may, is_offered=_is_now, initial=lambda on: {"role": on.role},
    ),
    Act(
        "terminer", What.MEMBERSHIP_ENDED, "Terminer le rattachement",
        "Cette personne ne voit plus l’annuaire de l’organisation et n’y paraît plus. Ses fils restent "
        ": leurs membres l’en retirent, ou vous suspendez son compte.",
        "Terminer", "Le rattachement est terminé.", _end,
        find=_find, name=_name, may=_may, is_offered=_is_now, is_grave=True,
    ),
)  # fmt: skip


class MembershipListing(Listing):
    heading = "Rattachements"
    lead = "Qui travaille où, et avec quel rôle dans l’organisation."
    list_display = ("who", "where", "role_word", "state_mark", dated("created_at", "Depuis"))
    list_filter = (chosen("role", "Rôle", ROLES),)
    list_select_related = ("person", "organisation")
    search_fields = ("person__search", "organisation__name")
    ordering = ("organisation__name", "person__family")
    acts = ACTS

    @display(description="Personne")
    def who(self, row: Membership) -> str:
        return f"{row.person.given} {row.person.family}"

    @display(description="Organisation")
    def where(self, row: Membership) -> str:
        return row.organisation.name

    @display(description="Rôle")
    def role_word(self, row: Membership) -> str:
        return ROLES[row.role]

    @display(description="État")
    def state_mark(self, row: Membership) -> str:
        return mark("En cours", "good") if row.ended_at is None else mark("Terminé", "quiet")
