"""Says with which versions this run was made."""

import sqlite3
import sys
from importlib.metadata import version

from tests import services

_PACKAGES = (
    "django channels daphne channels-redis redis PyNaCl cryptography",
    "django-otp msgspec pytest hypothesis playwright mypy ruff",
)
_SERVERS = {
    "redis-server": (("redis-server", "valkey-server"), "redis-server"),
    "postgres": (("postgres",), "postgresql"),
}


def show() -> None:
    print(f"Python {sys.version.split()[0]} · SQLite {sqlite3.sqlite_version}")
    for line in _PACKAGES:
        print(" · ".join(f"{name} {version(name)}" for name in line.split()))
    print(f"Node {services.first_line(['node', '--version'])}")
    for name, (names, package) in _SERVERS.items():
        found = services.find(*names, package=package, wheel=None)
        print(f"{name}: {services.first_line([found, '--version'])}")
    print(f"chromium: {services.first_line([services.chromium(), '--version'])}")
