from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.background import settle
from accounts.models import Membership, Organisation
from accounts.professions import profession_code
from accounts.services.invitations import CannotInvite, Identity, invite
from accounts.services.people import organisation_named
from accounts.specialities import CIVILITIES


class Command(BaseCommand):
    help = "Invite somebody into an organisation by e-mail. The link is not shown unless asked for."

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name in ("organisation", "email", "given", "family", "profession", "place"):
            parser.add_argument(f"--{name}", required=True)
        parser.add_argument("--rpps")
        parser.add_argument("--civility", choices=CIVILITIES, help="as in the public directory")
        parser.add_argument("--speciality", help="code of TRE_R01, as SM54")
        parser.add_argument("--role", choices=Membership.Role.values, default=Membership.Role.MEMBER)
        parser.add_argument("--language", choices=("fr", "en"), default="fr")
        parser.add_argument("--create-organisation", action="store_true")
        parser.add_argument(
            "--print-link", action="store_true", help="show the link here: whoever sees it can use it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = _organisation(options["organisation"], create=options["create_organisation"])
        try:
            invited = invite(
                organisation=organisation, identity=_identity(options), language=options["language"]
            )
        except CannotInvite as wrong:
            raise CommandError(f"Not invited: {wrong}.") from wrong
        settle()  # the mail leaves before the command ends
        self.stdout.write(f"Invited: {invited.invitation.pk.hex}")
        if options["print_link"]:
            self.stdout.write(invited.link)


def _organisation(name: str, *, create: bool) -> Organisation:
    if create:
        return organisation_named(name)
    found = Organisation.objects.filter(name=name).first()
    if found is None:
        raise CommandError("No such organisation; add --create-organisation to make it.")
    return found


def _identity(options: dict[str, Any]) -> Identity:
    return Identity(
        email=options["email"],
        given=options["given"],
        family=options["family"],
        profession=profession_code(options["profession"]) or options["profession"],
        place=options["place"],
        rpps=options["rpps"],
        role=options["role"],
        civility=options["civility"],
        speciality=options["speciality"],
    )
