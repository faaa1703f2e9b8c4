"""`manage.py release_held`: what a restored server put off while conversations waited (PROTOCOL.md T2)."""

from typing import Any

from django.core.management import BaseCommand

from messaging.services.events import release_held


class Command(BaseCommand):
    help = "End the waiting of conversations after a restoration, where its time is over."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Released {release_held()} conversations.")
