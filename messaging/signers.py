"""Whose entry it is: the signer's row, and the key at the head which that row names (PROTOCOL.md E10, L4)."""

from accounts.keylog import Device, KeyLog
from accounts.objects import SignedObject
from messaging.epochs import Epoch, Row
from messaging.errors import LogRefused
from messaging.facts import Facts


class Waiting(Exception):
    """A key log is not known as far as the row names it."""

    def __init__(self, row: Row) -> None:
        super().__init__()
        self.row = row


def maker_of(epoch: Epoch, facts: Facts) -> Row:
    """The first row whose key log holds the signer at the head named; a device does not say whose it is."""
    for row in epoch.roster:
        if known_log(row, facts).has_device_at(row.head.n, epoch.signer):
            need(not row.paused, "not_a_member")
            return row
    raise LogRefused("not_a_member")


def check_signature(signed: SignedObject, row: Row, facts: Facts) -> None:
    device = _browser(signed, row, facts)
    if device is None:
        raise LogRefused("unknown_device")
    need(signed.is_signed_by(device.sign), "bad_signature")


def is_signed(signed: SignedObject, row: Row, facts: Facts) -> bool:
    device = _browser(signed, row, facts)
    return device is not None and signed.is_signed_by(device.sign)


def check_head(row: Row, earlier: Row | None, facts: Facts) -> None:
    """E7: the head named does not go back, and the generation is the one there."""
    need(earlier is None or row.head.n >= earlier.head.n, "bad_roster")
    generation = known_log(row, facts).generation_at(row.head.n)
    need(row.generation == generation and generation >= 1, "bad_roster")


def known_log(row: Row, facts: Facts) -> KeyLog:
    """Raises Waiting."""
    log = facts.key_log(row.chain)
    if log is None or not log.holds(row.head):
        raise Waiting(row)
    return log


def _browser(signed: SignedObject, row: Row, facts: Facts) -> Device | None:
    device = known_log(row, facts).device_at(row.head.n, signed.signer)
    return device if device is not None and device.sort == "browser" else None


def need(right: bool, code: str) -> None:
    if not right:
        raise LogRefused(code)
