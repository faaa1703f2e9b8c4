"""A person's key log, folded statement by statement (PROTOCOL.md K).

A `KeyLog` is a value: `extend` gives a new one or refuses, and every question about the past is answered
without reading the past again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from accounts.codec import encode
from accounts.errors import Refused
from accounts.objects import SUITE, H, SignedObject, is_signature, read_object
from accounts.publickeys import is_good_key
from accounts.shapes import Position
from accounts.statements import DeviceAdd, DeviceRevoke, KeyNew, Sort, Statement, read_statement

ACTIVE_DEVICES: Final = 16


@dataclass(frozen=True, slots=True)
class Device:
    id: bytes
    sign: bytes
    unseal: bytes  # the one in force now; the id keeps naming the first
    sort: Sort
    added: int
    by: bytes  # the device that signed it in
    seed_hash: bytes | None  # of the seed it was given then
    revoked: int | None = None

    def is_active_at(self, n: int) -> bool:
        return self.added <= n and (self.revoked is None or self.revoked > n)


@dataclass(frozen=True, slots=True)
class Generation:
    number: int
    public: bytes
    n: int  # the statement that made it
    maker: bytes
    wraps: Mapping[bytes, bytes]
    earlier: tuple[int, bytes] | None


@dataclass(frozen=True, slots=True)
class KeyLog:
    hashes: tuple[bytes, ...]
    all_devices: Mapping[bytes, Device]
    generations: tuple[Generation, ...] = ()

    @property
    def chain(self) -> bytes:
        return self.hashes[0]

    @property
    def head(self) -> Position:
        return Position(len(self.hashes) - 1, self.hashes[-1])

    @property
    def counts(self) -> bool:
        """Whether the log may be named in a roster (K11)."""
        return bool(self.generations)

    @property
    def generation(self) -> int:
        return len(self.generations)

    @property
    def public(self) -> bytes | None:
        return self.generations[-1].public if self.generations else None

    @property
    def devices(self) -> Mapping[bytes, Device]:
        """The active ones."""
        return self.devices_at(self.head.n)

    def devices_at(self, n: int) -> Mapping[bytes, Device]:
        return {id: device for id, device in self.all_devices.items() if device.is_active_at(n)}

    def device_at(self, n: int, id: bytes) -> Device | None:
        device = self.all_devices.get(id)
        return device if device is not None and device.is_active_at(n) else None

    def has_device_at(self, n: int, id: bytes) -> bool:
        """Whether the device was in the log by then, revoked or not."""
        return id in self.all_devices and self.all_devices[id].added <= n

    def generation_at(self, n: int) -> int:
        return sum(1 for generation in self.generations if generation.n <= n)

    def hash_at(self, n: int) -> bytes | None:
        return self.hashes[n] if 0 <= n < len(self.hashes) else None

    def sealed_seed_of(self, id: bytes) -> tuple[bytes, bytes | None] | None:
        """Who sealed the last generation's seed to that device, and the hash that was signed (K4, K6)."""
        device = self.devices.get(id)
        if device is None or not self.generations:
            return None
        last = self.generations[-1]
        return (last.maker, last.wraps[id]) if id in last.wraps else (device.by, device.seed_hash)

    def holds(self, position: Position) -> bool:
        return self.hash_at(position.n) == position.hash

    def revoked_since(self, n: int) -> frozenset[bytes]:
        """Devices revoked by a statement after n."""
        return frozenset(
            id for id, device in self.all_devices.items() if device.revoked is not None and device.revoked > n
        )


def fold(statements: Iterable[bytes], log: KeyLog | None = None) -> KeyLog:
    """Raises Refused with the code of the first statement that fails (K17)."""
    for statement in statements:
        log = extend(log, statement)
    if log is None:
        raise Refused("bad_chain")
    return log


def extend(log: KeyLog | None, data: bytes) -> KeyLog:
    """Raises Refused; the order of the checks is K17."""
    signed = read_object(data, "key-log")
    statement = read_statement(signed.body)
    _check_chain(log, signed, statement)
    signer = _signer(log, signed, statement)
    if not signed.is_signed_by(signer.sign):
        raise Refused("bad_signature")
    n = statement.n
    hashes = (*(log.hashes if log else ()), signed.hash)
    devices = dict(log.all_devices) if log else {}
    generations = log.generations if log else ()
    match statement:
        case DeviceAdd():
            _check_new_device(log, statement)
            devices[statement.device] = _device(statement, signer.id)
        case KeyNew() | DeviceRevoke():
            _check_keys(generations, signer, statement)
            if isinstance(statement, DeviceRevoke):
                devices[statement.device] = replace(devices[statement.device], revoked=n)
            if statement.unseal is not None:
                devices[signer.id] = replace(signer, unseal=statement.unseal)
            generations = (*generations, _generation(statement, signer))
    extended = KeyLog(hashes, devices, generations)
    _check_active(extended, statement)
    return extended


def _check_chain(log: KeyLog | None, signed: SignedObject, statement: Statement) -> None:
    if log is None:
        first = isinstance(statement, DeviceAdd) and statement.sort == "browser"
        own = isinstance(statement, DeviceAdd) and statement.device == signed.signer
        fits = statement.n == 0 and statement.chain is None and statement.prev is None and first and own
    else:
        fits = (statement.n, statement.chain, statement.prev) == (
            log.head.n + 1,
            log.chain,
            log.head.hash,
        )
    if not fits:
        raise Refused("bad_chain")


def _signer(log: KeyLog | None, signed: SignedObject, statement: Statement) -> Device:
    if log is None:
        assert isinstance(statement, DeviceAdd)
        return _device(statement, statement.device)
    active = log.devices
    if isinstance(statement, DeviceRevoke) and (
        statement.device not in active or statement.device == signed.signer
    ):
        raise Refused("not_active")
    if signed.signer not in active:
        raise Refused("not_active")
    return active[signed.signer]


def _device(added: DeviceAdd, by: bytes) -> Device:
    return Device(added.device, added.sign, added.unseal, added.sort, added.n, by, added.seed_hash)


def _check_new_device(log: KeyLog | None, added: DeviceAdd) -> None:
    known = log.all_devices.values() if log else ()
    right = (
        added.device == H("device", added.sign, added.unseal)
        and all(added.device != device.id and added.sign != device.sign for device in known)
        and (added.seed_hash is None) == (log is None or not log.counts)
        and is_signature(added.sign, encode([SUITE, "device-join", added.joined]), added.countersign)
    )
    if not right:
        raise Refused("bad_device")
    if not is_good_key(added.unseal):
        raise Refused("bad_key")


def _check_keys(before: tuple[Generation, ...], signer: Device, made: KeyNew | DeviceRevoke) -> None:
    if not is_good_key(made.public):
        raise Refused("bad_key")
    if made.unseal is not None and (signer.sort == "paper" or not is_good_key(made.unseal)):
        raise Refused("bad_key")
    first = made.generation == 1
    if made.generation != len(before) + 1 or first != (made.earlier is None):
        raise Refused("bad_generation")
    if made.earlier is not None and not 1 <= made.earlier[0] < made.generation:
        raise Refused("bad_generation")


def _generation(made: KeyNew | DeviceRevoke, signer: Device) -> Generation:
    return Generation(made.generation, made.public, made.n, signer.id, dict(made.wraps), made.earlier)


def _check_active(log: KeyLog, statement: Statement) -> None:
    active = log.devices
    if not isinstance(statement, DeviceAdd) and active.keys() != dict(statement.wraps).keys():
        raise Refused("bad_wraps")
    if len(active) > ACTIVE_DEVICES:
        raise Refused("too_many")
