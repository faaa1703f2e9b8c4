"""Sealing, epochs, messages, logs, markers, own state and the vault."""

from dataclasses import asdict, replace
from typing import Any

from accounts.codec import decode, encode
from accounts.shapes import Position
from messaging.client import sealing, xwing
from messaging.client.contents import read_content
from messaging.client.device import device_of
from messaging.client.entries import open_wrap
from messaging.client.following import FollowedLog, RemovedByHost
from messaging.client.messages import (
    open_message,
    open_with_key,
    padded_length,
    seal_content,
)
from messaging.client.ownstate import Written, merge
from messaging.client.state import State, read_state
from messaging.envelopes import Message, read_entry
from messaging.epochs import Epoch, secret_commit, wrap_hash
from messaging.facts import Noted
from messaging.marking import judge_marker, read_marker
from tests.vectors.making.case import tagged
from tests.vectors.making.sealing import GivenChance
from tests.vectors.running.given import Failed, Given, Result, Runners, accepted, known_logs, octets, opened


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
    noted = None if reader["noted"] is None else Noted(**reader["noted"])
    log = FollowedLog(octets(given["conversation"]), logs, octets(reader["chain"]), anchor, noted)
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
    rows = zip(octets(given["contents"]), given["seen"], given["revoked"], strict=True)
    merged = merge(
        Written(read_state(content), n, seen, revoked) for n, (content, seen, revoked) in enumerate(rows, 1)
    )
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


RUNNERS: Runners = {
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
