"""Tables of our own apps only. Django's admin brings models for groups, permissions and a log with free text:
ours says who may do what (accounts/policy.py) and what was done (accounts/models/actions.py) instead."""

from typing import Any

_WITHOUT_TABLES = frozenset({"admin", "auth", "contenttypes"})


class OwnTables:
    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return False if app_label in _WITHOUT_TABLES else None
