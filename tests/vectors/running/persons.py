"""Encoding, objects, key logs, consent, pairing and codes de secours."""

from dataclasses import replace
from typing import Any

from accounts import pairing, publickeys, recovery
from accounts.codec import decode, encode
from accounts.consent import stands_at_once
from accounts.errors import Refused
from accounts.keylog import KeyLog, extend, fold
from accounts.objects import H, is_signature, object_hash, read_object, session_statement
from messaging.client import person
from messaging.client.device import device_of, paper_device
from messaging.client.pairing import Answer, complete, countersign
from messaging.client.pins import Pin, check_log
from messaging.client.sealing import CannotOpen
from tests.vectors.making.case import tagged
from tests.vectors.making.codec import fuzzed
from tests.vectors.making.sealing import GivenChance
from tests.vectors.running.given import Failed, Given, Result, Runners, accepted, octets, opened


def run_codec(given: Given) -> Result:
    data = octets(given["bytes"])
    value = decode(data, given["limit"])
    assert encode(value) == data
    return accepted(value=tagged(value))


def run_fuzz(given: Given) -> Result:
    count, digests = fuzzed(octets(given["corpus"]), given["seed"])
    return accepted(accepted=count, digests=digests)


def run_object(given: Given) -> Result:
    found = read_object(octets(given["object"]), given["label"])
    if not found.is_signed_by(octets(given["key"])):
        raise Refused("bad_signature")
    return accepted(hash=found.hash, body=found.body, signer=found.signer)


def run_session_sign(given: Given) -> Result:
    device = device_of(octets(given["sign_seed"]), octets(given["unseal_seed"]))
    return accepted(device=device.id, signature=device.signs_session(octets(given["challenge"])))


def run_session_check(given: Given) -> Result:
    statement = session_statement(octets(given["challenge"]), octets(given["device"]))
    return _if_signed(given, statement)


def run_signature(given: Given) -> Result:
    return _if_signed(given, octets(given["message"]))


def _if_signed(given: Given, message: bytes) -> Result:
    if not is_signature(octets(given["key"]), message, octets(given["signature"])):
        raise Refused("bad_signature")
    return accepted()


def run_hash(given: Given) -> Result:
    label, *parts = _untagged(given["value"])
    return accepted(hash=H(label, *parts))


def _untagged(value: Any) -> Any:
    match value:
        case {"bytes": hexed}:
            return bytes.fromhex(hexed)
        case list():
            return [_untagged(held) for held in value]
    return value


def run_fold(given: Given) -> Result:
    log: KeyLog | None = None
    for at, statement in enumerate(octets(given["statements"])):
        try:
            log = extend(log, statement)
        except Refused as refused:
            raise Failed("refused", refused.code, at=at)
    assert log is not None
    return accepted(
        chain=log.chain,
        head=log.head,
        generation=log.generation,
        public=log.public,
        counts=log.counts,
        devices=sorted(log.devices),
    )


def run_pin(given: Given) -> Result:
    check_log(Pin(*octets(given["pin"])), octets(given["statements"]))
    return accepted()


def run_seed(given: Given) -> Result:
    device = replace(device_of(bytes(32), octets(given["unseal_seed"])), id=octets(given["device"]))
    log = fold(octets(given["statements"]))
    return opened(seed=person.open_seed(log, device, octets(given["sealed"])))


def run_earlier(given: Given) -> Result:
    log = fold(octets(given["statements"]))
    seeds = person.open_earlier(log, {log.generation: octets(given["seed"])})
    return opened(seeds={str(number): seed for number, seed in sorted(seeds.items())})


def run_recovery_read(given: Given) -> Result:
    return accepted(code=recovery.read_code(given["written"]))


def run_recovery_write(given: Given) -> Result:
    code = octets(given["code"])
    paper = paper_device(code)
    return accepted(written=recovery.write_code(code), device=paper.id, sign=paper.sign, unseal=paper.unseal)


