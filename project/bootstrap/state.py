"""What the demo keeps in var/demo, apart from any other use of the checkout: secrets, database, mail."""

from __future__ import annotations

import base64
import os
import secrets
import shutil

from project.bootstrap.console import step
from project.bootstrap.place import DEMO, PYTHON, ROOT
from project.bootstrap.program import run
from project.bootstrap.stamp import Stamp, digest


def environment_of_demo() -> dict[str, str]:
    # A database that the environment names is somebody's; fictional people have no place in it.
    return {
        "COLLOQUE_STATE": str(DEMO),
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "COLLOQUE_ORIGINS": "http://localhost:8000",
    }


def make_secrets() -> None:
    """Made once and never overwritten: with another key, what is sealed in the database stays closed."""
    DEMO.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = DEMO / "colloque.env"
    if path.exists():
        return
    lines = [
        f"COLLOQUE_SECRET_KEY={secrets.token_urlsafe(64)}",
        f"COLLOQUE_AT_REST_KEY={base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}",
    ]
    half = DEMO / "colloque.env.half"
    with os.fdopen(os.open(str(half), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write("\n".join(lines) + "\n")
        out.flush()
        os.fsync(out.fileno())
    os.replace(str(half), str(path))


def migrate() -> None:
    steps = [
        path for app in ("accounts", "messaging") for path in sorted((ROOT / app / "migrations").glob("*.py"))
    ]
    stamp = Stamp("database", DEMO / "colloque.sqlite3", digest([*steps, ROOT / "requirements.txt"]))
    if stamp.holds():
        return
    with step("Database"):
        stamp.begin()
        command = [str(PYTHON), str(ROOT / "manage.py"), "migrate", "--no-input", "--verbosity", "0"]
        run("migrate", command, extra=environment_of_demo())
        stamp.end()


def forget() -> None:
    """Throws the demo's people away: half of them would be a riddle on the first screen."""
    shutil.rmtree(str(DEMO), ignore_errors=True)
