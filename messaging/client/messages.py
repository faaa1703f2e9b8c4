"""Keys and padding of messages (PROTOCOL.md M2 to M5). What they say: `contents`, `state`."""

import hmac
from typing import Final, Literal

from accounts import shapes
from accounts.codec import Value, decode
from accounts.errors import Refused
from accounts.objects import H
from messaging.client.sealing import NONCE, TAG, CannotOpen, decrypt, encrypt
from messaging.envelopes import Message

PADDED: Final = 32 * 1024
_STEP: Final = 256
_EVEN_UP_TO: Final = 4096
_MARK: Final = b"\x80"

UnreadableCode = Literal["altered", "malformed", "newer_version"]


class TooLong(ValueError):
    """The content does not fit into a message."""


class Unreadable(Exception):
    """The log accepts the message and nobody can read it; it is shown as such."""

    def __init__(self, code: UnreadableCode) -> None:
        super().__init__(code)
        self.code = code


def padded_length(length: int) -> int:
    """For a content with its mark (M4)."""
    if length <= _EVEN_UP_TO:
        return -(-length // _STEP) * _STEP
    exponent = length.bit_length() - 1
    step = 1 << exponent - exponent.bit_length()
    return -(-length // step) * step


def pad(content: bytes) -> bytes:
    """Raises TooLong."""
    size = padded_length(len(content) + 1)
    if size > PADDED:
        raise TooLong
    return (content + _MARK).ljust(size, b"\0")


def unpad(padded: bytes) -> bytes:
    """Raises Unreadable."""
    content, mark, zeros = padded.rpartition(_MARK)
    wrong = not mark or any(zeros) or len(padded) != padded_length(len(content) + 1)
    if wrong or len(padded) > PADDED:
        raise Unreadable("altered")
    return content


def message_key(secret: bytes, header: bytes) -> bytes:
    return H("message", secret, H("header", header))


def commitment(key: bytes) -> bytes:
    return H("commit", key)


def seal_content(secret: bytes, header: bytes, content: bytes, nonce: bytes) -> tuple[bytes, bytes]:
    """Commitment and body."""
    key = message_key(secret, header)
    commit = commitment(key)
    return commit, nonce + encrypt(H("seal", key), nonce, header + commit, pad(content))


def open_message(secret: bytes, message: Message) -> bytes:
    """The content's bytes; raises Unreadable."""
    return open_with_key(message_key(secret, message.header), message)


def open_with_key(key: bytes, message: Message) -> bytes:
    """With the key of this one message, as a third party would be given it (M10); raises Unreadable."""
    body = message.body
    right = hmac.compare_digest(commitment(key), message.commit)
    if not right or len(body) < NONCE + TAG:
        raise Unreadable("altered")
    bound = message.header + message.commit
    try:
        return unpad(decrypt(H("seal", key), body[:NONCE], bound, body[NONCE:]))
    except CannotOpen as wrong:
        raise Unreadable("altered") from wrong


def read_fields(content: bytes) -> tuple[str, dict[str, Value]]:
    """Kind and fields; raises Unreadable."""
    try:
        value = decode(content, PADDED)
        if not isinstance(value, dict):
            raise Unreadable("malformed")
        return shapes.text(value.get("kind")), value
    except Refused as refused:
        raise Unreadable("malformed") from refused
