"""K: key logs and their refusals."""
# ruff: noqa: E501  # one row, one vector

from collections.abc import Mapping
from dataclasses import replace

from accounts.codec import Value, decode, encode
from accounts.errors import Refused
from accounts.keylog import KeyLog, extend
from accounts.objects import SUITE, H
from messaging.client import person
from messaging.client.chance import SeededChance
from messaging.client.device import Device, new_device
from tests.vectors.making.case import Case, Cases, case
from tests.vectors.making.objects import SMALL_ORDER_KEYS
from tests.vectors.making.sealing import bad_lattice_key, flipped
from tests.vectors.making.world import NOW, world

Fields = dict[str, Value]


def folded(rule: str, comment: str, statements: list[bytes]) -> Case:
    log: KeyLog | None = None
    for at, statement in enumerate(statements):
        try:
            log = extend(log, statement)
        except Refused as refused:
            return case(
                rule, comment, "keylog.fold", {"statements": statements}, "refused", refused.code, at=at
            )
    assert log is not None
    return case(
        rule, comment, "keylog.fold", {"statements": statements}, "accepted",
        chain=log.chain, head=log.head, generation=log.generation, public=log.public, counts=log.counts,
        devices=sorted(log.devices),
    )  # fmt: skip


def fields_of(statement: bytes) -> Fields:
    outer = decode(statement, 1 << 20)
    assert isinstance(outer, list)
    value = decode(outer[2], 1 << 20)
    assert isinstance(value, dict)
    return value


def signed(fields: Mapping[str, Value], signer: Device, added: Device | None = None) -> bytes:
    """With a fresh countersign when a device is added."""
    if added is not None:
        body = {name: held for name, held in fields.items() if name != "countersign"}
        fields = {**body, "countersign": added.signs(encode([SUITE, "device-join", encode(body)]))}
    return signer.signed_object("key-log", encode(fields))


def cases() -> Cases:
    made = _accepted()
    for name, (rule, comment, code, statements) in {
        **_adding(),
        **_renewing(),
        **_revoking(),
        **_placing(),
    }.items():
        vector = folded(rule, comment, statements)
        assert vector["code"] == code, (name, code, vector["code"])
        made[f"refuse-{name}"] = vector
    return {**made, **_limits()}


def _accepted() -> Cases:
    anna = list(world()["anna"].statements)
    comments = {
        1: "one device; does not count yet",
        2: "and its paper device",
        3: "counts from the first key.new",
        4: "a second browser, with the seed",
        5: "a generation with a fresh unsealing key",
        6: "a device revoked",
    }
    return {f"accept-{n}": folded("K1", comment, anna[:n]) for n, comment in comments.items()}


Refusals = dict[str, tuple[str, str, str, list[bytes]]]


def _adding() -> Refusals:
    anna, bruno, chance = world()["anna"], world()["bruno"], SeededChance("adding")
    before = list(anna.statements[:3])
    log, signer, added = anna.log(3), anna.first, new_device(chance)
    step = person.add_device(log, _early(), added, anna.seeds[1], NOW, chance)
    fields = fields_of(step.statement)
    device = fields["device"]
    assert isinstance(device, dict)

    def but(change: Fields, join: Device = added) -> list[bytes]:
        return [*before, signed({**fields, **change}, signer, join)]

    def as_device(device: Device, **change: Value) -> Fields:
        return {"device": {**_public(device), **change}}

    bad_point = added.unseal[:-32] + bytes(32)
    odd = bad_lattice_key(added.unseal)
    stolen = replace(added, sign_seed=anna.first.sign_seed, sign=anna.first.sign)
    stolen = replace(stolen, id=H("device", stolen.sign, stolen.unseal))
    known = replace(anna.paper, sort="browser")
    weak = SMALL_ORDER_KEYS["one"]
    foreign = person.add_device(bruno.log(), bruno.first, added, bruno.seeds[1], NOW, chance)
    moved = {**fields_of(foreign.statement), "chain": log.chain, "n": 3, "prev": log.head.hash}
    stale = {**fields, "countersign": fields_of(anna.statements[1])["countersign"]}
    return {
        "add-sort": ("K2", "an unknown sort", "malformed", but(as_device(added, sort="phone"))),
        "add-device-extra": ("C7", "a field more in the device", "malformed", but(as_device(added, name="x"))),
        "add-sign-short": ("K2", "31 bytes of key", "malformed", but(as_device(added, sign=added.sign[1:]))),
        "add-unseal-short": ("K2", "a byte less of key", "malformed", but(as_device(added, unseal=added.unseal[1:]))),
        "add-id": ("K3", "the id is not of these keys", "bad_device", but(as_device(added, id=bytes(32)))),
        "add-id-again": ("K3", "a device that is there already", "bad_device", but(as_device(known), known)),
        "add-sign-again": ("K3", "a sign key that is there already", "bad_device", but(as_device(stolen), stolen)),
        "add-no-seed": ("K4", "no seed although there is a key", "bad_device", but({"seed_hash": None})),
        "add-countersign": (
            "K5", "signed by another device", "bad_device", but({}, bruno.first)
        ),
        "add-countersign-replayed": ("K5", "of another statement", "bad_device", [*before, signed(stale, signer)]),
        "add-moved": (
            "K5", "countersigned for another person's log", "bad_device", [*before, signed(moved, signer)]
        ),
        "add-weak-sign": (
            "B3", "a sign key of small order countersigns anything", "bad_device",
            [*before, signed({**fields, **as_device(
                added, sign=weak, id=H("device", weak, added.unseal)), "countersign": weak + bytes(32)}, signer)],
        ),
        "add-bad-point": (
            "B7", "X25519 gives zero", "bad_key",
            but(as_device(added, unseal=bad_point, id=H("device", added.sign, bad_point))),
        ),
        "add-bad-lattice": (
            "B7", "a coefficient not reduced", "bad_key",
            but(as_device(added, unseal=odd, id=H("device", added.sign, odd))),
        ),
        "add-by-stranger": ("K10", "a device of nobody here", "not_active", [*before, signed(fields, bruno.first)]),
        "add-by-itself": ("K10", "the new device adds itself", "not_active", [*before, signed(fields, added)]),
        **_badly_formed("add", before, fields, signer),
    }  # fmt: skip


