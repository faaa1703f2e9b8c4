"""D: adding a device from another."""

# ruff: noqa: E501  # one row, one vector

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from accounts.codec import Value, decode, encode
from accounts.errors import Refused
from accounts.objects import SUITE, H
from accounts.pairing import Keys, answer_mac, check_offer, offer_mac, read_code, write_code
from messaging.client.chance import SeededChance
from messaging.client.device import Device, new_device
from messaging.client.pairing import Answer, complete, countersign, keys_of, make_answer
from messaging.client.person import seal_seed, seed_hash
from messaging.client.pins import KeyLogRefused
from tests.vectors.making.case import Case, Cases, case
from tests.vectors.making.sealing import flipped
from tests.vectors.making.world import NOW, Person, world

PERSON = b"\x11" * 16
CODE = SeededChance("pairing code").draw(10)


def cases() -> Cases:
    return {**_codes(), **_macs(), **_offers(), **_answers(), **_completions()}


def _codes() -> Cases:
    codes = {"zero": bytes(10), "ones": b"\xff" * 10, "some": CODE}
    made = {
        f"write-{name}": case("D1", "", "pairing.write", {"code": code}, "accepted", written=write_code(code))
        for name, code in codes.items()
    }
    good, zero = write_code(CODE), write_code(bytes(10))
    letters = good.replace("-", "")
    readings = {
        "good": ("as shown", good),
        "lower": ("small letters", good.lower()),
        "bare": ("without hyphens", letters),
        "spaced": ("with spaces anywhere", "  " + good.replace("-", " - ") + " "),
        "looks-alike": ("O for 0", zero.replace("0", "O")),
        "one": ("I and l for 1", "I" + "l" * 15),
        "any-letters": ("nothing is checked in it", "Z" * 16),
        "u": ("U is no letter of it", "U" + letters[1:]),
        "short": ("a letter less", letters[:-1]),
        "long": ("a letter more", letters + "0"),
        "empty": ("", ""),
        "tab": ("only spaces and hyphens are dropped", good.replace("-", "\t")),
        "dotless": ("a letter that folds into I elsewhere", "\u0131" + letters[1:]),
        "full-width": ("letters of another script", "\uff10" + letters[1:]),
    }
    return made | {f"read-{name}": _read(*row) for name, row in readings.items()}


def _read(comment: str, written: str) -> Case:
    given = {"written": written}
    try:
        return case("D1", comment, "pairing.read", given, "accepted", code=read_code(written))
    except Refused as refused:
        return case("D1", comment, "pairing.read", given, "refused", refused.code)


def _told(keys: Keys) -> Mapping[str, bytes]:
    return {"id": keys.id, "sign": keys.sign, "unseal": keys.unseal}


def _new() -> Device:
    return new_device(SeededChance("pairing device"))


def _macs() -> Cases:
    new, old = keys_of(_new()), keys_of(world()["anna"].first)
    chain, map = world()["anna"].chain, b"\x05" * 40
    offered = {"code": CODE, "person": PERSON, "new": _told(new)}
    answered = {**offered, "chain": chain, "old": _told(old), "map": map}
    mac = answer_mac(CODE, PERSON, chain, new, old, map)
    return {
        "offer": case("D2", "", "pairing.offer", offered, "accepted", mac=offer_mac(CODE, PERSON, new)),
        "answer": case("D4", "", "pairing.answer", answered, "accepted", mac=mac),
    }


