"""Own state put together from what the person's devices wrote, oldest first (PROTOCOL.md S3)."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from messaging.client.state import Checked, Muted, Pin, Secret, State, Verified

R = TypeVar("R", Pin, Checked, Verified, Secret, Muted)
Place = tuple[Hashable, int, object]  # whose, how far, and what is told of it


@dataclass(frozen=True, slots=True)
class Merged:
    state: State
    shown: int  # rows kept back: they would go back, or name another hash for the same place


def merge(states: Iterable[State]) -> Merged:
    """Writers since revoked and secrets without a matching commitment are left out before this."""
    whole = list(states)
    pins, odd_pins = _highest((row for state in whole for row in state.pins), _pin_place)
    checked, odd_checked = _highest((row for state in whole for row in state.checked), _checked_place)
    verified = {row.chain: row for state in whole for row in state.verified}
    secrets = {(row.conversation, row.epoch): row for state in whole for row in state.secrets}
    muted = {row.conversation: row for state in whole for row in state.muted}
    marks, quiet = _sorted(verified.values()), _sorted(muted.values())
    state = State(pins, marks, checked, _sorted(secrets.values()), quiet)
    return Merged(state, odd_pins + odd_checked)


def _pin_place(pin: Pin) -> Place:
    return pin.chain, pin.n, (pin.person, pin.hash)


def _checked_place(row: Checked) -> Place:
    return row.conversation, row.seq, (row.epoch, row.epoch_hash, row.hash)


def _highest(
    rows: Iterable[R], place: Callable[[R], tuple[Hashable, int, object]]
) -> tuple[tuple[R, ...], int]:
    kept: dict[Hashable, R] = {}
    shown = 0
    for row in rows:
        name, n, told = place(row)
        before = kept.get(name)
        if before is None or place(before)[1] < n:
            kept[name] = row
        elif place(before)[1] == n and place(before)[2] != told:
            shown += 1
    return _sorted(kept.values()), shown


def _sorted(rows: Iterable[R]) -> tuple[R, ...]:
    """In the order of the fields: the same on every device."""
    return tuple(sorted(rows))