def _early() -> Device:
    """anna-1 as it was before its unsealing key was replaced; only the sign key matters here."""
    return world()["anna"].first


def _public(device: Device) -> dict[str, Value]:
    public = device.public
    assert isinstance(public, dict)
    return public


def _badly_formed(word: str, before: list[bytes], fields: Fields, signer: Device) -> Refusals:
    """Each field missing, one too many, each of a wrong type."""
    made: Refusals = {}
    for name in sorted(fields):
        less = {field: held for field, held in fields.items() if field != name}
        made[f"{word}-without-{name}"] = ("C7", f"no {name}", "malformed", [*before, signed(less, signer)])
        odd = {**fields, name: [True]}
        made[f"{word}-odd-{name}"] = (
            "O3",
            f"{name} of a wrong type",
            "malformed",
            [*before, signed(odd, signer)],
        )
    more = {**fields, "note": None}
    made[f"{word}-extra"] = ("C7", "a field more", "malformed", [*before, signed(more, signer)])
    unknown = {**fields, "kind": "device.rename"}
    made[f"{word}-unknown-kind"] = ("K2", "no such kind", "malformed", [*before, signed(unknown, signer)])
    late = {**fields, "at": 253402300800}
    made[f"{word}-at-beyond"] = (
        "C8",
        "a second after the year 9999",
        "malformed",
        [*before, signed(late, signer)],
    )
    return made


def _renewing() -> Refusals:
    anna, dora = world()["anna"], world()["dora"]
    before, fields, signer = list(anna.statements[:4]), fields_of(anna.statements[4]), anna.first
    wraps, public, earlier = _list(fields["wraps"]), fields["public"], _list(fields["earlier"])
    assert isinstance(public, bytes)
    first = fields_of(anna.statements[2])
    unseal = anna.first.unseal

    def but(change: Fields, by: Device = signer) -> list[bytes]:
        return [*before, signed({**fields, **change}, by)]

    return {
        "key-public-short": ("K6", "a byte less", "malformed", but({"public": public[1:]})),
        "key-bad-point": ("B7", "X25519 gives zero", "bad_key", but({"public": public[:-32] + bytes(32)})),
        "key-bad-lattice": ("B7", "a coefficient not reduced", "bad_key", but({"public": bad_lattice_key(public)})),
        "key-unseal-bad": ("K8", "the new unsealing key is not good", "bad_key", but({"unseal": bad_lattice_key(unseal)})),
        "key-unseal-paper": ("K8", "paper cannot change", "bad_key", but({}, anna.paper)),
        "key-generation-same": ("K6", "the last one again", "bad_generation", but({"generation": 1})),
        "key-generation-skipped": ("K6", "one is left out", "bad_generation", but({"generation": 3})),
        "key-generation-zero": ("K6", "", "bad_generation", but({"generation": 0})),
        "key-no-earlier": ("K7", "the earlier seed is missing", "bad_generation", but({"earlier": None})),
        "key-earlier-zero": ("K7", "there is no generation 0", "bad_generation", but({"earlier": [0, earlier[1]]})),
        "key-earlier-own": ("K7", "itself is not earlier", "bad_generation", but({"earlier": [2, earlier[1]]})),
        "key-earlier-short": ("K7", "sealed is too short", "malformed", but({"earlier": [1, b"x"]})),
        "key-first-earlier": (
            "K7", "generation 1 has nothing earlier", "bad_generation",
            [*anna.statements[:2], signed({**first, "earlier": [1, earlier[1]]}, signer)],
        ),
        "key-wraps-less": ("K6", "a device is left out", "bad_wraps", but({"wraps": wraps[1:]})),
        "key-wraps-more": (
            "K6", "a stranger's device", "bad_wraps",
            but({"wraps": sorted([*wraps, [dora.first.id, bytes(32)]], key=encode)}),
        ),
        "key-wraps-none": ("K6", "", "bad_wraps", but({"wraps": []})),
        "key-wraps-unsorted": ("K6", "not ascending", "malformed", but({"wraps": wraps[::-1]})),
        "key-wraps-twice": ("K6", "one device twice", "malformed", but({"wraps": [wraps[0], *wraps]})),
        "key-wraps-odd": ("K6", "a hash too short", "malformed", but({"wraps": [[_list(wraps[0])[0], b""]]})),
        **_badly_formed("key", before, fields, signer),
    }  # fmt: skip


