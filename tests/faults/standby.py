"""A second PostgreSQL that has every commit of the first before anybody hears of it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg

from tests.services import Postgres

_NAMES = "synchronous_standby_names"


@contextmanager
def standby_of(primary: Postgres) -> Iterator[Postgres]:
    """Following in step. Whoever promotes it keeps it; when that fails it goes."""
    standby = Postgres()
    try:
        standby.copy(primary)
        standby.start()
        _set(primary, f"{_NAMES} = '*'")
        yield standby
    except BaseException:
        with suppress(psycopg.Error):
            _set(primary, f"{_NAMES} = ''")
        standby.remove()
        raise


def _set(server: Postgres, setting: str) -> None:
    server.run(f"ALTER SYSTEM SET {setting}")
    server.run("SELECT pg_reload_conf()")
