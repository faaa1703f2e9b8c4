"""`manage.py staff`: the first administrator. Later ones are let in by this one, in the administration."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.address import address
from accounts.models import Person
from accounts.professions import profession_code
from accounts.services.administrators import Made, make_first_administrator, raise_to_first_rank
from accounts.services.invitations import Identity


class Command(BaseCommand):
    help = "Let somebody into the administration: with the account they have, or a new one made here."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True)
        for name in ("given", "family", "place"):
            parser.add_argument(f"--{name}", default="")
        parser.add_argument("--profession", default="332", help="code or title, as in the directory")

    def handle(self, *args: Any, **options: Any) -> None:
        email = address(options["email"])
        person = Person.objects.filter(email=email).first() if email else None
        if person is not None:
            raise_to_first_rank(person)
            self.stdout.write("In the administration, with the password and the codes they have.")
        else:
            self._show(make_first_administrator(_identity(options, email)))
        self.stdout.write(f"Sign in at {settings.ADMIN_ORIGIN}")

    def _show(self, made: Made) -> None:
        self.stdout.write("Shown once, kept nowhere:")
        self.stdout.write(f"password: {made.password}")
        self.stdout.write(f"seed of one-time codes: {made.secret}")


def _identity(options: dict[str, Any], email: str | None) -> Identity:
    identity = Identity(
        email=email or "",
        given=options["given"].strip(),
        family=options["family"].strip(),
        profession=profession_code(options["profession"]) or options["profession"],
        place=options["place"].strip(),
    )
    if faults := identity.faults():
        raise CommandError(f"Wrong or missing: {', '.join(faults)}.")
    return identity
