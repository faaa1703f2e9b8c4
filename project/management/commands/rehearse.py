"""`manage.py rehearse`: a backup, restored beside the database, checked entry by entry, thrown away."""

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from django.core.management import BaseCommand, CommandError
from django.db import connection, connections

from project.backup.checking import Damaged, check_all, counts
from project.backup.faults import Unusable
from project.backup.kinds import kind_of

T = TypeVar("T")
_ALIAS = "rehearsal"


class Command(BaseCommand):
    help = "Practise a restoration: nothing of it touches the database. Fails loudly."

    def handle(self, *args: Any, **options: Any) -> None:
        self._rows: list[tuple[str, float, str]] = []
        try:
            with tempfile.TemporaryDirectory(prefix="colloque-backup-") as folder:
                self._rehearse(dict(connection.settings_dict), Path(folder) / "backup")
        except (Unusable, Damaged) as wrong:
            raise CommandError(str(wrong)) from wrong
        for step, seconds, what in self._rows:
            self.stdout.write(f"{step:<10} {seconds:>8.2f} s  {what}")

    def _rehearse(self, database: Mapping[str, Any], file: Path) -> None:
        kind, before = kind_of(database), counts("default")
        self._timed(
            "backup", lambda: kind.dump(database, file), lambda _: f"{file.stat().st_size / 1e6:.1f} MB"
        )
        after = counts("default")
        kind.check(file)
        with kind.scratch(database) as scratch:
            self._timed("restore", lambda: kind.load(scratch, file), lambda _: "into a scratch database")
            with _opened(scratch):
                self._timed("check", lambda: check_all(_ALIAS), _told)
                _compare(before, counts(_ALIAS), after)
        self._rows.append(("compare", 0.0, f"{sum(before.values())} rows of {len(before)} tables are equal"))
        self._rows.append(("removed", 0.0, "nothing of the rehearsal is left"))

    def _timed(self, step: str, work: Callable[[], T], say: Callable[[T], str]) -> None:
        began = time.monotonic()
        result = work()
        self._rows.append((step, time.monotonic() - began, say(result)))


@contextmanager
def _opened(database: Mapping[str, Any]) -> Iterator[None]:
    connections.databases[_ALIAS] = {**database, "OPTIONS": _without_pool(database["OPTIONS"])}
    try:
        yield
    finally:
        connections[_ALIAS].close()
        del connections[_ALIAS]
        del connections.databases[_ALIAS]


def _without_pool(options: Mapping[str, Any]) -> dict[str, Any]:
    """Checking a large log takes longer than any request may."""
    return {name: value for name, value in options.items() if name not in ("pool", "options")}


def _compare(before: Mapping[str, int], copied: Mapping[str, int], after: Mapping[str, int]) -> None:
    """A server that goes on meanwhile has had as many rows at some moment between the two."""
    wrong = [
        table
        for table, count in copied.items()
        if not min(before[table], after[table]) <= count <= max(before[table], after[table])
    ]
    if wrong:
        raise Damaged(f"the backup has other rows than the database in: {', '.join(sorted(wrong))}")


def _told(whole: tuple[int, int, int]) -> str:
    return "{} conversations, {} entries, {} key logs: each number and hash".format(*whole)
