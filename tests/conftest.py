"""Fixtures for every drawer of tests: real servers, the scale of the run, and one trap closed for good."""

import inspect
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests import scale as scales
from tests import services
from tests.running import Colloque

_EXAMPLES = {"fast": 25, "full": 150, "long": 2000}
for _name, _examples in _EXAMPLES.items():
    # Derandomised: the same examples in every run, so that a failure is anybody's failure.
    settings.register_profile(
        _name,
        max_examples=_examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
settings.load_profile(scales.chosen().name)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    trapped = [item.nodeid for item in items if _is_trapped(item)]
    if trapped:
        raise pytest.UsageError(
            "An asynchronous test with a database must say django_db(transaction=True): the rollback of the "
            "other form wraps another thread's connection, so rows leak or SQLite hangs:\n  "
            + "\n  ".join(trapped)
        )


def _is_trapped(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    function = getattr(item, "function", None)
    if marker is None or function is None or marker.kwargs.get("transaction") or marker.args[:1] == (True,):
        return False
    inner = getattr(getattr(function, "hypothesis", None), "inner_test", function)
    return inspect.iscoroutinefunction(inner) or inspect.isasyncgenfunction(inner)


@pytest.fixture(scope="session")
def scale() -> scales.Scale:
    return scales.chosen()


class _Servers:
    """Started when first asked for, stopped after everything that uses them."""

    def __init__(self, running: ExitStack) -> None:
        self._running = running

    @cached_property
    def redis(self) -> services.Redis:
        return self._running.enter_context(services.redis())

    @cached_property
    def postgres(self) -> services.Postgres:
        return self._running.enter_context(services.postgres())


@pytest.fixture(scope="session")
def _servers() -> Iterator[_Servers]:
    with ExitStack() as running:
        yield _Servers(running)


@pytest.fixture(scope="session")
def redis_server(_servers: _Servers) -> services.Redis:
    return _servers.redis


@pytest.fixture(scope="session")
def postgres_server(_servers: _Servers) -> services.Postgres:
    return _servers.postgres


StartColloque = Callable[..., Colloque]


@pytest.fixture(scope="session")
def start_colloque(_servers: _Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartColloque]:
    """`start_colloque(backend="sqlite" or "postgres", told={setting: value})`; all of them are stopped."""
    running: list[Colloque] = []

    def start(*, backend: str = "sqlite", told: Mapping[str, str] | None = None) -> Colloque:
        folder = tmp_path_factory.mktemp("colloque")
        server = Colloque(folder, {**_backend(backend, _servers, folder), **(told or {})})
        running.append(server)
        return server.start()

    yield start
    for server in running:
        server.stop()


@pytest.fixture(scope="session")
def colloque_server(start_colloque: StartColloque) -> Colloque:
    """The one that most tests share; COLLOQUE_TEST_BACKEND=postgres runs it on PostgreSQL and Redis."""
    return start_colloque(backend=os.environ.get("COLLOQUE_TEST_BACKEND", "sqlite"))


def _backend(name: str, servers: _Servers, folder: Path) -> dict[str, str]:
    if name == "sqlite":
        return {}
    return {"DATABASE_URL": servers.postgres.create(folder.name), "REDIS_URL": servers.redis.url}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    words = [*sandbox, "--disable-dev-shm-usage"]
    return {**browser_type_launch_args, "args": words, "executable_path": services.chromium()}
