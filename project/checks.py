"""What must hold before this starts serving anybody: each fault is an error, and an error stops the start."""

import base64
import binascii
import re
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

_LOCAL = {"localhost", "127.0.0.1", "::1"}


@register(Tags.security)
def settings_are_safe(app_configs: Sequence[Any] | None, **kwargs: Any) -> Iterable[CheckMessage]:
    if settings.DEBUG:
        yield Error("DEBUG is on.", id="colloque.E001")
    if len(settings.SECRET_KEY) < 50 or len(set(settings.SECRET_KEY)) < 8:
        yield Error(
            "COLLOQUE_SECRET_KEY is too short: 50 characters of randomness at least.", id="colloque.E002"
        )
    if not _is_key(settings.AT_REST_KEY):
        yield Error("COLLOQUE_AT_REST_KEY must be 32 bytes in URL-safe base64.", id="colloque.E003")
    yield from _origin_errors(settings.ALLOWED_ORIGINS, "COLLOQUE_ORIGINS")
    yield from _origin_errors([settings.ADMIN_ORIGIN], "COLLOQUE_ADMIN_ORIGIN")
    hosts = {urlsplit(origin).hostname for origin in settings.ALLOWED_ORIGINS}
    if urlsplit(settings.ADMIN_ORIGIN).hostname in hosts:
        yield Error("COLLOQUE_ADMIN_ORIGIN must have a host of its own.", id="colloque.E007")
    if any("*" in host or host.startswith(".") or not host for host in settings.ALLOWED_HOSTS):
        yield Error("ALLOWED_HOSTS holds a wildcard.", id="colloque.E005")


@register(Tags.security)
def state_is_closed(app_configs: Sequence[Any] | None, **kwargs: Any) -> Iterable[CheckMessage]:
    """Keys, mails with links and the embedded database lie there."""
    folder = Path(settings.STATE)
    if folder.is_dir() and stat.S_IMODE(folder.stat().st_mode) & 0o077:
        yield Error(f"The state folder is open to other users; run: chmod 700 {folder}", id="colloque.E006")


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, altchars=b"-_", validate=True)) == 32
    except (binascii.Error, ValueError):
        return False


def _is_local(host: str) -> bool:
    return host in _LOCAL or host.endswith(".localhost")


def _origin_errors(origins: list[str], variable: str) -> Iterable[CheckMessage]:
    if not origins:
        yield Error(f"{variable} is empty.", id="colloque.E004")
    for origin in origins:
        parts = urlsplit(origin)
        safe = parts.scheme == "https" or (parts.scheme == "http" and _is_local(parts.hostname or ""))
        if not safe or not re.fullmatch(r"https?://[a-z0-9.\-\[\]:]+", origin) or origin.endswith(":"):
            yield Error(f"{variable}: {origin!r} is not an exact https origin.", id="colloque.E004")
