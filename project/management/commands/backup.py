"""`manage.py backup FILE`: the whole database in one file, while the server runs."""

import os
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import connection

from project.backup.faults import Unusable
from project.backup.kinds import kind_of


class Command(BaseCommand):
    help = "Write the database to FILE. What else to keep, and how to practise: docs/backup.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        began = time.monotonic()
        try:
            os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # nobody else reads it
        except OSError as wrong:
            raise CommandError(f"{file}: {wrong.strerror}") from wrong
        try:
            kind_of(connection.settings_dict).dump(connection.settings_dict, file)
        except Unusable as wrong:
            file.unlink()
            raise CommandError(str(wrong)) from wrong
        took = time.monotonic() - began
        self.stdout.write(f"{file}: {file.stat().st_size / 1e6:.1f} MB in {took:.1f} s.")
        self.stdout.write(
            "Keep COLLOQUE_AT_REST_KEY elsewhere: without it nobody can sign in or open a browser."
        )
