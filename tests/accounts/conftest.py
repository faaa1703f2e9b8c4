from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from accounts.background import settle
from accounts.signals import chain_ended, device_revoked, key_log_grew, keys_started
from tests.accounts.browser import Browser
from tests.cast import Cast, make_cast

Limits = Callable[..., None]
Heard = list[tuple[str, dict[str, Any]]]


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


@pytest.fixture
def heard() -> Iterator[Heard]:
    """Stands where messaging stands: hears what accounts says, and keeps the conversation."""
    told: Heard = []

    def hear(name: str) -> Any:
        def listener(sender: object, signal: object, **facts: Any) -> None:
            told.append((name, facts))

        return listener

    listeners = {
        keys_started: hear("started"),
        key_log_grew: hear("grew"),
        device_revoked: hear("revoked"),
        chain_ended: hear("ended"),
    }
    kept = {signal: signal.receivers for signal in listeners}
    for signal, listener in listeners.items():
        signal.receivers = []
        signal.sender_receivers_cache.clear()
        signal.connect(listener, weak=False)
    yield told
    for signal, receivers in kept.items():
        signal.receivers = receivers
        signal.sender_receivers_cache.clear()