def _offers() -> Cases:
    new = keys_of(_new())
    other = keys_of(new_device(SeededChance("another device")))
    weak = Keys(H("device", new.sign, bytes(1216)), new.sign, bytes(1216))

    def checked(
        comment: str, keys: Keys = new, code: bytes = CODE, person: bytes = PERSON, mac: bytes | None = None
    ) -> Case:
        mac = offer_mac(CODE, PERSON, new) if mac is None else mac
        given = {"code": code, "person": person, "new": _told(keys), "mac": mac}
        try:
            check_offer(code, person, keys, mac)
        except Refused as refused:
            return case("D3", comment, "pairing.check", given, "refused", refused.code)
        return case("D3", comment, "pairing.check", given, "accepted")

    def made(comment: str, keys: Keys) -> Case:
        return checked(comment, keys, mac=offer_mac(CODE, PERSON, keys))

    return {
        "check": checked("as it was offered"),
        "check-code": checked("another code", code=flipped(CODE, 0)),
        "check-person": checked("another person", person=flipped(PERSON, 0)),
        "check-mac": checked("a changed byte", mac=flipped(offer_mac(CODE, PERSON, new), -1)),
        "check-mac-short": checked("no mac", mac=b""),
        "check-keys": checked("the keys of another", keys=other),
        "check-sign": checked("another signing key", keys=replace(new, sign=other.sign)),
        "check-unseal": checked("another unsealing key", keys=replace(new, unseal=other.unseal)),
        "check-id": made("an id that is not of these keys", replace(new, id=other.id)),
        "check-weak": made("a key that is not good", weak),
    }  # fmt: skip


def _answer(log_of: Person, statements: int, at: int = NOW + 9) -> Answer:
    new, log = keys_of(_new()), log_of.log(statements)
    mac = offer_mac(CODE, PERSON, new)
    seed = log_of.seeds[log.generation]
    chance = SeededChance("pairing answer")
    return make_answer(CODE, PERSON, new, mac, log, log_of.first, seed, at, chance)


def _answers() -> Cases:
    anna, bruno, new = world()["anna"], world()["bruno"], _new()
    good = _answer(anna, 6)
    whole = list(anna.statements)

    def tried(
        comment: str,
        answer: Answer = good,
        statements: list[bytes] = whole,
        old: bytes = anna.first.id,
        code: bytes = CODE,
        device: Device = new,
    ) -> Case:
        given = {
            "code": code, "person": PERSON, "statements": statements, "device": old,
            "sign_seed": device.sign_seed, "unseal_seed": device.unseal_seed,
            "map": answer.map, "sealed": answer.sealed, "mac": answer.mac,
        }  # fmt: skip
        try:
            signature, seed = countersign(code, PERSON, device, answer, statements, old)
        except KeyLogRefused as refused:
            return case("D5", comment, "pairing.accept", given, "refused", refused.code)
        return case("D5", comment, "pairing.accept", given, "opened", countersign=signature, seed=seed)

    def mapped(comment: str, **change: Value) -> Case:
        return tried(comment, _remade(good, **change))  # type: ignore[arg-type]

    fields = _fields(good.map)
    other = new_device(SeededChance("another device"))
    sealed_elsewhere = _sealed_elsewhere(anna, good)
    device = fields["device"]
    assert isinstance(device, dict)
    made: Cases = {
        f"accept-without-{name}": tried(f"no {name}", _remade(good, drop=name)) for name in sorted(fields)
    }
    return {
        **made,
        "accept": tried("all as it must be"),
        "accept-code": tried("made with another code", code=flipped(CODE, 0)),
        "accept-mac": tried("a changed byte of the mac", replace(good, mac=flipped(good.mac, 0))),
        "accept-map-changed": tried("a changed byte of the map", replace(good, map=flipped(good.map, -1))),
        "accept-sealed-changed": tried("a changed byte of the seed", replace(good, sealed=flipped(good.sealed, -1))),
        "accept-other-log": tried("the log of another person", statements=list(bruno.statements)),
        "accept-other-log-and-device": tried("and a device of it", statements=list(bruno.statements), old=bruno.first.id),
        "accept-shorter-log": tried("a log that is shorter than the answer says", statements=whole[:5]),
        "accept-broken-log": tried("a log that does not judge", statements=[*whole[:5], flipped(whole[5], -1)]),
        "accept-no-log": tried("no log", statements=[]),
        "accept-paper": tried("in the name of the paper device", _in_name_of(anna.paper), old=anna.paper.id),
        "accept-revoked": tried("in the name of a revoked device", _in_name_of(anna.devices["anna-2"]), old=anna.devices["anna-2"].id),
        "accept-stranger": tried("in the name of one that is not in the log", _in_name_of(other), old=other.id),
        "accept-for-another": tried("read by another device", device=other),
        "accept-kind": mapped("another kind of statement", kind="key.new"),
        "accept-n": mapped("not the next", n=7),
        "accept-prev": mapped("after another statement", prev=bytes(32)),
        "accept-chain": mapped("of another chain", chain=bytes(32)),
        "accept-at": mapped("no time", at="x"),
        "accept-device": mapped("adds another device", device={"id": other.id, "sign": other.sign, "unseal": other.unseal, "sort": "browser"}),
        "accept-sort": mapped("adds it as paper", device={**device, "sort": "paper"}),
        "accept-seed-hash": mapped("names another seed", seed_hash=bytes(32)),
        "accept-extra": mapped("a field more", note=None),
        "accept-countersigned": mapped("countersigned already", countersign=bytes(64)),
        "accept-other-seed": tried("seals another seed than the last", sealed_elsewhere),
        "accept-garbage": tried("seals nothing", _resealed(good, bytes(len(good.sealed)))),
    }  # fmt: skip


