"""PostgreSQL's own programs. Passwords go by the environment: a command line is everybody's to see."""

import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

from project.backup.faults import Unusable

_OURS: Final = ("accounts_person", "messaging_entry")
_OTHERS: Final = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""
_LOOKS, _PAUSE = 12, 0.25
_PLAIN: Final = ("--no-owner", "--no-privileges")


def dump(database: Mapping[str, Any], file: Path) -> None:
    _run(database, "pg_dump", "--format=custom", *_PLAIN, f"--file={file}")


def check(file: Path) -> None:
    """Read to its end: what is listed at its beginning may be missing there."""
    try:
        listed = _run({}, "pg_restore", "--list", str(file))
        _run({}, "pg_restore", f"--file={os.devnull}", str(file))
    except Unusable as wrong:
        raise Unusable("The file is no backup of PostgreSQL, or not a whole one.") from wrong
    if any(f" TABLE DATA public {table} " not in listed for table in _OURS):
        raise Unusable("The file is no backup of Colloque.")


def check_alone(database: Mapping[str, Any]) -> None:
    with _connected(database) as base:
        others = _others(base)
        for _ in range(_LOOKS):
            if not others:
                return
            time.sleep(_PAUSE)  # those of a server that was just stopped are on their way out
            others = _others(base)
    raise Unusable(f"{others} connections are open: stop every server and worker first.")


def _others(base: "psycopg.Connection[Any]") -> int:
    row = base.execute(_OTHERS).fetchone()
    return int(row[0]) if row is not None else 0


def load(database: Mapping[str, Any], file: Path) -> None:
    """The whole schema goes first: a table that is younger than the backup must not stay."""
    with _connected(database) as base:
        base.execute("DROP SCHEMA public CASCADE")
        base.execute("CREATE SCHEMA public")
    _run(
        database, "pg_restore", *_PLAIN, "--single-transaction", "--exit-on-error",
        f"--dbname={database['NAME']}", str(file),
    )  # fmt: skip


@contextmanager
def scratch(database: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    name = f"colloque_rehearsal_{secrets.token_hex(6)}"
    with _connected(database) as base:
        base.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield {**database, "NAME": name}
        finally:
            base.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _run(database: Mapping[str, Any], program: str, *words: str) -> str:
    answer = subprocess.run(
        [_path(program), *words], env=_told(database), capture_output=True, text=True, check=False
    )
    if answer.returncode:
        last = answer.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise Unusable(f"{program} failed: {last[0]}")
    return answer.stdout


def _path(program: str) -> str:
    """The newest there is: an older one refuses a newer server."""
    beside = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=_version)
    found = str(beside[-1]) if beside else shutil.which(program)
    if found is None:
        raise Unusable(f"{program} is not installed here (package postgresql-client).")
    return found


def _version(path: Path) -> int:
    name = path.parent.parent.name
    return int(name) if name.isdigit() else 0


# How the way to the database is guarded must not depend on which program takes it.
_GUARDED = ("sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "channel_binding")


def _told(database: Mapping[str, Any]) -> dict[str, str]:
    named = {
        "PGHOST": "HOST",
        "PGPORT": "PORT",
        "PGUSER": "USER",
        "PGPASSWORD": "PASSWORD",
        "PGDATABASE": "NAME",
    }
    given = {name: str(database[key]) for name, key in named.items() if database.get(key)}
    options = database.get("OPTIONS", {})
    given |= {f"PG{key.upper()}": str(options[key]) for key in _GUARDED if key in options}
    return {**{name: text for name, text in os.environ.items() if not name.startswith("PG")}, **given}


@contextmanager
def _connected(database: Mapping[str, Any]) -> Iterator["psycopg.Connection[Any]"]:
    named = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    given = {name: database[key] for name, key in named.items() if database.get(key)}
    with psycopg.connect(**given, autocommit=True) as base:
        yield base
