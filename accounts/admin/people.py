"""People: the list, one person's page, and what may be done to an account. Never anything about keys."""

from typing import Any
from uuid import UUID

from django.contrib.admin import display
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from accounts.admin.acts import Act, Given
from accounts.admin.columns import chosen, dated, plain
from accounts.admin.forms import Description, Joining
from accounts.admin.history import last_actions
from accounts.admin.listing import Listing
from accounts.admin.marks import mark
from accounts.admin.words import ROLES
from accounts.models import Device, Membership, Organisation, Person, Session
from accounts.models.actions import What
from accounts.policy import may_act_on, may_grant
from accounts.services import administrators, memberships, new_start, people
from accounts.services.invitations import Identity
from accounts.services.sessions import end_sessions_of


def find_person(key: str) -> Person | None:
    try:
        return Person.objects.filter(pk=UUID(key)).first()
    except ValueError:
        return None


def name_of(person: Person) -> str:
    return f"{person.given} {person.family} · {person.email}"


def _suspend(person: Person, by: Person, given: Given) -> Person:
    people.suspend(person)
    return person


def _restore(person: Person, by: Person, given: Given) -> Person:
    people.resume(person)
    return person


def _describe(person: Person, by: Person, given: Given) -> Person:
    people.describe(person, Identity(email=person.email, **given))
    return person


def _end_sessions(person: Person, by: Person, given: Given) -> Person:
    end_sessions_of(person)
    return person


def _open_new_start(person: Person, by: Person, given: Given) -> Person:
    new_start.open_new_start(person)
    return person


def _join(person: Person, by: Person, given: Given) -> Membership:
    organisation: Organisation = given["organisation"]
    return memberships.join(person, organisation, given["role"])


def _grant(person: Person, by: Person, given: Given) -> Person:
    administrators.grant_staff(person, by=by)
    return person


def _withdraw(person: Person, by: Person, given: Given) -> Person:
    administrators.withdraw_staff(person, by=by)
    return person


def _described(person: Person) -> Given:
    return {field: getattr(person, field) or "" for field in Description.base_fields}


ACTS: tuple[Act[Any], ...] = (
    Act(
        "suspendre", What.SUSPENDED, "Suspendre le compte",
        "Ses sessions se ferment aussitôt et cette personne ne peut plus se connecter. Dans chaque fil, "
        "une ligne le dit, et les messages suivants ne lui sont plus adressés. Ce qu’elle a déjà reçu "
        "reste lisible sur ses appareils.",
        "Suspendre", "Le compte est suspendu.", _suspend,
        find=find_person, name=name_of, may=may_act_on, is_offered=lambda on: on.is_active, is_grave=True,
    ),
    Act(
        "retablir", What.RESTORED, "Rétablir le compte",
        "Cette personne peut se connecter de nouveau. Dans les fils, ce sont leurs membres qui la "
        "reprennent : un administrateur ne peut faire entrer personne.",
        "Rétablir", "Le compte est rétabli.", _restore,
        find=find_person, name=name_of, may=may_act_on, is_offered=lambda on: not on.is_active,
    ),
    Act(
        "identite", What.DESCRIBED, "Corriger l’identité",
        "Ce que l’organisation dit de cette personne, tel que ses collègues le verront. Ceux qui la "
        "connaissent déjà voient que cela a changé.",
        "Corriger l’identité", "L’identité est corrigée.", _describe,
        find=find_person, name=name_of, may=may_act_on, form=Description, initial=_described,
    ),
    Act(
        "sessions", What.SESSIONS_ENDED, "Terminer toutes les sessions",
        "Tous ses navigateurs sont déconnectés. Cette personne peut se reconnecter avec son mot de "
        "passe et un code.",
        "Terminer les sessions", "Ses sessions sont terminées.", _end_sessions,
        find=find_person, name=name_of, may=may_act_on, is_grave=True,
    ),
    Act(
        "depart", What.NEW_START, "Ouvrir un nouveau départ",
        "Pour qui a perdu tous ses navigateurs et son code de secours. À la prochaine connexion, "
        "cette personne refait ses premiers pas. Ses anciens messages restent fermés, pour tous, et "
        "ses collègues voient que son identité a changé. Elle en est avertie par courriel.",
        "Ouvrir un nouveau départ", "Le nouveau départ est ouvert.", _open_new_start,
        find=find_person, name=name_of, may=may_act_on,
        is_offered=lambda on: on.chain is not None, is_grave=True,
    ),
    Act(
        "rattacher", What.JOINED, "Rattacher à une organisation",
        "Elle paraît dans l’annuaire de cette organisation et peut en joindre les membres. Aucun fil ne "
        "s’ouvre à elle pour autant.",
        "Rattacher", "Le rattachement est ajouté.", _join,
        find=find_person, name=name_of, may=may_act_on, form=Joining,
    ),
    Act(
        "administrateur", What.STAFF_GRANTED, "Donner accès à l’administration",
        "Cette personne pourra inviter, suspendre et terminer des sessions. Elle ne pourra lire aucun "
        "message et ne pourra donner cet accès à personne.",
        "Donner accès à l’administration", "L’accès est donné.", _grant,
        find=find_person, name=name_of, may=may_grant,
        is_offered=lambda on: on.is_active and not on.is_staff, is_grave=True,
    ),
    Act(
        "retirer", What.STAFF_WITHDRAWN, "Retirer l’accès à l’administration",
        "Ses sessions d’administration se ferment aussitôt. Son compte reste ouvert par ailleurs.",
        "Retirer l’accès", "L’accès est retiré.", _withdraw,
        find=find_person, name=name_of, may=may_grant, is_offered=lambda on: on.is_staff, is_grave=True,
    ),
)  # fmt: skip


