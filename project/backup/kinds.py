"""What each kind of database must be able to do."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from project.backup import postgres, sqlite

Settings = Mapping[str, Any]  # one of Django's DATABASES


class Kind(Protocol):
    def dump(self, database: Settings, file: Path) -> None: ...

    def check(self, file: Path) -> None:
        """Raises Unusable for a file that is no whole backup of ours."""

    def check_alone(self, database: Settings) -> None:
        """Raises Unusable while somebody else uses the database."""

    def load(self, database: Settings, file: Path) -> None:
        """Nothing of what was there before remains."""

    def scratch(self, database: Settings) -> AbstractContextManager[Settings]:
        """An empty database beside it, gone afterwards."""


def kind_of(database: Settings) -> Kind:
    return sqlite if database["ENGINE"].endswith("sqlite3") else postgres
