"""A12 in the code of the administration: it reads, and calls services that know no keys to change things."""

import ast
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.contrib.admin import ModelAdmin
from django.db import connection

import project.admin_urls
from accounts.admin import forms as admin_forms
from accounts.admin import site
from accounts.columns import COLUMNS as OF_ACCOUNTS
from messaging.columns import COLUMNS as OF_MESSAGING
from tests.architecture.sources import ROOT, name_of, parsed, python_files

assert project.admin_urls  # registers what other apps show
_WRITES = {
    "save",
    "create",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "raw",
    "execute",
}
_KEY_MODELS = {"KeyLogEntry", "SealedSeed", "VaultHalf", "Entry", "Wrap", "Marker", "Member", "Patient"}
_MAY_BE_CALLED = {
    "accounts.services.actions", "accounts.services.administrators", "accounts.services.batches",
    "accounts.services.cutting", "accounts.services.factors", "accounts.services.invitations",
    "accounts.services.memberships", "accounts.services.new_start", "accounts.services.people",
    "accounts.services.sessions",
}  # fmt: skip


def _modules() -> list[Path]:
    rooms = [
        path for path in python_files("accounts", "messaging") if "admin" in path.relative_to(ROOT).parts
    ]
    return [*rooms, ROOT / "messaging" / "admin.py"]


def test_a12_its_pages_write_nothing_by_themselves() -> None:
    calls = [
        f"{name_of(path)}:{node.lineno} {node.func.attr}"
        for path in _modules()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _WRITES
    ]
    assert len(_modules()) > 10
    assert calls == []


def test_a12_it_reaches_only_services_that_know_no_keys() -> None:
    used = {
        name
        for path in _modules()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith(("accounts.services", "messaging"))
        for name in _named(node)
    }
    writers = {name for name in used if ".services" in name}
    assert writers == _MAY_BE_CALLED


def _named(node: ast.ImportFrom) -> list[str]:
    if node.module == "accounts.services":
        return [f"accounts.services.{one.name}" for one in node.names]
    return [node.module or ""]


@pytest.mark.parametrize("service", sorted(_MAY_BE_CALLED))
def test_a12_none_of_these_services_writes_key_material(service: str) -> None:
    """Vault halves are erased by the one service for that; nobody else so much as names these tables."""
    tree = parsed(ROOT / f"{service.replace('.', '/')}.py")
    named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert named & _KEY_MODELS == set()
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported & {"accounts.services.keys", "accounts.keylog", "accounts.statements"} == set()


@pytest.mark.parametrize("listing", list(site._registry.values()), ids=str)
def test_a12_no_listing_adds_edits_or_deletes(listing: ModelAdmin, rf: object) -> None:  # type: ignore[type-arg]
    request: object = None
    assert listing.has_add_permission(request) is False  # type: ignore[arg-type]
    assert listing.has_change_permission(request) is False  # type: ignore[arg-type]
    assert listing.has_delete_permission(request) is False  # type: ignore[arg-type]
    assert not listing.list_editable
    assert not listing.inlines
    assert listing.actions is None
    endings = {str(url.pattern).rstrip("/").split("/")[-1] for url in listing.get_urls()}
    assert endings & {"add", "change", "delete", "history"} == set()


def _forms() -> list[type[forms.Form]]:
    return [
        one
        for one in vars(admin_forms).values()
        if isinstance(one, type) and issubclass(one, forms.Form) and one.__module__ == admin_forms.__name__
    ]


def test_a12_no_form_has_a_field_for_key_material_or_for_a_rank() -> None:
    classed = {**OF_ACCOUNTS, **OF_MESSAGING}
    forbidden = {
        name.split(".")[1]
        for name, column in classed.items()
        if column.sort in ("sealed content", "public key", "account secret")
    } | {"is_staff", "is_superuser", "state", "cut_off_at", "chain"}
    fields = {name for form in _forms() for name in form.base_fields}
    assert len(_forms()) > 5
    made_of_a_table = (forms.BaseModelForm, forms.BaseModelFormSet)
    classes = [one for one in vars(admin_forms).values() if isinstance(one, type)]
    assert not [one for one in classes if issubclass(one, made_of_a_table)]
    assert fields & forbidden == set()


def test_what_django_s_admin_would_store_has_no_table(transactional_db: None) -> None:
    tables = set(connection.introspection.table_names())
    others = {
        model._meta.db_table
        for app in ("admin", "auth", "contenttypes")
        for model in apps.get_app_config(app).get_models()
    }
    assert len(others) > 3
    assert tables & others == set()
