from collections.abc import AsyncIterator, Callable

import pytest
from pytest_django.fixtures import Settings

from messaging.exchange.exchange import exchange_if_running
from tests.cast import Cast, make_cast
from tests.messaging.world import World, make_world

Limits = Callable[..., None]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """Real transactions: what happens on commit happens, and threads see the same rows."""
    return make_cast()


@pytest.fixture
def world(cast: Cast) -> World:
    """Inès and Anne-Lise have keys and a direct conversation."""
    return make_world(cast)


@pytest.fixture
def limits(settings: Settings) -> Limits:
    """Raises a rate or shortens a time; a check is never switched off."""

    def set_limits(**changed: int | tuple[int, float]) -> None:
        settings.LIMITS = {**settings.LIMITS, **changed}

    return set_limits


@pytest.fixture
async def exchange_of_this_test() -> AsyncIterator[None]:
    """Whatever a test started ends with it: the next one has a loop of its own."""
    yield
    running = exchange_if_running()
    if running is not None:
        await running.stop()