class PersonListing(Listing):
    heading = "Personnes"
    lead = "Qui a un compte, et ce que son organisation en dit."
    list_display = (
        "named", "title", plain("place", "Lieu"), "where", "state_mark", dated("created_at", "Créé le"),
    )  # fmt: skip
    list_filter = (
        chosen("state", "État", {"active": "Actif", "suspended": "Suspendu"}),
        chosen("is_staff", "Accès", {"1": "Administration", "0": "Messagerie seulement"}),
    )
    search_fields = ("search", "email", "rpps")
    ordering = ("family", "given")
    acts = ACTS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
        rows: QuerySet[Person] = super().get_queryset(request)
        return rows.prefetch_related("memberships__organisation")

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return list(self.list_display)  # what may be done stands on a person's own page

    def more_urls(self, name: str) -> list[URLPattern]:
        return [path("<uuid:key>/", self.reading(self.one), name=f"{name}_change")]

    def one(self, request: HttpRequest, key: UUID) -> HttpResponse:
        person = Person.objects.filter(pk=key).first()
        if person is None:
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": f"{person.given} {person.family}",
            "person": person,
            "buttons": self.buttons(request, person),
            "memberships": _memberships_of(person),
            "devices": Device.objects.filter(person=person).order_by("added_n"),
            "sessions": Session.objects.filter(person=person, ended_at=None).order_by("-last_seen_at")[:20],
            "history": last_actions(person=person.pk),
        }
        return TemplateResponse(request, "administration/person.html", context)

    @display(description="Personne", ordering="family")
    def named(self, person: Person) -> str:
        link = reverse("admin:accounts_person_change", args=(person.pk,))
        return format_html(
            '<a class="name" href="{}">{} {}</a><span class="under">{}</span>',
            link, person.given, person.family, person.email,
        )  # fmt: skip

    @display(description="Profession")
    def title(self, person: Person) -> str:
        return person.profession_label

    @display(description="Organisation")
    def where(self, person: Person) -> str:
        names = [row.organisation.name for row in person.memberships.all() if row.ended_at is None]
        return ", ".join(names) or "—"

    @display(description="État")
    def state_mark(self, person: Person) -> str:
        if not person.is_active:
            return mark("Suspendu", "bad")
        return mark("Administrateur", "known") if person.is_staff else mark("Actif", "good")


def _memberships_of(person: Person) -> list[dict[str, object]]:
    rows = Membership.objects.filter(person=person).select_related("organisation").order_by("pk")
    return [{"row": row, "role": ROLES[row.role]} for row in rows]
