"""Own state put together from what the person's devices wrote, oldest first (PROTOCOL.md S3)."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from messaging.client.state import Checked, Muted, Pin, Secret, State, Verified

R = TypeVar("R", Pin, Checked, Verified, Secret, Muted)


@dataclass(frozen=True, slots=True)
class Written:
    """One message: its place, up to where its writer had read, and whether that device is revoked since."""

    state: State
    seq: int
    seen: int
    is_revoked: bool = False


@dataclass(frozen=True, slots=True)
class Merged:
    state: State
    shown: int  # rows kept back: they would go back, name another hash or chain for what was known


@dataclass(frozen=True, slots=True)
class _Kept:
    pin: Pin
    since: int | None  # the message that first named this chain; None: its writer is revoked since


_Pins = dict[bytes, _Kept]


def merge(messages: Iterable[Written]) -> Merged:
    """Secrets without a matching commitment are left out before this."""
    whole = list(messages)
    pins, odd_pins = _pins(whole)
    checked, odd_checked = _checked(whole)
    verified = {row.chain: row for one in whole if not one.is_revoked for row in one.state.verified}
    secrets = {(row.conversation, row.epoch): row for one in whole for row in one.state.secrets}
    marks, quiet = _sorted(verified.values()), _sorted(_muted(whole).values())
    state = State(pins, marks, checked, _sorted(secrets.values()), quiet)
    return Merged(state, odd_pins + odd_checked)


def _pins(messages: Iterable[Written]) -> tuple[tuple[Pin, ...], int]:
    kept: _Pins = {}
    shown = 0
    for message in messages:
        if not message.is_revoked:
            kept = _without_fillers(kept, message.state.pins)
        before = dict(kept)
        shown += sum([_take(kept, pin, message, before) for pin in message.state.pins])
    return _sorted(row.pin for row in kept.values()), shown


def _without_fillers(kept: _Pins, pins: Iterable[Pin]) -> _Pins:
    """What a revoked writer said of a chain gives way to what another says of it."""
    said = list(pins)
    return {
        person: row
        for person, row in kept.items()
        if row.since is not None or not _is_anothers(row.pin, said)
    }


def _is_anothers(pin: Pin, pins: Iterable[Pin]) -> bool:
    return any(one.chain == pin.chain and one.person != pin.person for one in pins)


def _take(kept: _Pins, pin: Pin, message: Written, before: Mapping[bytes, _Kept]) -> bool:
    """Takes the row if it may; tells whether it is shown instead."""
    if _is_anothers(pin, [row.pin for row in before.values()]):
        return not message.is_revoked
    old = kept.get(pin.person)
    if old is None:
        kept[pin.person] = _Kept(pin, None if message.is_revoked else message.seq)
        return False
    return not message.is_revoked and _replace(kept, old, pin, message)


def _replace(kept: _Pins, old: _Kept, pin: Pin, message: Written) -> bool:
    if old.since is None or (old.pin.chain != pin.chain and message.seen >= old.since):
        kept[pin.person] = _Kept(pin, message.seq)
        return False
    if old.pin.chain != pin.chain:
        return True  # its writer had not seen the other: a first contact, no acknowledgement (E13)
    if pin.n > old.pin.n:
        kept[pin.person] = replace(old, pin=pin)
    return pin.n == old.pin.n and pin.hash != old.pin.hash


def _checked(messages: Iterable[Written]) -> tuple[tuple[Checked, ...], int]:
    kept: dict[Hashable, Checked] = {}
    shown = 0
    for message in messages:
        for row in message.state.checked:
            before = kept.get(row.conversation)
            if before is None or (before.seq < row.seq and not message.is_revoked):
                kept[row.conversation] = row
            elif before.seq == row.seq and before != row and not message.is_revoked:
                shown += 1
    return _sorted(kept.values()), shown


def _muted(messages: Iterable[Written]) -> dict[bytes, Muted]:
    kept: dict[bytes, Muted] = {}
    for message in messages:
        for row in message.state.muted:
            if row.conversation not in kept or not message.is_revoked:
                kept[row.conversation] = row
    return kept


def _sorted(rows: Iterable[R]) -> tuple[R, ...]:
    """In the order of the fields: the same on every device."""
    return tuple(sorted(rows))
