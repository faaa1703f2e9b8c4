"""`manage.py worker`: beside the server, one is enough; more do no harm."""

import os
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand

from project.worker import Worker


class Command(BaseCommand):
    help = "Run the jobs that are due, until ended by a signal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="run every job once and end")

    def handle(self, *args: Any, **options: Any) -> None:
        os.umask(0o077)  # what it writes is nobody else's to read
        if options["once"]:
            Worker().run_due()
            return
        told = threading.Event()
        for sort in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sort, lambda _number, _frame: told.set())
        Worker().run(told)
