"""`manage.py restore FILE --yes`: puts a backup in the place of the database, with every server stopped."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.models import History
from accounts.services.histories import begin_history
from project.backup import lost
from project.backup.checking import Damaged, check_all
from project.backup.faults import Unusable
from project.backup.kinds import kind_of

_AGAIN = """Whatever was done after that moment must be done again:
  suspensions, ended sessions, browsers that were cut off, memberships and roles, new starts;
  passwords and second factors that were changed or removed;
  invitations, and people who joined since: they need another one;
  browsers that were added since: their keys cannot be opened here, each is added again.
Suspend before you start the server. Messages, epochs and keys come back from the browsers that hold them."""


class Command(BaseCommand):
    help = "Replace the database by a backup. Ends all sessions and begins a new history (PROTOCOL.md T)."
    requires_migrations_checks = False
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--already", action="store_true", help="the database was restored by other means")
        parser.add_argument("--yes", action="store_true", help="what is in the database now may be lost")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path | None = options["file"]
        if (file is None) != options["already"]:
            raise CommandError("Name one FILE, or --already after a restoration by other means.")
        if not options["yes"]:
            raise CommandError("This replaces the database and ends every session. Add --yes if you mean it.")
        acts = lost.lately()
        try:
            self._load(file)
            call_command("migrate", interactive=False, verbosity=0)
            history = begin_history()  # before anything can fail: no session of the backup may go on
            whole = check_all("default")
        except (Unusable, Damaged) as wrong:
            raise CommandError(str(wrong)) from wrong
        self.stdout.write(f"Whole: {whole.conversations} conversations, {whole.entries} entries, "
                          f"{whole.key_logs} key logs.")  # fmt: skip
        self._report(history, acts)

    def _load(self, file: Path | None) -> None:
        database = dict(connection.settings_dict)
        _let_go()
        kind = kind_of(database)
        kind.check_alone(database)
        if file is not None:
            kind.check(file)
            kind.load(database, file)

    def _report(self, history: History, acts: list[lost.Act] | None) -> None:
        assert history.restored_at is not None
        moment = timezone.localtime(history.restored_at)
        self.stdout.write(f"A new history began. The backup knows nothing after {moment:%d/%m/%Y %H:%M:%S}.")
        self.stdout.write(_AGAIN)
        known = lost.since(acts, history.restored_at)
        if known is None:
            self.stdout.write("What administrators did since is not known: the old database does not answer.")
        for act in known or ():
            at = timezone.localtime(act.at)
            self.stdout.write(f"  {at:%d/%m/%Y %H:%M} {act.what}: {act.target}")


def _let_go() -> None:
    """Of our own connections, the pool's among them: whoever else is connected is somebody else."""
    connection.close()
    if hasattr(connection, "close_pool"):
        connection.close_pool()
