"""What the address of the database says of its guard reaches every program that goes there."""

import json
import os
import subprocess
import sys
from typing import Any

from project.backup import postgres
from tests.architecture.sources import ROOT

ADDRESS = "postgres://colloque:secret@base.example:5432/colloque?sslmode=verify-full&sslrootcert=/etc/ca.pem"
_SHOW = "import json; from project.settings import DATABASES; print(json.dumps(DATABASES['default']))"


def database() -> dict[str, Any]:
    told = {**os.environ, "DATABASE_URL": ADDRESS, "DJANGO_SETTINGS_MODULE": "project.settings"}
    shown = subprocess.check_output([sys.executable, "-c", _SHOW], env=told, cwd=ROOT, text=True)
    found: dict[str, Any] = json.loads(shown)
    return found


def test_the_server_checks_the_certificate_that_the_address_asks_for() -> None:
    options = database()["OPTIONS"]
    assert (options["sslmode"], options["sslrootcert"]) == ("verify-full", "/etc/ca.pem")
    assert {"pool", "options"} <= set(options)


def test_so_do_the_programs_of_a_backup() -> None:
    told = postgres._told(database())
    assert (told["PGSSLMODE"], told["PGSSLROOTCERT"]) == ("verify-full", "/etc/ca.pem")
