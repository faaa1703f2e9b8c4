"""Every stored column is classed: an unclassed one, or a class without a column, fails the build."""

from collections.abc import Mapping
from typing import Any, Literal

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models, router

from accounts import columns as accounts_columns
from accounts.columns import Column
from messaging import columns as messaging_columns
from messaging import seen

TABLES: Mapping[str, Mapping[str, Column]] = {
    "accounts": accounts_columns.COLUMNS,
    "messaging": messaging_columns.COLUMNS,
    "django_otp_webauthn": accounts_columns.PASSKEY_COLUMNS,
}
# The product's own apps, and the one library whose tables hold something of people.
WITHOUT_COLUMNS = {"project"}


def _has_table(model: type[models.Model]) -> bool:
    """Django's admin brings models that are given none (project/tables.py)."""
    return router.allow_migrate_model("default", model)


def columns_of(app: str) -> set[str]:
    models_here = apps.get_app_config(app).get_models(include_auto_created=True)
    return {f"{model.__name__}.{field.name}" for model in models_here for field in _stored(model)}


def _stored(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    return [field for field in model._meta.get_fields() if isinstance(field, models.Field) and field.column]


@pytest.mark.parametrize("app", sorted(TABLES))
def test_a1_every_column_has_a_class(app: str) -> None:
    assert columns_of(app) - set(TABLES[app]) == set()


@pytest.mark.parametrize("app", sorted(TABLES))
def test_a1_every_class_has_a_column(app: str) -> None:
    assert set(TABLES[app]) - columns_of(app) == set()


def test_a1_no_other_app_stores_anything() -> None:
    storing = {app.label for app in apps.get_app_configs() if any(map(_has_table, app.get_models()))}
    assert storing - WITHOUT_COLUMNS == set(TABLES)


@pytest.mark.parametrize("app", sorted(TABLES))
def test_a1_reason_and_retention_are_said(app: str) -> None:
    assert [name for name, column in TABLES[app].items() if not column.reason or not column.retention] == []


def test_a1_sealed_and_public_columns_are_bytes_or_numbers() -> None:
    """A text column could hold a sentence; what only clients understand is never one."""
    texts = {
        f"{model.__name__}.{field.name}"
        for app in TABLES
        for model in apps.get_app_config(app).get_models()
        for field in _stored(model)
        if isinstance(field, models.TextField | models.CharField)
    }
    classed = {name: column for table in TABLES.values() for name, column in table.items()}
    assert [name for name in sorted(texts) if classed[name].sort in ("sealed content", "public key")] == []


def test_a1_messaging_has_no_free_text_at_all() -> None:
    texts = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("messaging").get_models()
        for field in _stored(model)
        if isinstance(field, models.TextField | models.CharField | models.JSONField) and not field.choices
    ]
    assert texts == []


def test_a1_what_the_host_learns_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A column on something new reaches the client's list; without a sentence, that does not compile."""
    new = Column("metadata", "location", "", "")  # type: ignore[arg-type]  # no topic yet
    monkeypatch.setattr(accounts_columns, "Topic", Literal["identity", "location", "nothing"])
    monkeypatch.setitem(accounts_columns.COLUMNS, "Person.birthplace", new)
    assert seen.topics() == ["identity", "location"]
    with pytest.raises(CommandError, match=r"seen\.ts"):
        call_command("export_protocol", check=True)


def test_a1_only_what_is_hashed_sealed_or_random_tells_nothing() -> None:
    silent = {
        name for table in TABLES.values() for name, column in table.items() if column.topic == "nothing"
    }
    open_ones = {
        name for table in TABLES.values() for name, column in table.items() if column.sort == "metadata"
    }
    assert {
        name for name in silent & open_ones if not name.startswith("Count.") and not name.endswith(".id")
    } == {
        "Entry.client_id",
        "PrintedCode.selector",
        "Revocation.n",
        "Session.challenge",
        "Session.passkey_challenge",
        "Session.name",
        "TotpFactor.name",
        "VaultHalf.vault",
    }
