"""Reads the mails that the server wrote into a folder instead of sending them."""

import email
import email.policy
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

_RULE = "-" * 79


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    date: str
    text: str


def read_mails(folder: Path) -> list[Mail]:
    """Newest first."""
    files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)
    return [mail for path in files for mail in reversed(_split(path))]


def _split(path: Path) -> list[Mail]:
    pieces = path.read_text(encoding="utf-8").split(_RULE)
    return [_read(piece.strip()) for piece in pieces if piece.strip()]


def _read(piece: str) -> Mail:
    message = email.message_from_bytes(piece.encode(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    text = body.get_content() if body else ""
    return Mail(str(message["To"]), str(message["Subject"]), str(message["Date"]), text.strip())
