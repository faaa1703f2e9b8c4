"""What a client remembers of another's key log and demands of the next one it is served (PROTOCOL.md K15)."""

from collections.abc import Sequence
from typing import NamedTuple

from accounts.errors import Refused
from accounts.keylog import KeyLog, fold


class Pin(NamedTuple):
    chain: bytes
    n: int
    hash: bytes


class KeyLogRefused(Refused):
    """Shorter than the pin, or another history: shown, and never taken."""

    def __init__(self) -> None:
        super().__init__("conflict")
        self.code = "key_log_refused"


def check_log(pin: Pin, statements: Sequence[bytes]) -> KeyLog:
    """The log, when it extends the pin; raises KeyLogRefused, or Refused for a log that does not judge."""
    log = fold(statements)
    if log.chain != pin.chain or log.hash_at(pin.n) != pin.hash:
        raise KeyLogRefused
    return log
