"""E, L: what a log accepts and refuses."""

# ruff: noqa: E501  # one row, one vector

from collections.abc import Mapping
from dataclasses import replace

from accounts.codec import Value
from accounts.shapes import Position
from messaging.client.entries import Draft, row_of
from tests.vectors.making import rosters
from tests.vectors.making.case import Case, Cases
from tests.vectors.making.rosters import alone, found
from tests.vectors.making.sealing import flipped
from tests.vectors.making.talk import AT, KNOWN, Talk, parts_of, signed, with_header
from tests.vectors.making.world import world


def cases() -> Cases:
    return {
        **_messages(),
        **_message_forms(),
        **_orders(),
        **rosters.cases(),
        **_knowledge(),
        **_selves(),
    }


def _messages() -> Cases:
    anna, bruno, chloe = (world()[name] for name in ("anna", "bruno", "chloe"))
    talk = Talk("messages")
    first = talk.message()
    talk.add(first)
    position, place = talk.log.position, Position(1, talk.log.hashes[1])
    old = Talk("old epoch")
    stale = old.message()
    old.renew()
    same = talk.place(client_id=bytes(16))
    twice = [talk.message(client_id=same.client_id, text=text) for text in ("un", "deux")]

    def no(rule: str, comment: str, entry: bytes) -> Case:
        return talk.judged(rule, comment, entry)

    return {
        "message-first": Talk("first").judged("L1", "epoch 0 alone"),
        "message": talk.judged("L4", "a message under the last epoch"),
        "message-other": talk.judged("L4", "the other answers", talk.message(bruno)),
        "message-seen-epoch": no("L6", "saw no more than the epoch", talk.message(bruno, seen=place)),
        "message-head-elsewhere": no("M7", "the sender's head decides nothing", talk.message(head=Position(99, bytes(32)))),
        "message-own-order": no("M7", "a break in device_seq and prev_own decides nothing", talk.message(device_seq=7, prev_own=bytes(32))),
        "message-conversation": no("L9", "of another conversation", talk.message(conversation=bytes(32))),
        "message-past-epoch": old.judged("L4", "under the epoch before", stale),
        "message-future-epoch": no("L4", "under an epoch that is not there", talk.message(epoch=1)),
        "message-epoch-hash": no("L6", "right number, other epoch", talk.message(epoch_hash=bytes(32))),
        "message-epoch-hash-before": old.judged("L6", "an earlier number, other epoch", old.message(epoch=0, epoch_hash=bytes(32))),
        "message-epoch-hash-revoked": no("L6", "by no active device", talk.message(anna, anna.devices["anna-2"], epoch_hash=bytes(32))),
        "message-epoch-hash-stranger": no("L6", "by one in no row", talk.message(chloe, epoch_hash=bytes(32))),
        "message-epoch-hash-signature": no("L6", "by nobody knows whom", flipped(talk.message(epoch_hash=bytes(32)), -1)),
        "message-epoch-hash-unknown": no("L6", "of a number that is not there", talk.message(epoch=1, epoch_hash=bytes(32))),
        "message-stranger": no("L4", "chloe is in no row", talk.message(chloe)),
        "message-as-other": no("L9", "chloe's device in bruno's name", talk.message(bruno, chloe.first)),
        "message-member-as-other": no("L9", "anna's device in bruno's name", talk.message(bruno, anna.first)),
        "message-paper": no("K10", "paper signs no message", talk.message(bruno, bruno.paper)),
        "message-revoked": no("L4", "revoked at the head named", talk.message(anna, anna.devices["anna-2"])),
        "message-signature": no("L9", "a changed byte of the signature", flipped(talk.message(), -1)),
        "message-seen-below": no("L6", "saw less than the epoch", talk.message(seen=Position(0, talk.log.hashes[0]))),
        "message-seen-own": no("L6", "saw itself", talk.message(seen=Position(3, bytes(32)))),
        "message-seen-later": no("L6", "saw what is not there", talk.message(seen=Position(2**53 - 1, bytes(32)))),
        "message-seen-other": no("L6", "saw another log", talk.message(seen=Position(position.n, bytes(32)))),
        "message-replayed": no("L5", "the same bytes", first),
        "message-duplicate": talk.judged("L5", "the same client id, sealed again", *twice),
        "message-client-id-of-other": talk.judged("L5", "a client id belongs to its device", twice[0], talk.message(bruno, client_id=same.client_id)),
        "message-client-id-of-refused": talk.judged("L5", "a refused one takes no client id", talk.message(client_id=bytes(16), seen=Position(1, bytes(32))), talk.message(client_id=bytes(16))),
        "message-replay-of-refused": talk.judged("L5", "whatever its verdict was", *_refused_twice(talk)),
        "message-before-epoch": alone(talk, first),
    }  # fmt: skip


