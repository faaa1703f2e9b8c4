"""Adding a device from another, both sides (PROTOCOL.md D): what each makes, and what each must see first."""

import hmac
from dataclasses import dataclass

from accounts import shapes
from accounts.codec import decode, encode
from accounts.errors import Refused
from accounts.keylog import Device as Listed
from accounts.keylog import KeyLog, extend, fold
from accounts.objects import LIMITS, SUITE
from accounts.pairing import Keys, answer_mac, check_offer, offer_mac
from messaging.client.chance import Chance
from messaging.client.device import Device
from messaging.client.person import Step, addition, open_sealed_seed, seal_seed
from messaging.client.pins import KeyLogRefused
from messaging.client.sealing import CannotOpen


@dataclass(frozen=True, slots=True)
class Answer:
    """What the old device sends: the map of the `device.add`, the seed for the new one, and its mac."""

    map: bytes
    sealed: bytes
    mac: bytes


def keys_of(device: Device | Listed) -> Keys:
    return Keys(device.id, device.sign, device.unseal)


def make_offer(code: bytes, person: bytes, new: Device) -> bytes:
    return offer_mac(code, person, keys_of(new))


def make_answer(
    code: bytes, person: bytes, offered: Keys, mac: bytes, log: KeyLog, old: Device, seed: bytes, at: int,
    chance: Chance,
) -> Answer:  # fmt: skip
    """Raises Refused (`bad_code`)."""
    check_offer(code, person, offered, mac)
    sealed = seal_seed(log, old.id, offered, seed, chance)
    map = encode(addition(log, offered, "browser", sealed, at))
    return Answer(map, sealed, answer_mac(code, person, log.chain, offered, keys_of(old), map))


def countersign(
    code: bytes, person: bytes, new: Device, answer: Answer, statements: list[bytes], old: bytes
) -> tuple[bytes, bytes]:
    """The new device's signature and the seed; raises KeyLogRefused, whatever was wrong (D5)."""
    try:
        log = fold(statements)
        _check_answer(code, person, new, answer, log, old)
        seed = open_sealed_seed(log, new, old, answer.sealed)
    except (Refused, CannotOpen) as wrong:
        raise KeyLogRefused from wrong
    return new.signs(encode([SUITE, "device-join", answer.map])), seed


def complete(log: KeyLog, old: Device, map: bytes, countersigned: bytes) -> Step:
    """Raises Refused when it is not the next of the old device's own log (D6)."""
    fields = decode(map, LIMITS["key-log"])
    assert isinstance(fields, dict)
    statement = old.signed_object("key-log", encode({**fields, "countersign": countersigned}))
    return Step(statement, extend(log, statement))


def _check_answer(code: bytes, person: bytes, new: Device, answer: Answer, log: KeyLog, old: bytes) -> None:
    listed = log.devices.get(old)
    if listed is None or listed.sort != "browser" or not log.counts:
        raise KeyLogRefused
    right = answer_mac(code, person, log.chain, keys_of(new), keys_of(listed), answer.map)
    if not hmac.compare_digest(right, answer.mac):
        raise KeyLogRefused
    fields = decode(answer.map, LIMITS["key-log"])
    at = shapes.time(fields.get("at") if isinstance(fields, dict) else None)
    if answer.map != encode(addition(log, keys_of(new), "browser", answer.sealed, at)):
        raise KeyLogRefused