def run_recovery_open(given: Given) -> Result:
    code, sealed, statements = octets(given["code"]), octets(given["sealed"]), octets(given["statements"])
    added = device_of(bytes(32), bytes(32))
    try:
        step = person.recover(statements, code, sealed, added, 1000, GivenChance(bytes(64)))
    except (CannotOpen, Refused):
        raise Failed("refused", "key_log_refused")
    assert added.id in step.log.devices
    return opened(seed=person.open_seed(fold(statements), paper_device(code), sealed))


def run_publickey(given: Given) -> Result:
    if not publickeys.is_good_key(octets(given["key"])):
        raise Refused("bad_key")
    return accepted()


def run_consent_sign(given: Given) -> Result:
    paper = paper_device(recovery.read_code(given["code"]))
    return accepted(consent=paper.signs_consent(object_hash(octets(given["statement"]))))


def run_consent(given: Given) -> Result:
    log, consent = fold(octets(given["statements"])), octets(given["consent"])
    if not stands_at_once(log, octets(given["statement"]), consent):
        raise Refused("paper_protected")
    return accepted()


def run_pairing_write(given: Given) -> Result:
    return accepted(written=pairing.write_code(octets(given["code"])))


def run_pairing_read(given: Given) -> Result:
    return accepted(code=pairing.read_code(given["written"]))


def run_pairing_offer(given: Given) -> Result:
    code, person_id = octets(given["code"]), octets(given["person"])
    return accepted(mac=pairing.offer_mac(code, person_id, _keys(given["new"])))


def run_pairing_answer(given: Given) -> Result:
    code, person_id, chain, map = (octets(given[name]) for name in ("code", "person", "chain", "map"))
    new, old = _keys(given["new"]), _keys(given["old"])
    return accepted(mac=pairing.answer_mac(code, person_id, chain, new, old, map))


def run_pairing_check(given: Given) -> Result:
    code, person_id, mac = (octets(given[name]) for name in ("code", "person", "mac"))
    pairing.check_offer(code, person_id, _keys(given["new"]), mac)
    return accepted()


def run_pairing_accept(given: Given) -> Result:
    new = device_of(octets(given["sign_seed"]), octets(given["unseal_seed"]))
    answer = Answer(*(octets(given[name]) for name in ("map", "sealed", "mac")))
    code, person_id, old = (octets(given[name]) for name in ("code", "person", "device"))
    signature, seed = countersign(code, person_id, new, answer, octets(given["statements"]), old)
    return opened(countersign=signature, seed=seed)


def run_pairing_complete(given: Given) -> Result:
    old = replace(device_of(octets(given["sign_seed"]), bytes(32)), id=octets(given["device"]))
    log, map, signature = (
        fold(octets(given["statements"])),
        octets(given["map"]),
        octets(given["countersign"]),
    )
    return accepted(statement=complete(log, old, map, signature).statement)


def _keys(device: Given) -> pairing.Keys:
    return pairing.Keys(*(octets(device[name]) for name in ("id", "sign", "unseal")))


RUNNERS: Runners = {
    "codec.decode": run_codec,
    "codec.fuzz": run_fuzz,
    "object.read": run_object,
    "session.sign": run_session_sign,
    "session.check": run_session_check,
    "signature": run_signature,
    "hash": run_hash,
    "keylog.fold": run_fold,
    "keylog.pin": run_pin,
    "keylog.seed": run_seed,
    "keylog.earlier": run_earlier,
    "consent.sign": run_consent_sign,
    "keylog.consent": run_consent,
    "pairing.write": run_pairing_write,
    "pairing.read": run_pairing_read,
    "pairing.offer": run_pairing_offer,
    "pairing.answer": run_pairing_answer,
    "pairing.check": run_pairing_check,
    "pairing.accept": run_pairing_accept,
    "pairing.complete": run_pairing_complete,
    "recovery.read": run_recovery_read,
    "recovery.write": run_recovery_write,
    "recovery.open": run_recovery_open,
    "publickey": run_publickey,
}
