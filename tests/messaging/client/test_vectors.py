"""Every vector is run from its file alone by the code that judges; the maker must give the same bytes."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from accounts import pairing, publickeys, recovery
from accounts.codec import decode, encode
from accounts.consent import stands_at_once
from accounts.errors import Refused
from accounts.keylog import KeyLog, extend, fold
from accounts.objects import H, is_signature, object_hash, read_object, session_statement
from accounts.shapes import Position
from messaging.client import person, sealing, xwing
from messaging.client.contents import read_content
from messaging.client.device import device_of, paper_device
from messaging.client.entries import open_wrap
from messaging.client.following import FollowedLog, RemovedByHost
from messaging.client.messages import (
    Unreadable,
    open_message,
    open_with_key,
    padded_length,
    seal_content,
)
from messaging.client.ownstate import merge
from messaging.client.pairing import Answer, complete, countersign
from messaging.client.pins import Pin, check_log
from messaging.client.sealing import CannotOpen
from messaging.client.state import State, read_state
from messaging.envelopes import Message, read_entry
from messaging.epochs import Epoch, secret_commit, wrap_hash
from messaging.marking import judge_marker, read_marker
from tests.vectors import generate
from tests.vectors.making.case import plain, tagged
from tests.vectors.making.codec import fuzzed
from tests.vectors.making.sealing import GivenChance

FOLDER = Path(generate.__file__).parent
FILES = sorted(path for path in FOLDER.glob("*/*.json") if path.parent.name != "frames")
WORLD = json.loads((FOLDER / "world.json").read_text())["persons"]

Result = tuple[str, str | None, dict[str, Any]]
Given = dict[str, Any]


class Failed(Exception):
    def __init__(self, expect: str, code: str | None, **output: Any) -> None:
        super().__init__(code)
        self.result: Result = (expect, code, output)


def octets(value: Any) -> Any:
    """Hex to bytes, wherever it stands; texts that are no bytes are named by the runners."""
    if isinstance(value, list):
        return [octets(held) for held in value]
    return bytes.fromhex(value) if isinstance(value, str) else value


def known_logs(known: dict[str, int]) -> dict[bytes, KeyLog]:
    logs = [fold(octets(WORLD[name]["statements"][:count])) for name, count in known.items() if count]
    return {log.chain: log for log in logs}


def accepted(**output: Any) -> Result:
    return "accepted", None, output


def opened(**output: Any) -> Result:
    return "opened", None, output


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


def run_xwing_public(given: Given) -> Result:
    return accepted(public=xwing.public_key(octets(given["seed"])))


def run_encapsulate(given: Given) -> Result:
    encapsulation, shared = xwing.encapsulate_from(octets(given["public"]), octets(given["randomness"]))
    return accepted(encapsulation=encapsulation, shared=shared)


def run_decapsulate(given: Given) -> Result:
    return accepted(shared=xwing.decapsulate(octets(given["seed"]), octets(given["encapsulation"])))


def run_seal_make(given: Given) -> Result:
    context = decode(octets(given["context"]), 4096)
    chance = GivenChance(octets(given["randomness"]))
    return accepted(sealed=sealing.seal(octets(given["to"]), context, octets(given["plaintext"]), chance))


def run_seal_open(given: Given) -> Result:
    context = decode(octets(given["context"]), 4096)
    return opened(plaintext=sealing.open_sealed(octets(given["seed"]), context, octets(given["sealed"])))


def run_commit(given: Given) -> Result:
    prev = octets(given["prev"])
    return accepted(commit=secret_commit(given["number"], prev, octets(given["secret"])))


def run_epoch_open(given: Given) -> Result:
    epoch, wrap = read_entry(octets(given["epoch"])), octets(given["wrap"])
    assert isinstance(epoch, Epoch)
    row = epoch.row_of(octets(given["chain"]))
    if row is None or row.wrap != wrap_hash(wrap):
        raise Failed("unreadable", "foreign_wrap")
    return opened(secret=open_wrap(octets(given["seed"]), epoch, row, wrap))


def run_padding(given: Given) -> Result:
    return accepted(padded=[padded_length(length + 1) for length in given["lengths"]])


def run_message_make(given: Given) -> Result:
    device = replace(device_of(octets(given["sign_seed"]), bytes(32)), id=octets(given["device"]))
    header = octets(given["header"])
    commit, body = seal_content(
        octets(given["secret"]), header, octets(given["content"]), octets(given["nonce"])
    )
    envelope = encode({"header": header, "commit": commit, "body": body})
    return accepted(object=device.signed_object("message", envelope))


def run_message_open(given: Given) -> Result:
    content, kind = open_message(octets(given["secret"]), _message(given)), given["conversation"]
    if kind == "self":
        read_state(content)
        return opened(content=content, says={})
    return opened(content=content, says=asdict(read_content(content, kind)))


def run_message_key(given: Given) -> Result:
    return opened(content=open_with_key(octets(given["key"]), _message(given)))


def _message(given: Given) -> Message:
    message = read_entry(octets(given["object"]))
    assert isinstance(message, Message)
    return message


def run_judge(given: Given) -> Result:
    log = FollowedLog(octets(given["conversation"]), known_logs(given["key_logs"]))
    verdicts = [log.apply(entry) for entry in octets(given["entries"])]
    told = [[verdict.outcome, verdict.code] for verdict in verdicts]
    return verdicts[-1].outcome, verdicts[-1].code, {"verdicts": told, "hash": log.hashes[-1]}


def run_follow(given: Given) -> Result:
    reader = given["reader"]
    anchor = None if reader["anchor"] is None else Position(*octets(reader["anchor"]))
    logs = known_logs(given["key_logs"])
    log = FollowedLog(octets(given["conversation"]), logs, octets(reader["chain"]), anchor, reader["noted"])
    told = [_followed(log, item) for item in given["entries"]]
    return *told[-1], {"verdicts": told, "hash": log.hashes[-1]}


def _followed(log: FollowedLog, item: Given) -> tuple[str, str | None]:
    if "entry" in item:
        verdict = log.apply(octets(item["entry"]))
        return verdict.outcome, verdict.code
    try:
        log.apply_stub(octets(item["stub"]))
    except RemovedByHost:
        return "refused", "removed_by_host"
    return "accepted", None


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


def run_marker(given: Given) -> Result:
    log = FollowedLog(octets(given["conversation"]), known_logs(given["key_logs"]))
    for entry in octets(given["entries"]):
        log.apply(entry)
    if given["kept"] is not None:
        kept = read_marker(octets(given["kept"]))
        log.markers[kept.device] = kept
    verdict = judge_marker(octets(given["marker"]), log)
    return verdict.outcome, verdict.code, {}


def run_state_read(given: Given) -> Result:
    return opened(state=_state(read_state(octets(given["content"]))))


def run_state_merge(given: Given) -> Result:
    merged = merge(read_state(content) for content in octets(given["contents"]))
    return accepted(state=_state(merged.state), shown=merged.shown)


def _state(state: State) -> dict[str, Any]:
    return {
        "pins": tagged(state.pins),
        "verified": tagged(state.verified),
        "checked": tagged(state.checked),
        "secrets": tagged(state.secrets),
        "muted": tagged(state.muted),
    }


def run_vault_key(given: Given) -> Result:
    vault, local, server = (octets(given[name]) for name in ("vault", "local_half", "server_half"))
    return accepted(key=sealing.vault_key(vault, local, server))


def run_record_make(given: Given) -> Result:
    key, record, nonce = (octets(given[name]) for name in ("key", "record", "nonce"))
    return accepted(sealed=sealing.seal_record(key, given["store"], given["id"], record, nonce))


def run_record_open(given: Given) -> Result:
    key, sealed = octets(given["key"]), octets(given["sealed"])
    return opened(record=sealing.open_record(key, given["store"], given["id"], sealed))


RUNNERS: dict[str, Callable[[Given], Result]] = {
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
    "xwing.public": run_xwing_public,
    "xwing.encapsulate": run_encapsulate,
    "xwing.decapsulate": run_decapsulate,
    "seal.make": run_seal_make,
    "seal.open": run_seal_open,
    "epoch.commit": run_commit,
    "epoch.open": run_epoch_open,
    "padding": run_padding,
    "message.make": run_message_make,
    "message.open": run_message_open,
    "message.key": run_message_key,
    "log.judge": run_judge,
    "log.follow": run_follow,
    "marker.judge": run_marker,
    "state.read": run_state_read,
    "state.merge": run_state_merge,
    "vault.key": run_vault_key,
    "record.make": run_record_make,
    "record.open": run_record_open,
}


def run(vector: dict[str, Any]) -> Result:
    try:
        return RUNNERS[vector["kind"]](vector["input"])
    except Failed as failed:
        return failed.result
    except (Refused, recovery.BadRecoveryCode) as refused:
        return "refused", refused.code, {}
    except Unreadable as unreadable:
        return "unreadable", unreadable.code, {}
    except CannotOpen:
        return "unreadable", "cannot_open", {}


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.parent.name != "table"], ids=lambda p: p.stem
)
def test_every_vector_gives_its_verdict_and_its_bytes(path: Path) -> None:
    vector = json.loads(path.read_text())
    expect, code, output = run(vector)
    assert (expect, code, plain(output)) == (vector["expect"], vector["code"], vector["output"])


def test_the_maker_gives_the_same_files_again() -> None:
    # Also enumerates the rule table (E14, L9) and judges every case of it.
    assert generate.differences(generate.all_files()) == []


def test_o3_no_folder_of_vectors_is_forgotten() -> None:
    there = {path.name for path in FOLDER.iterdir() if path.is_dir() and any(path.glob("*.json"))}
    assert there - {"frames"} == set(generate.MAKERS)
