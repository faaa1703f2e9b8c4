"""`manage.py export_protocol`: the client's copy of the protocol, and of what the host sees; `--check` fails
when one differs."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from messaging.exporting import frames_ts
from messaging.seen import seen_ts

_PLACES: Final[dict[str, Callable[[], str]]] = {
    "frontend/src/protocol/frames.ts": frames_ts,
    "frontend/src/ui/people/seen.ts": seen_ts,
}


class Command(BaseCommand):
    help = f"Write {' and '.join(_PLACES)}."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing, fail when it would differ")

    def handle(self, *args: Any, **options: Any) -> None:
        for name, made in _PLACES.items():
            place, text = settings.BASE_DIR / name, made()
            if not options["check"]:
                place.write_text(text)
            elif not place.is_file() or place.read_text() != text:
                raise CommandError(f"{name} is not what the server says; run: manage.py export_protocol")
