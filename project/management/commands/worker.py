"""`manage.py worker`: beside the server, one is enough; more do no harm."""

import os
import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand

from project.worker import Worker

_ENDING = (signal.SIGTERM, signal.SIGINT)


class Command(BaseCommand):
    help = "Run the jobs that are due, until ended by a signal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="run every job once and end")

    def handle(self, *args: Any, **options: Any) -> None:
        os.umask(0o077)  # what it writes is nobody else's to read
        if options["once"]:
            Worker().run_due()
            return
        # Taken up between two rounds alone: a handler could come while what it sets is locked.
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
        Worker().run(lambda seconds: signal.sigtimedwait(_ENDING, seconds) is not None)
