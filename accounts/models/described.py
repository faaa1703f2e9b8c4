from django.db import models

from accounts.models.constraints import is_civility, is_profession, is_rpps_form, is_speciality_of_profession
from accounts.specialities import title_of


class Described(models.Model):
    """Somebody as an organisation describes them, before and after they have an account."""

    given = models.CharField(max_length=80)
    family = models.CharField(max_length=80)
    profession = models.CharField(max_length=8)
    civility = models.CharField(max_length=3, null=True)  # noqa: DJ001  # civilité d'exercice, often unknown
    speciality = models.CharField(max_length=8, null=True)  # noqa: DJ001  # most professions have none
    rpps = models.CharField(max_length=11, null=True)  # noqa: DJ001  # many have none
    place = models.CharField(max_length=120)

    class Meta:
        abstract = True
        constraints = [
            is_profession(name="%(class)s_profession_listed"),
            is_civility(name="%(class)s_civility_listed"),
            is_speciality_of_profession(name="%(class)s_speciality_listed"),
            is_rpps_form(name="%(class)s_rpps_form"),
        ]

    @property
    def profession_label(self) -> str:
        return title_of(profession=self.profession, civility=self.civility, speciality=self.speciality)
