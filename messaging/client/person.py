"""Making and opening the keys of a person (PROTOCOL.md K, P5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from accounts.codec import Value, encode
from accounts.errors import Refused
from accounts.keylog import KeyLog, extend, fold
from accounts.objects import SUITE, H
from accounts.pairing import Keys
from accounts.recovery import BadRecoveryCode
from accounts.statements import Sort
from messaging.client import xwing
from messaging.client.chance import Chance
from messaging.client.device import Device, paper_device
from messaging.client.sealing import CannotOpen, open_sealed, seal

Fields = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Step:
    """A statement to submit, the log after it, and the sealed seeds that go with it."""

    statement: bytes
    log: KeyLog
    seeds: Mapping[bytes, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Renewed:
    step: Step
    seed: bytes = field(repr=False)
    signer: Device


@dataclass(frozen=True, slots=True)
class Started:
    statements: tuple[bytes, ...]
    log: KeyLog
    seeds: Mapping[bytes, bytes]
    seed: bytes = field(repr=False)


def start_keys(browser: Device, paper: Device, at: int, chance: Chance) -> Started:
    """The first submission: two devices and a first person key (K14)."""
    first = add_device(None, browser, browser, None, at, chance)
    second = add_device(first.log, browser, paper, None, at, chance)
    renewed = new_key(second.log, browser, None, at, chance)
    steps = (first, second, renewed.step)
    return Started(
        tuple(step.statement for step in steps), renewed.step.log, renewed.step.seeds, renewed.seed
    )


def add_device(
    log: KeyLog | None, signer: Device, added: Device, seed: bytes | None, at: int, chance: Chance
) -> Step:
    sealed = None if log is None or seed is None else seal_seed(log, signer.id, added, seed, chance)
    body = addition(log, added, added.sort, sealed, at)
    body["countersign"] = added.signs(encode([SUITE, "device-join", encode(body)]))
    statement = signer.signed_object("key-log", encode(body))
    return Step(statement, extend(log, statement), {} if sealed is None else {added.id: sealed})


def addition(log: KeyLog | None, added: Device | Keys, sort: Sort, sealed: bytes | None, at: int) -> Fields:
    """The map of a `device.add`, as the new device countersigns it (K5)."""
    return {
        **placed("device.add", log, at),
        "device": {"id": added.id, "sign": added.sign, "unseal": added.unseal, "sort": sort},
        "seed_hash": None if sealed is None else seed_hash(sealed),
    }


def new_key(
    log: KeyLog,
    signer: Device,
    seed: bytes | None,
    at: int,
    chance: Chance,
    revoked: bytes | None = None,
    fresh_unsealing: bool = False,
) -> Renewed:
    """A next generation; with `revoked` it is the statement that revokes that device."""
    if fresh_unsealing:
        signer = signer.with_new_unsealing_key(chance.draw(32))
    unseal = signer.unseal if fresh_unsealing else None
    made = chance.draw(32)
    public = xwing.public_key(made)
    keys = {id: device.unseal for id, device in log.devices.items() if id != revoked}
    keys[signer.id] = signer.unseal
    generation = log.generation + 1
    seeds = {
        id: seal(keys[id], seed_context(signer.id, id, log.chain, generation, public), made, chance)
        for id in sorted(keys)
    }
    body: Fields = {
        **placed("key.new" if revoked is None else "device.revoke", log, at),
        **({} if revoked is None else {"device": revoked}),
        "generation": generation,
        "public": public,
        "wraps": [[id, seed_hash(sealed)] for id, sealed in seeds.items()],
        "earlier": _earlier(log, signer.id, public, seed, chance),
        "unseal": unseal,
    }
    statement = signer.signed_object("key-log", encode(body))
    return Renewed(Step(statement, extend(log, statement), seeds), made, signer)


def placed(kind: str, log: KeyLog | None, at: int) -> Fields:
    """The fields that every statement shares."""
    return {
        "kind": kind,
        "chain": log.chain if log else None,
        "n": log.head.n + 1 if log else 0,
        "prev": log.head.hash if log else None,
        "at": at,
    }


def seed_hash(sealed: bytes) -> bytes:
    return H("sealed-seed", sealed)


def seed_context(signer: bytes, receiver: bytes, chain: bytes, generation: int, public: bytes) -> Value:
    return ["seed", SUITE, signer, receiver, chain, generation, public]


def earlier_context(signer: bytes, chain: bytes, earlier: int, generation: int) -> Value:
    return ["earlier-seed", SUITE, signer, chain, earlier, generation]


def seal_seed(log: KeyLog, signer: bytes, added: Device | Keys, seed: bytes, chance: Chance) -> bytes:
    assert log.public is not None
    context = seed_context(signer, added.id, log.chain, log.generation, log.public)
    return seal(added.unseal, context, seed, chance)


def open_seed(log: KeyLog, receiver: Device, sealed: bytes) -> bytes:
    """The last generation's seed, checked against what was signed and published; raises CannotOpen."""
    stated = log.sealed_seed_of(receiver.id)
    if stated is None or stated[1] != seed_hash(sealed):
        raise CannotOpen
    return open_sealed_seed(log, receiver, stated[0], sealed)


def open_sealed_seed(log: KeyLog, receiver: Device, signer: bytes, sealed: bytes) -> bytes:
    """As that device sealed it, whatever was signed; raises CannotOpen."""
    if log.public is None:
        raise CannotOpen
    context = seed_context(signer, receiver.id, log.chain, log.generation, log.public)
    seed = open_sealed(receiver.unseal_seed, context, sealed)
    if xwing.public_key(seed) != log.public:
        raise CannotOpen
    return seed


def open_earlier(log: KeyLog, seeds: dict[int, bytes]) -> dict[int, bytes]:
    """All generations that those given lead to (K7); what does not open is left out."""
    opened = dict(seeds)
    for generation in reversed(log.generations):
        if generation.number not in opened or generation.earlier is None:
            continue
        earlier, sealed = generation.earlier
        context = earlier_context(generation.maker, log.chain, earlier, generation.number)
        try:
            seed = open_sealed(opened[generation.number], context, sealed)
        except CannotOpen:
            continue
        if xwing.public_key(seed) == log.generations[earlier - 1].public:
            opened.setdefault(earlier, seed)
    return opened


def recover(
    statements: Sequence[bytes],
    code: bytes,
    sealed: bytes,
    added: Device,
    at: int,
    chance: Chance,
) -> Step:
    """The statement by which the recovery code adds a new device (P5).

    Raises Refused for a log that does not judge, BadRecoveryCode for a code that is not in it, and CannotOpen
    for a seed that is not the published one.
    """
    log, paper = fold(statements), paper_device(code)
    held = log.devices.get(paper.id)
    if held is None or (held.sort, held.sign, held.unseal) != ("paper", paper.sign, paper.unseal):
        raise BadRecoveryCode
    if not log.counts:
        raise Refused("bad_generation")
    seed = open_seed(log, paper, sealed)
    return add_device(log, paper, added, seed, at, chance)


def _earlier(log: KeyLog, signer: bytes, public: bytes, seed: bytes | None, chance: Chance) -> Value:
    if not log.counts:
        return None
    assert seed is not None
    context = earlier_context(signer, log.chain, log.generation, log.generation + 1)
    return [log.generation, seal(public, context, seed, chance)]
