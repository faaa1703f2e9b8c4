"""`manage.py serve`: the server as it runs everywhere."""

import os
import sys
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from project.worker import Worker


class Command(BaseCommand):
    help = "Serve the client, the API and the socket. Says so when it listens."
    requires_migrations_checks = False
    _with_worker = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--host", action="append", help="an address to listen on; default: both of localhost"
        )
        parser.add_argument("--until-input-ends", action="store_true", help="stop when standard input closes")
        parser.add_argument(
            "--with-worker", action="store_true", help="run the due jobs too, as `manage.py worker` does"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        os.umask(0o077)  # what it writes is nobody else's to read
        # Here and not above: importing Daphne installs its event loop for the whole process.
        from project import serving  # noqa: PLC0415
        from project.asgi import application  # noqa: PLC0415

        self._with_worker = options["with_worker"]
        hosts = serving.usable(options["host"] or list(serving.LOOPBACK))
        server = serving.build(application, hosts=hosts, port=options["port"], ready=self._begin)
        if options["until_input_ends"]:
            serving.stop_at_end_of(sys.stdin.buffer, server)
        server.run()
        if not serving.all_listen(server):
            watch = f", or the address {settings.WATCH.netloc}" if settings.WATCH.port else ""
            raise CommandError(f"Port {options['port']}{watch} is taken.")

    def _begin(self, hosts: list[str]) -> None:
        if self._with_worker:
            never = threading.Event()
            threading.Thread(target=Worker().run, args=(never.wait,), name="worker", daemon=True).start()
        self.stdout.write(f"Listening on {', '.join(hosts)}: {settings.ALLOWED_ORIGINS[0]}")
        self.stdout.flush()
