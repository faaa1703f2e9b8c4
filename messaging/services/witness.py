"""Whether a `suspended` that is given back was ever said: it bears nobody's signature (PROTOCOL.md T9)."""

from collections.abc import Iterable, Set

from accounts.models import Person
from messaging.envelopes import Entry, Suspended
from messaging.errors import LogRefused


def check_suspension(entry: Suspended, place: int, later: Iterable[Entry], own: Set[bytes]) -> None:
    """`place`: where it will stand; `later`: what follows in the same part, which is taken whole or not at
    all; `own`: the giver's devices."""
    if not (_is_suspended(entry.chain) or any(_has_seen(one, place, own) for one in later)):
        raise LogRefused("not_allowed")


def _is_suspended(chain: bytes) -> bool:
    """The directory says so itself, or has another chain for that person (K20)."""
    state = Person.objects.filter(chain=chain).values_list("state", flat=True).first()
    return state != Person.State.ACTIVE


def _has_seen(entry: Entry, place: int, own: Set[bytes]) -> bool:
    """Somebody else signed that they had seen this very place; judging holds its hash against the log."""
    if isinstance(entry, Suspended) or entry.seen is None:
        return False
    return entry.signed.signer not in own and entry.seen.n >= place
