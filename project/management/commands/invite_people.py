"""`manage.py invite_people < people.json`: {"organisation": name, "people": [{email, given, family, …}]}."""

import json
import sys
from typing import Any

from django.core.management import BaseCommand, CommandError

from accounts.background import settle
from accounts.services.invitations import CannotInvite, Identity, invite
from accounts.services.people import organisation_named


class Command(BaseCommand):
    help = "Invite everybody of a JSON list read from standard input; each gets a link by mail."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            given = json.load(sys.stdin)
            identities = [Identity(**person) for person in given["people"]]
            organisation = organisation_named(given["organisation"])
        except (ValueError, TypeError, KeyError) as wrong:
            raise CommandError(f"The list is not as expected: {wrong}") from wrong
        for identity in identities:
            try:
                invite(organisation=organisation, identity=identity)
            except CannotInvite as fault:
                raise CommandError(f"{identity.email}: {fault}") from fault
        settle()
        self.stdout.write(f"Invited {len(identities)} people.")
