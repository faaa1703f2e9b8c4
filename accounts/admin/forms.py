"""Forms of acts. Each names its fields one by one: none is made from a table, so none can grow with it."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.admin.words import FAULTS, ROLES
from accounts.models import Organisation
from accounts.professions import PROFESSIONS
from accounts.services.batches import known
from accounts.services.invitations import Identity
from accounts.specialities import CIVILITIES, SPECIALITIES

_ROLES = tuple(ROLES.items())
_PROFESSIONS = sorted(((code, each.masculine) for code, each in PROFESSIONS.items()), key=lambda one: one[1])
_CIVILITIES = (("", "—"), *((one, one) for one in CIVILITIES))
_SPECIALITIES = (
    ("", "—"),
    *(
        (PROFESSIONS[profession].masculine, [(code, each.masculine) for code, each in listed.items()])
        for profession, listed in SPECIALITIES.items()
    ),
)


def _organisations() -> QuerySet[Organisation]:
    return Organisation.objects.order_by("name")


class ChosenOrganisation(forms.ModelChoiceField):  # type: ignore[type-arg]  # no brackets at run time
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class Description(forms.Form):
    """What an organisation says of somebody."""

    given = forms.CharField(label="Prénom", max_length=80)
    family = forms.CharField(label="Nom d’exercice", max_length=80)
    profession = forms.ChoiceField(label="Profession", choices=_PROFESSIONS)
    civility = forms.ChoiceField(label="Civilité", choices=_CIVILITIES, required=False)
    speciality = forms.ChoiceField(label="Spécialité", choices=_SPECIALITIES, required=False)
    rpps = forms.CharField(label="Numéro RPPS", max_length=11, required=False)
    place = forms.CharField(label="Lieu d’exercice", max_length=120)

    def clean(self) -> dict[str, Any]:
        given = {**(super().clean() or {}), **self.empty_as_none()}
        if not self.errors:
            self.judge(given)
        return given

    def empty_as_none(self) -> dict[str, str | None]:
        optional = ("civility", "speciality", "rpps")
        return {name: self.cleaned_data.get(name) or None for name in optional}

    def judge(self, given: dict[str, Any]) -> None:
        for fault in Identity(email="a@b.fr", **given).faults():
            self.add_error(fault, FAULTS[fault].capitalize() + ".")


class Invitee(Description):
    email = forms.CharField(label="Adresse électronique", max_length=254)
    role = forms.ChoiceField(label="Rôle", choices=_ROLES)
    organisation = ChosenOrganisation(label="Organisation", queryset=_organisations(), empty_label=None)
    field_order = ("organisation", "email", "given", "family", "profession", "civility", "speciality", "rpps",
                   "place", "role")  # fmt: skip

    def judge(self, given: dict[str, Any]) -> None:
        identity = Identity(**{name: value for name, value in given.items() if name != "organisation"})
        for fault in identity.faults():
            self.add_error(fault, FAULTS[fault].capitalize() + ".")
        for fault in known(identity):
            self.add_error("rpps" if fault == "known_rpps" else "email", FAULTS[fault].capitalize() + ".")


class Joining(forms.Form):
    organisation = ChosenOrganisation(label="Organisation", queryset=_organisations(), empty_label=None)
    role = forms.ChoiceField(label="Rôle", choices=_ROLES)


class ChosenRole(forms.Form):
    role = forms.ChoiceField(label="Rôle", choices=_ROLES)


class OrganisationName(forms.Form):
    name = forms.CharField(label="Nom de l’organisation", max_length=120)


class BatchFile(forms.Form):
    organisation = ChosenOrganisation(label="Organisation", queryset=_organisations(), empty_label=None)
    file = forms.FileField(label="Fichier CSV", max_length=200)


class BatchText(forms.Form):
    """The second step: the text that was looked at, judged again before anything leaves."""

    organisation = ChosenOrganisation(queryset=_organisations())
    text = forms.CharField(strip=False)
