"""Adding a device from another: the code that both users see, and what it vouches for (PROTOCOL.md D1 to D4).

Whoever carries offer and answer does not know the code, so keys of their own would not bear the right mac.
"""

import hmac
from dataclasses import dataclass
from typing import Final

from accounts.errors import Refused
from accounts.objects import H
from accounts.publickeys import is_good_key
from accounts.recovery import letters_of, number_of

CODE: Final = 10
_WRITTEN: Final = 16


@dataclass(frozen=True, slots=True)
class Keys:
    """What a device shows of itself."""

    id: bytes
    sign: bytes
    unseal: bytes

    @property
    def are_good(self) -> bool:
        """The id is that of the keys (K3), and the unsealing key is fit for use (B7)."""
        return self.id == H("device", self.sign, self.unseal) and is_good_key(self.unseal)


def write_code(code: bytes) -> str:
    return letters_of(int.from_bytes(code, "big"), _WRITTEN)


def read_code(written: str) -> bytes:
    """Raises Refused (`bad_code`); read as the recovery code is, without a check."""
    number = number_of(written, _WRITTEN)
    if number is None:
        raise Refused("bad_code")
    return number.to_bytes(CODE, "big")


def offer_mac(code: bytes, person: bytes, new: Keys) -> bytes:
    return H("pairing-offer", code, person, new.id, new.sign, new.unseal)


def answer_mac(code: bytes, person: bytes, chain: bytes, new: Keys, old: Keys, addition: bytes) -> bytes:
    """Covers the mac of the offer, so that the two belong together, and the map of the `device.add`."""
    offered = offer_mac(code, person, new)
    return H(
        "pairing-answer", code, person, chain,
        new.id, new.sign, new.unseal, old.id, old.sign, old.unseal, offered, addition,
    )  # fmt: skip


def check_offer(code: bytes, person: bytes, new: Keys, mac: bytes) -> None:
    """Raises Refused (`bad_code`): the offer is over, whichever of them was wrong (D3)."""
    if not hmac.compare_digest(mac, offer_mac(code, person, new)) or not new.are_good:
        raise Refused("bad_code")