def _refused_twice(talk: Talk) -> tuple[bytes, bytes, bytes]:
    """Refused as a duplicate, then replayed: the bytes stood in the log before."""
    one = talk.message(client_id=b"\x07" * 16)
    two = talk.message(client_id=b"\x07" * 16, text="deux")
    return one, two, two


def _message_forms() -> Cases:
    anna, talk = world()["anna"], Talk("forms")
    good = talk.message()
    label, envelope, _ = parts_of(good)
    device = anna.first

    def form(rule: str, comment: str, entry: bytes) -> Case:
        return talk.judged(rule, comment, entry)

    def header(rule: str, comment: str, change: Mapping[str, Value], drop: str | None = None) -> Case:
        return form(rule, comment, with_header(talk, change, device, drop))

    def outer(comment: str, change: Mapping[str, Value], drop: str = "") -> Case:
        fields = {name: held for name, held in {**envelope, **change}.items() if name != drop}
        return form("C7", comment, signed(label, fields, device))

    names = (
        "conversation",
        "epoch",
        "epoch_hash",
        "person",
        "device",
        "device_seq",
        "prev_own",
        "seen",
        "head",
        "client_id",
        "class",
    )
    made = {f"header-without-{name}": header("C7", f"no {name}", {}, name) for name in names}
    made |= {f"header-odd-{name}": header("M1", f"{name} of a wrong type", {name: [True]}) for name in names}
    made |= {
        "header-extra": header("C7", "a field more", {"note": None}),
        "header-class": header("M1", "no class in this version", {"class": "urgent"}),
        "header-device": header("M1", "another device than the signer", {"device": world()["bruno"].first.id}),
        "header-device-seq-0": header("M1", "counts from 1", {"device_seq": 0}),
        "header-client-id": header("M1", "15 bytes", {"client_id": bytes(15)}),
        "header-text": outer("header as text", {"header": "x"}),
        "header-loose": outer("a loose encoding of the header", {"header": b"\xb8\x0b" + bytes(envelope["header"])[1:]}),  # type: ignore[arg-type]
        "envelope-extra": outer("a field more", {"note": None}),
        "envelope-without-commit": outer("no commitment", {}, "commit"),
        "envelope-commit-short": outer("31 bytes", {"commit": bytes(31)}),
        "envelope-body-text": outer("body as text", {"body": "x"}),
        "envelope-body-empty": outer("an empty body is the reader's trouble", {"body": b""}),
        "entry-suite-2": form("B1", "a newer suite", _suite(good, 2)),
        "entry-suite-0": form("B1", "no such suite", _suite(good, 0)),
        "entry-label": form("L2", "a kind of entry that is not known", signed("grant", envelope, device)),
        "entry-marker": form("L2", "a marker is no entry", signed("marker", envelope, device)),
        "entry-key-log": form("L2", "a key-log statement is no entry", world()["anna"].statements[0]),
        "entry-as-epoch": form("O3", "a message labelled epoch", signed("epoch", envelope, device)),
        "entry-garbage": form("C6", "no encoding", b"\xff"),
        "entry-empty": form("C6", "nothing", b""),
        "entry-message-too-long": form("O6", "over 40 KiB", signed("message", {**envelope, "body": bytes(40 * 1024)}, device)),
    }  # fmt: skip
    return made