def _fields(map: bytes) -> dict[str, Value]:
    fields = decode(map, 1 << 16)
    assert isinstance(fields, dict)
    return fields


def _remade(answer: Answer, drop: str = "", old: Device | None = None, **change: Value) -> Answer:
    """Another map, with a mac that is right for it."""
    anna = world()["anna"]
    fields = {name: held for name, held in {**_fields(answer.map), **change}.items() if name != drop}
    map = encode(fields)
    mac = answer_mac(CODE, PERSON, anna.chain, keys_of(_new()), keys_of(old or anna.first), map)
    return replace(answer, map=map, mac=mac)


def _in_name_of(device: Device) -> Answer:
    """Sealed by that device, with the right mac for it."""
    anna = world()["anna"]
    chance = SeededChance("in its name")
    sealed = seal_seed(anna.log(), device.id, keys_of(_new()), anna.seeds[3], chance)
    return replace(_remade(_answer(anna, 6), old=device, seed_hash=seed_hash(sealed)), sealed=sealed)


def _sealed_elsewhere(anna: Person, good: Answer) -> Answer:
    chance = SeededChance("an earlier seed")
    return _resealed(good, seal_seed(anna.log(), anna.first.id, keys_of(_new()), anna.seeds[2], chance))


def _resealed(answer: Answer, sealed: bytes) -> Answer:
    return replace(_remade(answer, seed_hash=seed_hash(sealed)), sealed=sealed)


def _completions() -> Cases:
    anna, new = world()["anna"], _new()
    good, early = _answer(anna, 6), _answer(anna, 5)
    right = new.signs(encode([SUITE, "device-join", good.map]))

    def done(comment: str, map: bytes, signature: bytes) -> Case:
        given: dict[str, Any] = {
            "statements": list(anna.statements), "device": anna.first.id, "sign_seed": anna.first.sign_seed,
            "map": map, "countersign": signature,
        }  # fmt: skip
        try:
            step = complete(anna.log(), anna.first, map, signature)
        except Refused as refused:
            return case("D6", comment, "pairing.complete", given, "refused", refused.code)
        return case("D6", comment, "pairing.complete", given, "accepted", statement=step.statement)

    return {
        "complete": done("the next statement", good.map, right),
        "complete-signature": done("countersigned by nobody", good.map, flipped(right, -1)),
        "complete-other-signature": done("countersigned by another", good.map, anna.first.signs(encode([SUITE, "device-join", good.map]))),
        "complete-moved": done("the log has moved meanwhile", early.map, new.signs(encode([SUITE, "device-join", early.map]))),
    }  # fmt: skip