def _revoking() -> Refusals:
    anna, dora = world()["anna"], world()["dora"]
    before, fields, signer = list(anna.statements[:5]), fields_of(anna.statements[5]), anna.first
    wraps = _list(fields["wraps"])
    again = {**fields, **person.placed("device.revoke", anna.log(), NOW), "generation": 4}
    whole = sorted([*wraps, [anna.devices["anna-2"].id, bytes(32)]], key=encode)
    after = person.placed("key.new", anna.log(), NOW)

    def but(change: Fields, by: Device = signer) -> list[bytes]:
        return [*before, signed({**fields, **change}, by)]

    return {
        "revoke-stranger": ("K9", "not in this log", "not_active", but({"device": dora.first.id})),
        "revoke-self": ("K9", "nobody revokes itself", "not_active", but({"device": signer.id})),
        "revoke-again": ("K9", "revoked already", "not_active", [*anna.statements, signed(again, signer)]),
        "revoke-by-itself": ("K9", "by the device it revokes", "not_active", but({}, anna.devices["anna-2"])),
        "revoke-wraps-before": ("K9", "the revoked device still gets the seed", "bad_wraps", but({"wraps": whole})),
        "revoked-signs": (
            "K10", "a revoked device makes the next generation", "not_active",
            [*anna.statements, signed({**fields_of(anna.statements[4]), **after}, anna.devices["anna-2"])],
        ),
        "revoke-then-add-again": (
            "K3", "a revoked device comes back", "bad_device",
            [*anna.statements, _added_again()],
        ),
        **_badly_formed("revoke", before, fields, signer),
    }  # fmt: skip


def _added_again() -> bytes:
    anna = world()["anna"]
    back = anna.devices["anna-2"]
    fields: Fields = {
        **person.placed("device.add", anna.log(), NOW), "device": back.public, "seed_hash": bytes(32),
    }  # fmt: skip
    return signed(fields, anna.first, back)


