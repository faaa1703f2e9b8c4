"""Outgoing mail: account matters only. Never a patient, a message, a name, a token but the one it carries.

The texts are in letters/: the first line is the subject.
"""

from importlib.resources import files
from typing import Literal

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from accounts.background import later

Letter = Literal[
    "invitation",
    "reset",
    "password_changed",
    "factor_changed",
    "factor_removed",
    "printed_codes_renewed",
    "printed_code_used",
    "wrong_codes",
    "device_added",
    "device_revoked",
    "paper_removal",
    "paper_kept",
    "new_start",
]
LANGUAGES = ("fr", "en")
_log = structlog.get_logger("accounts")


def post(letter: Letter, to: str, language: str, **facts: str | int) -> None:
    """Sent after the transaction that it tells of, and never by the thread that answers."""
    transaction.on_commit(lambda: later(lambda: _send(letter, to, language, facts)))


def _send(letter: Letter, to: str, language: str, facts: dict[str, str | int]) -> None:
    subject, body = written(letter, language, facts)
    send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [to])
    _log.info("mail.sent", letter=letter)


def written(letter: Letter, language: str, facts: dict[str, str | int]) -> tuple[str, str]:
    spoken = language if language in LANGUAGES else LANGUAGES[0]
    text = (files("accounts") / "letters" / f"{letter}.{spoken}.txt").read_text("utf-8")
    subject, _, body = text.partition("\n\n")
    return subject, body.format(**facts)
