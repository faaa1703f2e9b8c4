from typing import Any

from django.core.management.base import BaseCommand

from accounts.services.forgetting import forget_expired


class Command(BaseCommand):
    help = "Delete sessions, links, revocations and throttle counts that have had their time."

    def handle(self, *args: Any, **options: Any) -> None:
        gone = forget_expired()
        self.stdout.write(", ".join(f"{amount} {sort}" for sort, amount in gone.items()))
