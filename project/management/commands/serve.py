"""`manage.py serve`: the server as it runs everywhere."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Serve the client, the API and the socket. Says so when it listens."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--host", action="append", help="an address to listen on; default: both of localhost"
        )
        parser.add_argument("--until-input-ends", action="store_true", help="stop when standard input closes")

    def handle(self, *args: Any, **options: Any) -> None:
        os.umask(0o077)  # what it writes is nobody else's to read
        # Here and not above: importing Daphne installs its event loop for the whole process.
        from project import serving  # noqa: PLC0415
        from project.asgi import application  # noqa: PLC0415

        hosts = serving.usable(options["host"] or list(serving.LOOPBACK))
        server = serving.build(application, hosts=hosts, port=options["port"], ready=self._say)
        if options["until_input_ends"]:
            serving.stop_at_end_of(sys.stdin.buffer, server)
        server.run()
        if not server.listening_addresses or len(server.listening_addresses) < len(hosts):
            raise CommandError(f"Port {options['port']} is taken.")

    def _say(self, hosts: list[str]) -> None:
        self.stdout.write(f"Listening on {', '.join(hosts)}: {settings.ALLOWED_ORIGINS[0]}")
        self.stdout.flush()
