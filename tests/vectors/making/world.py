"""The persons of all vectors, made once from a fixed seed."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from accounts.keylog import KeyLog, fold
from accounts.recovery import write_code
from messaging.client.chance import SeededChance
from messaging.client.device import Device, new_device, paper_device
from messaging.client.person import add_device, new_key, start_keys

NOW = 1000
ORGANISATION = bytes(16)


@dataclass(frozen=True)
class Person:
    name: str
    code: bytes
    statements: tuple[bytes, ...]
    devices: dict[str, Device]
    seeds: dict[int, bytes]
    sealed: dict[str, bytes]

    @property
    def chain(self) -> bytes:
        return self.log().chain

    @property
    def first(self) -> Device:
        return self.devices[f"{self.name}-1"]

    @property
    def paper(self) -> Device:
        return self.devices[f"{self.name}-paper"]

    def log(self, known: int | None = None) -> KeyLog:
        return _fold(self.statements[:known])


@cache
def _fold(statements: tuple[bytes, ...]) -> KeyLog:
    return fold(statements)


@cache
def world() -> dict[str, Person]:
    return {"anna": _anna(), **{name: _plain(name) for name in ("bruno", "chloe", "dora")}}


def key_logs(known: dict[str, int]) -> dict[bytes, KeyLog]:
    logs = [world()[name].log(count) for name, count in known.items() if count]
    return {log.chain: log for log in logs}


def world_file() -> dict[str, Any]:
    return {"persons": {name: _file(person) for name, person in world().items()}}


def _plain(name: str) -> Person:
    chance = SeededChance(f"world {name}")
    code, browser = chance.draw(20), new_device(chance)
    paper = paper_device(code)
    started = start_keys(browser, paper, NOW, chance)
    sealed = {f"{name}-1": started.seeds[browser.id], f"{name}-paper": started.seeds[paper.id]}
    devices = {f"{name}-1": browser, f"{name}-paper": paper}
    return Person(name, code, started.statements, devices, {1: started.seed}, sealed)


def _anna() -> Person:
    begun, chance = _plain("anna"), SeededChance("world anna, later")
    first, second = begun.first, new_device(chance)
    added = add_device(begun.log(), first, second, begun.seeds[1], NOW + 1, chance)
    fresh = new_key(added.log, first, begun.seeds[1], NOW + 2, chance, fresh_unsealing=True)
    revoked = new_key(fresh.step.log, fresh.signer, fresh.seed, NOW + 3, chance, revoked=second.id)
    statements = (*begun.statements, added.statement, fresh.step.statement, revoked.step.statement)
    devices = {"anna-1": fresh.signer, "anna-paper": begun.paper, "anna-2": second}
    seeds = {**begun.seeds, 2: fresh.seed, 3: revoked.seed}
    last = revoked.step.seeds
    sealed = {"anna-1": last[first.id], "anna-paper": last[begun.paper.id]}
    return Person("anna", begun.code, statements, devices, seeds, sealed)


def _file(person: Person) -> dict[str, Any]:
    return {
        "code": write_code(person.code),
        "statements": [statement.hex() for statement in person.statements],
        "devices": {
            name: {
                "id": device.id.hex(),
                "sign_seed": device.sign_seed.hex(),
                "unseal_seed": device.unseal_seed.hex(),
            }
            for name, device in person.devices.items()
        },
        "seeds": {str(number): seed.hex() for number, seed in person.seeds.items()},
        "sealed": {name: sealed.hex() for name, sealed in person.sealed.items()},
    }
