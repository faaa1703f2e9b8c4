"""A1: no column holds what a person writes, and the database refuses what the services never write.

That every column is classed is asked in tests/architecture.
"""

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from accounts.columns import COLUMNS
from accounts.limits import limit
from accounts.models import Person
from tests.cast import Cast


def test_a1_no_column_can_hold_a_long_text() -> None:
    """The longest text is the fold of a name: no place for what a person writes."""
    for model in apps.get_app_config("accounts").get_models():
        for field in model._meta.fields:
            assert not isinstance(field, models.TextField | models.JSONField), field
            if isinstance(field, models.CharField):
                assert field.max_length is not None
                assert field.max_length <= 400, field


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "Ines@tilleuls.example"),
        ("profession", "999"),
        ("civility", "DR"),
        ("speciality", "SM54"),  # Inès is no doctor
        ("rpps", "1234567890"),
        ("state", "staff"),
        ("chain", b"short"),
        ("chain", b"c" * 32),  # without a head
    ],
)
def test_the_database_itself_refuses(field: str, value: object, cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=cast.ines.pk).update(**{field: value})


@pytest.mark.parametrize(
    ("column", "limit_name"),
    [
        ("Session.created_at", "session_kept_seconds"),
        ("Invitation.created_at", "invitation_kept_seconds"),
        ("Revocation.at", "revocation_kept_seconds"),
    ],
)
def test_a1_rows_are_kept_as_long_as_is_said(column: str, limit_name: str) -> None:
    assert COLUMNS[column].retention.startswith(f"{limit(limit_name) // (24 * 3600)} days")
