"""Columns and filters of lists by their French names; the models keep theirs."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone


def plain(field: str, title: str) -> Callable[[Any], object]:
    def cell(row: Any) -> object:
        return getattr(row, field)

    return _titled(cell, field, title)


def dated(field: str, title: str) -> Callable[[Any], object]:
    def cell(row: Any) -> object:
        return f"{timezone.localtime(getattr(row, field)):%d/%m/%Y %H:%M}"

    return _titled(cell, field, title)


def _titled(cell: Callable[[Any], object], field: str, title: str) -> Callable[[Any], object]:
    cell.short_description = title  # type: ignore[attr-defined]  # both are read by Django
    cell.admin_order_field = field  # type: ignore[attr-defined]
    return cell


def chosen(field: str, named: str, words: Mapping[str, str]) -> type[SimpleListFilter]:
    """A filter over a closed list of values; anything else in the address filters nothing."""

    class Chosen(SimpleListFilter):
        title = named
        parameter_name = field

        def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
            return list(words.items())

        def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
            value = self.value()
            return queryset.filter(**{field: value}) if value in words else queryset

    return Chosen
