"""Account secrets that the server must be able to read (seeds of one-time codes, server halves of vaults) are
sealed under a key that is not in the database: a stolen copy of the database holds noise.

Nothing that a person writes passes here; content is sealed in the client and the server has no key for it.
"""

import base64
import binascii
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from accounts.errors import Unavailable

_NONCE = 12
_KEY = 32
_FORMAT = b"\x01"


def seal_at_rest(secret: bytes, *, purpose: str, owner: str) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return _FORMAT + nonce + _cipher().encrypt(nonce, secret, _place(purpose, owner))


def open_at_rest(sealed: bytes, *, purpose: str, owner: str) -> bytes:
    """Raises Unavailable when the key is another one or the row was altered or moved to another owner."""
    nonce, body = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    if sealed[:1] != _FORMAT or len(nonce) < _NONCE:
        raise Unavailable()
    try:
        return _cipher().decrypt(nonce, body, _place(purpose, owner))
    except InvalidTag as wrong:
        raise Unavailable() from wrong


def _place(purpose: str, owner: str) -> bytes:
    # Bound to purpose and owner: a row copied to somebody else's account does not open there.
    return f"colloque/{purpose}/{owner}".encode()


def _cipher() -> AESGCM:
    try:
        key = base64.b64decode(settings.AT_REST_KEY, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise ImproperlyConfigured("COLLOQUE_AT_REST_KEY is not base64.") from wrong
    if len(key) != _KEY:
        raise ImproperlyConfigured("COLLOQUE_AT_REST_KEY must hold 32 bytes.")
    return AESGCM(key)