def _suite(entry: bytes, suite: int) -> bytes:
    return entry[:1] + bytes([suite]) + entry[2:]


def _orders() -> Cases:
    """Two things wrong: the earlier check gives the code (L9)."""
    anna, bruno, chloe, talk = world()["anna"], world()["bruno"], world()["chloe"], Talk("orders")
    far = Position(9, bytes(32))
    pairs = {
        "shape-conversation": with_header(talk, {"conversation": bytes(32), "class": "x"}, anna.first),
        "conversation-epoch-hash": talk.message(conversation=bytes(32), epoch_hash=bytes(32)),
        "conversation-epoch": talk.message(conversation=bytes(32), epoch=9),
        "epoch-member": talk.message(chloe, epoch=9),
        "member-device": talk.message(chloe, chloe.paper),
        "device-signature": flipped(talk.message(bruno, bruno.paper), -1),
        "signature-seen": flipped(talk.message(seen=far), -1),
        "seen-below-forked": talk.message(seen=Position(0, bytes(32))),
    }
    return {f"order-{name}": talk.judged("L9", name, entry) for name, entry in pairs.items()}


def _knowledge() -> Cases:
    talk = Talk("knowledge")
    message = talk.message(world()["bruno"])
    old = Talk("old heads", heads={"anna": 4, "bruno": 3})
    anna = world()["anna"]
    return {
        "waiting-epoch": talk.judged("L3", "a key log is not here", known={"anna": 6, "bruno": 0}),
        "waiting-short": talk.judged("L3", "a key log is known, not far enough", known={"anna": 5, "bruno": 3}),
        "waiting-then-message": talk.judged("L3", "nothing after it counts", message, known={"anna": 6, "bruno": 0}),
        "waiting-not": talk.judged("L3", "heads later than those named are not needed", message, known={"anna": 6, "bruno": 3}),
        "later-knowledge": old.judged("L3", "a device revoked later is judged at the head named", old.message(anna, anna.devices["anna-2"])),
        "later-knowledge-none": old.judged("L3", "and alike by one who does not know yet", old.message(anna, anna.devices["anna-2"]), known={"anna": 4, "bruno": 3}),
        "later-device": Talk("first heads", heads={"anna": 3, "bruno": 3}).judged("L4", "a device added after the head named", _early_message(), known=KNOWN),
    }  # fmt: skip


def _early_message() -> bytes:
    anna = world()["anna"]
    return Talk("first heads", heads={"anna": 3, "bruno": 3}).message(anna, anna.devices["anna-2"])


def _selves() -> Cases:
    anna, bruno = world()["anna"], world()["bruno"]
    talk = Talk("self", kind="self")
    draft = talk.next_draft()
    paused = found(draft, anna, paused=True)
    two = tuple(sorted((*draft.rows, row_of(bruno.log(), anna.chain, AT + 1)), key=lambda row: row.chain))

    def epoch(rule: str, comment: str, given: Draft) -> Case:
        return talk.judged(rule, comment, talk.draft_epoch(given).statement)

    return {
        "self": talk.judged("E11", "one row"),
        "self-message": talk.judged("E11", "and a message", talk.message()),
        "self-next": epoch("E11", "a new secret", draft),
        "self-suspended": talk.judged("L2", "nobody is suspended here", talk.suspend("anna")),
        "self-paused": epoch("E10", "never paused", replace(paused, change=[["pause", anna.chain]])),
        "self-added": epoch(
            "E11", "one row for good", replace(draft, rows=two, change=[["add", bruno.chain]])
        ),
        "self-row-fields": epoch("E6", "since stays", found(draft, anna, since=AT + 1)),
        "self-other": talk.judged("E11", "another's message", talk.message(bruno)),
    }