def _placing() -> Refusals:
    anna, bruno = world()["anna"], world()["bruno"]
    whole, signer = list(anna.statements), anna.first
    first, third = fields_of(whole[0]), fields_of(whole[2])
    paper_first = {**first, "device": anna.paper.public}
    joined = encode({name: held for name, held in first.items() if name != "countersign"})
    suite = decode(whole[2], 1 << 20)
    assert isinstance(suite, list)
    other_label = signer.signed_object("epoch", encode(third))
    relabelled = encode([1, "key-log", *_list(decode(other_label, 1 << 20))[2:]])

    def but(change: Fields) -> list[bytes]:
        return [*whole[:2], signed({**third, **change}, signer)]

    return {
        "first-is-key": ("K1", "the first adds a device", "bad_chain", [whole[2]]),
        "first-is-second": ("K1", "begins in the middle", "bad_chain", whole[1:]),
        "first-is-paper": ("K1", "the first is a browser", "bad_chain", [signed(paper_first, anna.paper, anna.paper)]),
        "first-by-other": ("K1", "signed by another device", "bad_chain", [signed(first, bruno.first)]),
        "first-with-n": ("K1", "n is 0", "bad_chain", [signed({**first, "n": 1}, signer, signer)]),
        "first-with-chain": ("K1", "chain is null", "bad_chain", [signed({**first, "chain": bytes(32)}, signer, signer)]),
        "first-with-prev": ("K1", "prev is null", "bad_chain", [signed({**first, "prev": bytes(32)}, signer, signer)]),
        "first-with-seed": ("K4", "there is no seed yet", "bad_device", [signed({**first, "seed_hash": bytes(32)}, signer, signer)]),
        "first-weak": ("B3", "a sign key of small order", "bad_signature", [_weak_first(first)]),
        "first-label": (
            "K5", "the countersign is for device-join", "bad_device",
            [signed({**first, "countersign": signer.signs(encode([1, "key-log", joined]))}, signer)],
        ),
        "forked": ("K1", "prev is another statement", "bad_chain", but({"prev": bytes(32)})),
        "gap": ("K1", "n jumps", "bad_chain", but({"n": 3})),
        "repeated": ("K1", "a statement twice", "bad_chain", [*whole[:3], whole[2]]),
        "left-out": ("K1", "a statement is missing", "bad_chain", [*whole[:2], *whole[3:]]),
        "swapped": ("K1", "two statements in the other order", "bad_chain", [whole[0], whole[2], whole[1]]),
        "other-chain": ("K1", "of another person", "bad_chain", [*whole[:2], bruno.statements[2]]),
        "other-chain-rewritten": (
            "K10", "another person's statement moved here", "not_active",
            [*whole[:2], signed(third, bruno.first)],
        ),
        "chain-null": ("K1", "chain is stated from n = 1", "bad_chain", but({"chain": None})),
        "suite-2": ("B1", "a newer suite", "newer_version", [*whole[:2], encode([2, *suite[1:]])]),
        "suite-0": ("B1", "no such suite", "malformed", [*whole[:2], encode([0, *suite[1:]])]),
        "other-label": ("O3", "an object of another place", "malformed", [*whole[:2], other_label]),
        "relabelled": ("O2", "and with its label rewritten", "bad_signature", [*whole[:2], relabelled]),
        "changed-signature": ("B3", "a changed byte", "bad_signature", [*whole[:2], flipped(whole[2], -1)]),
        "not-a-map": ("O3", "bytes hold no map", "malformed", [*whole[:2], signer.signed_object("key-log", encode([]))]),
        "loose": ("C2", "a loose encoding inside, well signed", "malformed", [*whole[:2], signer.signed_object("key-log", bytes([0xB8, len(third)]) + encode(third)[1:])]),
        "too-long": ("O6", "over 16 KiB", "malformed", [*whole[:2], signer.signed_object("key-log", bytes(17000))]),
        "two-wrong-shape": ("K17", "shape comes before chain", "malformed", but({"prev": bytes(32), "public": b""})),
        "two-wrong-chain": ("K17", "chain comes before signer", "bad_chain", [*whole[:2], signed({**third, "n": 9}, bruno.first)]),
        "two-wrong-key": ("K17", "key comes before generation", "bad_key", but({"public": bytes(1216), "generation": 9})),
        "two-wrong-generation": ("K17", "generation comes before wraps", "bad_generation", but({"wraps": [], "generation": 9})),
    }  # fmt: skip


def _weak_first(first: Fields) -> bytes:
    weak, unseal = SMALL_ORDER_KEYS["one"], _public(world()["anna"].devices["anna-2"])["unseal"]
    assert isinstance(unseal, bytes)
    id = H("device", weak, unseal)
    device: Fields = {"id": id, "sign": weak, "unseal": unseal, "sort": "browser"}
    body: Fields = {**first, "device": device, "countersign": weak + bytes(32)}
    return encode([1, "key-log", encode(body), id, weak + bytes(32)])


def _list(value: Value) -> list[Value]:
    assert isinstance(value, list)
    return value


def _limits() -> Cases:
    """Sixteen devices are taken, the seventeenth is not."""
    dora, chance = world()["dora"], SeededChance("limits")
    log, statements = dora.log(), list(dora.statements)
    for _ in range(14):
        step = person.add_device(log, dora.first, new_device(chance), dora.seeds[1], NOW, chance)
        log, statements = step.log, [*statements, step.statement]
    last = new_device(chance)
    fields: Fields = {**person.placed("device.add", log, NOW), "device": last.public, "seed_hash": bytes(32)}
    return {
        "accept-16-devices": folded("K11", "as many as may be active", statements),
        "refuse-17-devices": folded("K11", "one too many", [*statements, signed(fields, dora.first, last)]),
    }
