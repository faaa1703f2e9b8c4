"""Constraints that several tables share: the database refuses what the services must never write."""

from collections.abc import Iterable

from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from accounts.professions import PROFESSIONS
from accounts.specialities import CIVILITIES, SPECIALITIES


def has_length(field: str, size: int, *, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Exact(Length(field), size), name=name)


def is_one_of(field: str, values: Iterable[str], *, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": sorted(values)}), name=name)


def is_profession(*, name: str) -> models.CheckConstraint:
    return is_one_of("profession", PROFESSIONS, name=name)


def is_civility(*, name: str) -> models.CheckConstraint:
    none = models.Q(civility__isnull=True)
    return models.CheckConstraint(condition=none | models.Q(civility__in=sorted(CIVILITIES)), name=name)


def is_speciality_of_profession(*, name: str) -> models.CheckConstraint:
    condition = models.Q(speciality__isnull=True)
    for profession, listed in SPECIALITIES.items():
        condition |= models.Q(profession=profession, speciality__in=sorted(listed))
    return models.CheckConstraint(condition=condition, name=name)


def is_rpps_form(*, name: str) -> models.CheckConstraint:
    digits = models.Q(rpps__regex=r"^[0-9]{11}$")
    return models.CheckConstraint(condition=models.Q(rpps__isnull=True) | digits, name=name)


def is_lower_case(field: str, *, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Exact(models.F(field), models.functions.Lower(field)), name=name)
