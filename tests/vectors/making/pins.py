"""K13, K15: pins on a key log, and the seeds that it names."""
# ruff: noqa: E501  # one row, one vector

from accounts.errors import Refused
from accounts.keylog import fold
from messaging.client import person, xwing
from messaging.client.chance import SeededChance
from messaging.client.device import Device
from messaging.client.pins import Pin, check_log
from messaging.client.sealing import CannotOpen, seal
from tests.vectors.making.case import Case, Cases, case
from tests.vectors.making.keylog import fields_of, signed
from tests.vectors.making.sealing import flipped
from tests.vectors.making.world import NOW, world


def cases() -> Cases:
    return {**_pins(), **_seeds()}


def _pins() -> Cases:
    anna, bruno = world()["anna"], world()["bruno"]
    whole, log = list(anna.statements), anna.log()
    third = log.hash_at(3)
    assert third is not None
    chance = SeededChance("fork")
    fork = person.new_key(anna.log(4), anna.first, anna.seeds[1], NOW + 9, chance).step.statement
    told: dict[str, tuple[str, tuple[bytes, int, bytes], list[bytes]]] = {
        "same": ("nothing new", (log.chain, 5, log.head.hash), whole),
        "longer": ("extends the pin", (log.chain, 3, third), whole),
        "shorter": ("shortened", (log.chain, 5, log.head.hash), whole[:5]),
        "forked": ("another statement at the pin", (log.chain, 4, _hash_at(4)), [*whole[:4], fork]),
        "other-hash": ("", (log.chain, 3, bytes(32)), whole),
        "relabelled": (
            "another person's log under this chain",
            (log.chain, 2, _hash_at(2)),
            list(bruno.statements),
        ),
        "broken": ("judged whole, the pin is no short cut", (log.chain, 1, _hash_at(1)), [*whole[:3], fork]),
    }
    return {f"pin-{name}": _pinned(*row) for name, row in told.items()}


def _hash_at(n: int) -> bytes:
    found = world()["anna"].log().hash_at(n)
    assert found is not None
    return found


def _pinned(comment: str, pin: tuple[bytes, int, bytes], statements: list[bytes]) -> Case:
    given = {"pin": pin, "statements": statements}
    try:
        check_log(Pin(*pin), statements)
    except Refused as refused:
        return case("K15", comment, "keylog.pin", given, "refused", refused.code)
    return case("K15", comment, "keylog.pin", given, "accepted")


def _seeds() -> Cases:
    anna, dora = world()["anna"], world()["dora"]
    second = anna.devices["anna-2"]
    step = person.add_device(
        anna.log(3), anna.first, second, anna.seeds[1], NOW + 1, SeededChance("world anna, later 2")
    )
    added = [*anna.statements[:3], step.statement]
    whole, sealed = list(anna.statements), anna.sealed["anna-1"]
    made = {
        "seed-browser": _seed("K13", "of the last generation", whole, sealed, anna.first),
        "seed-paper": _seed(
            "K13", "the paper device has it too", whole, anna.sealed["anna-paper"], anna.paper
        ),
        "seed-added": _seed("K4", "given when it was added", added, step.seeds[second.id], second),
        "seed-other": _seed("K13", "another's", whole, anna.sealed["anna-paper"], anna.first),
        "seed-changed": _seed(
            "K6", "not the one whose hash was signed", whole, flipped(sealed, -1), anna.first
        ),
        "seed-stranger": _seed("K13", "not in the log", whole, sealed, dora.first),
        "seed-revoked": _seed("K9", "revoked", whole, sealed, second),
        "seed-lie": _seed("K13", "signed, opens, and is not the published key", *_lying()),
    }
    opened = person.open_earlier(anna.log(), {3: anna.seeds[3]})
    given = {"statements": whole, "seed": anna.seeds[3]}
    made["earlier"] = case(
        "K7", "whoever opens the last opens all", "keylog.earlier", given, "opened",
        seeds={str(number): seed for number, seed in sorted(opened.items())},
    )  # fmt: skip
    return made


def _seed(rule: str, comment: str, statements: list[bytes], sealed: bytes, device: Device) -> Case:
    given = {
        "statements": statements, "sealed": sealed, "device": device.id, "unseal_seed": device.unseal_seed,
    }  # fmt: skip
    try:
        seed = person.open_seed(fold(statements), device, sealed)
    except CannotOpen:
        return case(rule, comment, "keylog.seed", given, "unreadable", "cannot_open")
    return case(rule, comment, "keylog.seed", given, "opened", seed=seed)


def _lying() -> tuple[list[bytes], bytes, Device]:
    """A maker who publishes one key and hands out the seed of another."""
    dora, chance = world()["dora"], SeededChance("lie")
    log, fields = dora.log(2), fields_of(dora.statements[2])
    public = xwing.public_key(chance.draw(32))
    ids = sorted(log.devices)
    sealed = {
        id: seal(log.devices[id].unseal, person.seed_context(dora.first.id, id, log.chain, 1, public), bytes(32), chance)
        for id in ids
    }  # fmt: skip
    wraps = [[id, person.seed_hash(sealed[id])] for id in ids]
    statement = signed({**fields, "public": public, "wraps": wraps}, dora.first)
    return [*dora.statements[:2], statement], sealed[dora.first.id], dora.first
