"""`manage.py export_protocol`: the client's copy of the protocol; `--check` fails when it differs."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from messaging.exporting import frames_ts

_PLACE = "frontend/src/protocol/frames.ts"


class Command(BaseCommand):
    help = f"Write {_PLACE}."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing, fail when it would differ")

    def handle(self, *args: Any, **options: Any) -> None:
        place, text = settings.BASE_DIR / _PLACE, frames_ts()
        if not options["check"]:
            place.write_text(text)
        elif not place.is_file() or place.read_text() != text:
            raise CommandError(f"{_PLACE} is not what the protocol says; run: manage.py export_protocol")
