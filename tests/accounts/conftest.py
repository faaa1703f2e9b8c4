from collections.abc import Callable
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from accounts.background import settle
from tests.accounts.browser import Browser
from tests.cast import Cast, make_cast

Limits = Callable[..., None]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """Real transactions: what happens on commit happens, and threads see the same rows."""
    return make_cast()


@pytest.fixture(autouse=True)
def _nothing_left_to_do() -> Any:
    yield
    settle()


@pytest.fixture
def visitor() -> Browser:
    return Browser()


@pytest.fixture
def limits(settings: Settings) -> Limits:
    """Raises a rate or shortens a time; a check is never switched off."""

    def set_limits(**changed: int | tuple[int, float]) -> None:
        settings.LIMITS = {**settings.LIMITS, **changed}

    return set_limits
