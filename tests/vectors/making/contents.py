"""E8, E9, M, R, S: secrets, messages, markers and own state."""

# ruff: noqa: E501  # one row, one vector

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from accounts.codec import Value, encode
from accounts.objects import H
from accounts.shapes import Position, array
from messaging.client.chance import SeededChance
from messaging.client.contents import SIGNS, read_content, write_text
from messaging.client.device import Device
from messaging.client.entries import header_fields, make_marker, open_wrap
from messaging.client.following import FollowedLog
from messaging.client.messages import (
    Unreadable,
    commitment,
    message_key,
    open_message,
    open_with_key,
    pad,
    padded_length,
    seal_content,
)
from messaging.client.ownstate import merge
from messaging.client.sealing import CannotOpen, encrypt, seal
from messaging.client.state import Checked, Muted, Pin, Secret, State, Verified, read_state, write_state
from messaging.envelopes import Message, read_entry
from messaging.epochs import Epoch, secret_commit, wrap_hash
from messaging.marking import judge_marker, read_marker
from tests.vectors.making.case import Case, Cases, case, tagged
from tests.vectors.making.sealing import flipped
from tests.vectors.making.talk import AT, KNOWN, Talk, parts_of, signed
from tests.vectors.making.world import key_logs, world


def epoch_cases() -> Cases:
    anna, bruno, talk = world()["anna"], world()["bruno"], Talk("wraps")
    first = talk.made
    second = talk.renew()
    made: Cases = {}
    for number, prev in ((0, None), (1, bytes(32)), (7, b"\x01" * 32)):
        secret = SeededChance(f"commit {number}").draw(32)
        made[f"commit-{number}"] = case(
            "E8", "", "epoch.commit", {"number": number, "prev": prev, "secret": secret}, "accepted",
            commit=secret_commit(number, prev, secret),
        )  # fmt: skip

    def opened(rule: str, comment: str, statement: bytes, chain: bytes, seed: bytes, wrap: bytes) -> Case:
        given = {"epoch": statement, "chain": chain, "seed": seed, "wrap": wrap}
        epoch = read_entry(statement)
        assert isinstance(epoch, Epoch)
        row = epoch.row_of(chain)
        if row is None or row.wrap != wrap_hash(wrap):
            return case(rule, comment, "epoch.open", given, "unreadable", "foreign_wrap")
        try:
            secret = open_wrap(seed, epoch, row, wrap)
        except CannotOpen:
            return case(rule, comment, "epoch.open", given, "unreadable", "cannot_open")
        return case(rule, comment, "epoch.open", given, "opened", secret=secret)

    mine, wrap = bruno.seeds[1], second.wraps[bruno.chain]
    bad = _bad_wraps(talk, second.statement)
    return {
        **made,
        "open-first": opened("E9", "of epoch 0", first.statement, bruno.chain, mine, first.wraps[bruno.chain]),
        "open-next": opened("E9", "of a later epoch", second.statement, bruno.chain, mine, wrap),
        "open-maker": opened("E9", "the maker's own", second.statement, anna.chain, anna.seeds[3], second.wraps[anna.chain]),
        "open-other-row": opened("E17", "the other's wrap", second.statement, bruno.chain, mine, second.wraps[anna.chain]),
        "open-other-epoch": opened("E17", "of the epoch before", second.statement, bruno.chain, mine, first.wraps[bruno.chain]),
        "open-changed": opened("E17", "a changed byte", second.statement, bruno.chain, mine, flipped(wrap, -1)),
        "open-stranger": opened("E17", "no row of hers", second.statement, world()["chloe"].chain, mine, wrap),
        "open-other-seed": opened("E9", "with another person's key", second.statement, bruno.chain, anna.seeds[3], wrap),
        "open-old-seed": opened("E9", "with an earlier generation", second.statement, anna.chain, anna.seeds[2], second.wraps[anna.chain]),
        **{f"open-{name}": opened("E17", comment, statement, bruno.chain, mine, held) for name, (comment, statement, held) in bad.items()},
    }  # fmt: skip


def _bad_wraps(talk: Talk, statement: bytes) -> dict[str, tuple[str, bytes, bytes]]:
    """Stated and matching, and of no use: the maker's fault."""
    anna, bruno = world()["anna"], world()["bruno"]
    label, fields, _ = parts_of(statement)
    public = bruno.log().public
    assert public is not None

    def stated(sealed: bytes) -> tuple[bytes, bytes]:
        rows: list[Value] = []
        for row in array(fields["roster"]):
            assert isinstance(row, dict)
            mine = row["chain"] == bruno.chain
            rows.append({**row, "wrap": wrap_hash(sealed)} if mine else row)
        return signed(label, {**fields, "roster": rows}, anna.first), sealed

    commit = fields["secret_commit"]
    right: list[Value] = ["wrap", 1, anna.first.id, bruno.chain, 1, talk.conversation, 1, commit]

    def sealed_for(context: Value, secret: bytes) -> bytes:
        return seal(public, context, secret, talk.chance)

    return {
        "other-secret": ("opens to another secret than committed", *stated(sealed_for(right, bytes(32)))),
        "other-number": ("sealed for another epoch", *stated(sealed_for([*right[:6], 2, commit], talk.made.secret))),
        "other-maker": ("sealed in another device's name", *stated(sealed_for([*right[:2], bytes(32), *right[3:]], talk.made.secret))),
        "garbage": ("no sealed secret at all", *stated(bytes(1168))),
        "short": ("too short to be one", *stated(bytes(10))),
    }  # fmt: skip


def message_cases() -> Cases:
    talk = Talk("contents")
    lengths = [
        0,
        1,
        254,
        255,
        256,
        4094,
        4095,
        4096,
        4097,
        5000,
        8000,
        8191,
        9000,
        16383,
        16384,
        20000,
        32767,
    ]
    made = {
        "padding": case(
            "M4",
            "",
            "padding",
            {"lengths": lengths},
            "accepted",
            padded=[padded_length(n + 1) for n in lengths],
        )
    }
    secret = talk.made.secret
    for name, (rule, comment, kind, content) in _contents().items():
        made[f"open-{name}"] = opened(rule, comment, _sealed(talk, content), secret, kind)
    return {**made, **_making(talk), **_altered(talk), **_single(talk)}


def _contents() -> dict[str, tuple[str, str, str, bytes]]:
    """Rule, comment, kind of the conversation, content."""
    said: dict[str, Value] = {"kind": "text", "text": "Bonjour, à 14 h 🩺", "quote": None, "mentions": []}
    target, chains = b"\x05" * 32, [bytes([n]) * 32 for n in range(51)]
    edit: dict[str, Value] = {"kind": "edit", "target": target, "text": "Non, à 15 h", "mentions": []}
    react: dict[str, Value] = {"kind": "react", "target": target, "sign": "thanks"}
    title: dict[str, Value] = {"kind": "title", "title": "Équipe de nuit"}

    def text(
        rule: str,
        comment: str,
        drop: str = "",
        of: Mapping[str, Value] = said,
        kind: str = "direct",
        **but: Value,
    ) -> tuple[str, str, str, bytes]:
        return (
            rule,
            comment,
            kind,
            encode({name: held for name, held in {**of, **but}.items() if name != drop}),
        )

    def edits(comment: str, drop: str = "", **but: Value) -> tuple[str, str, str, bytes]:
        return text("M11", comment, drop, edit, **but)  # type: ignore[arg-type]

    def reacts(comment: str, drop: str = "", **but: Value) -> tuple[str, str, str, bytes]:
        return text("M12", comment, drop, react, **but)  # type: ignore[arg-type]

    def titles(comment: str, drop: str = "", kind: str = "team", **but: Value) -> tuple[str, str, str, bytes]:
        return text("M13", comment, drop, title, kind, **but)

    retract: dict[str, Value] = {"kind": "retract", "target": target}
    state = write_state(State())
    signs = {f"react-{sign}": reacts(f"the sign {sign}", sign=sign) for sign in SIGNS}
    return {
        **signs,
        "text": text("M6", "a text"),
        "text-team": text("M6", "in a team", kind="team"),
        "quote": text("M6", "a text that quotes", quote=target),
        "longest": text("M6", "8000 characters of four bytes", text="🩺" * 8000),
        "one-letter": text("M6", "the shortest", text="a"),
        "too-long": text("M6", "8001 characters", text="a" * 8001),
        "empty-text": text("M6", "no character", text=""),
        "quote-short": text("M6", "31 bytes", quote=bytes(31)),
        "extra": text("C7", "a field more", x=1),
        "without-quote": text("C7", "a field less", "quote"),
        "without-mentions": text("C7", "a field less", "mentions"),
        "mentions": text("M6", "two persons", mentions=chains[:2]),
        "mentions-50": text("M6", "fifty persons", mentions=chains[:50]),
        "mentions-51": text("M6", "one too many", mentions=chains),
        "mentions-twice": text("M6", "the same twice", mentions=[target, target]),
        "mentions-unsorted": text("M6", "not ascending", mentions=chains[1::-1]),
        "mentions-short": text("M6", "31 bytes", mentions=[bytes(31)]),
        "mentions-null": text("M6", "an array, though empty", mentions=None),
        "kind-unknown": ("M6", "a kind of a newer version", "team", encode({"kind": "photo", "hash": bytes(32)})),
        "kind-number": ("M6", "a kind that is no text", "team", encode({"kind": 1})),
        "no-kind": ("M6", "", "direct", encode({"text": "a"})),
        "array": ("M6", "no map", "direct", encode(["text", "a"])),
        "loose": ("M5", "opens and breaks the encoding", "direct", b"\xb8\x01\x64kind\x64text"),
        "nothing": ("M5", "opens to nothing", "direct", b""),
        "state": ("S1", "in one's own conversation", "self", state),
        "state-direct": ("M6", "nowhere else", "direct", state),
        "state-team": ("M6", "nowhere else", "team", state),
        "self-text": text("M6", "nothing but state there", kind="self"),
        "self-retract": text("M6", "nothing but state there", of=retract, kind="self"),
        "edit": edits("an edit"),
        "edit-team": edits("in a team", kind="team"),
        "edit-mentions": edits("that mentions", mentions=chains[:2]),
        "edit-empty": edits("no character", text=""),
        "edit-too-long": edits("8001 characters", text="a" * 8001),
        "edit-target-short": edits("31 bytes", target=bytes(31)),
        "edit-without-target": edits("of nothing", "target"),
        "edit-quote": edits("an edit keeps the quote of its text", quote=None),
        "edit-mentions-unsorted": edits("not ascending", mentions=chains[1::-1]),
        "retract": text("M11", "taken back", of=retract),
        "retract-team": text("M11", "in a team", of=retract, kind="team"),
        "retract-null": text("M11", "of nothing", of=retract, target=None),
        "retract-text": text("C7", "a field more", of=retract, text="a"),
        "react-back": reacts("taken back", sign=None),
        "react-unknown": reacts("no such sign", sign="angry"),
        "react-empty": reacts("no sign", sign=""),
        "react-number": reacts("a sign that is no text", sign=1),
        "react-without-sign": reacts("a field less", "sign"),
        "react-target-short": reacts("31 bytes", target=bytes(31)),
        "title": titles("a title"),
        "title-80": titles("80 characters", title="🩺" * 80),
        "title-81": titles("81 characters", title="a" * 81),
        "title-empty": titles("no character", title=""),
        "title-line": titles("a line break", title="a\nb"),
        "title-tab": titles("a tab", title="a\tb"),
        "title-delete": titles("the last of ASCII", title="a\x7f"),
        "title-c1": titles("a control character beyond ASCII", title="a\x85"),
        "title-space": titles("a space that does not break is none", title="a\xa0b"),
        "title-number": titles("no text", title=1),
        "title-extra": titles("a field more", text="a"),
        "title-direct": titles("of a team only", kind="direct"),
        "title-self": titles("of a team only", kind="self"),
    }  # fmt: skip


def opened(rule: str, comment: str, data: bytes, secret: bytes, kind: str = "direct") -> Case:
    given = {"object": data, "secret": secret, "conversation": kind}
    try:
        content = open_message(secret, _message(data))
        says = {} if _is_state(content, kind) else asdict(read_content(content, kind))
    except Unreadable as unreadable:
        return case(rule, comment, "message.open", given, "unreadable", unreadable.code)
    return case(rule, comment, "message.open", given, "opened", content=content, says=says)


def _is_state(content: bytes, kind: str) -> bool:
    return kind == "self" and read_state(content) is not None


def _message(data: bytes) -> Message:
    message = read_entry(data)
    assert isinstance(message, Message)
    return message


def _sealed(talk: Talk, content: bytes) -> bytes:
    return _envelope(talk, *_parts(talk, content))


def _parts(talk: Talk, content: bytes) -> tuple[bytes, bytes, bytes]:
    header = encode(header_fields(talk.place(), _anna().id))
    return header, *seal_content(talk.made.secret, header, content, talk.chance.draw(24))


def _envelope(talk: Talk, header: bytes, commit: bytes, body: bytes) -> bytes:
    return signed("message", {"header": header, "commit": commit, "body": body}, _anna())


def _anna() -> Device:
    return world()["anna"].first


def _making(talk: Talk) -> Cases:
    made: Cases = {}
    for number, size in enumerate((1, 300, 6000)):
        header = encode(header_fields(talk.place(), _anna().id))
        content, nonce = write_text("x" * size), talk.chance.draw(24)
        commit, body = seal_content(talk.made.secret, header, content, nonce)
        given = {
            "header": header, "secret": talk.made.secret, "content": content, "nonce": nonce,
            "sign_seed": _anna().sign_seed, "device": _anna().id,
        }  # fmt: skip
        made[f"make-{number}"] = case(
            "M3",
            "the same bytes",
            "message.make",
            given,
            "accepted",
            object=_envelope(talk, header, commit, body),
        )
    return made


def _altered(talk: Talk) -> Cases:
    content, secret = write_text("a"), talk.made.secret
    header, commit, body = _parts(talk, content)
    key = message_key(secret, header)
    nonce = body[:24]

    def padded(data: bytes) -> bytes:
        return _envelope(talk, header, commit, nonce + encrypt_for(key, nonce, header + commit, data))

    other = encode(header_fields(talk.place(), _anna().id))
    changed = {
        "commit": ("a changed commitment", _envelope(talk, header, flipped(commit, 0), body)),
        "other-commit": ("of another key", _envelope(talk, header, commitment(bytes(32)), body)),
        "nonce": ("a changed nonce", _envelope(talk, header, commit, flipped(body, 0))),
        "body": ("a changed byte", _envelope(talk, header, commit, flipped(body, 30))),
        "tag": ("a changed tag", _envelope(talk, header, commit, flipped(body, -1))),
        "other-header": ("moved under another header", _envelope(talk, other, commit, body)),
        "body-39": ("shorter than nonce and tag", _envelope(talk, header, commit, body[:39])),
        "body-40": ("nothing between nonce and tag", _envelope(talk, header, commit, body[:40])),
        "body-empty": ("", _envelope(talk, header, commit, b"")),
        "padding-none": ("no mark", padded(bytes(256))),
        "padding-empty": ("nothing at all", padded(b"")),
        "padding-more": ("a step too many", padded(pad(content) + bytes(256))),
        "padding-less": ("not to the step", padded(content + b"\x80")),
        "padding-odd": ("something after the mark", padded((content + b"\x80").ljust(255, b"\0") + b"\x01")),
        "padding-beyond": ("over 32 KiB", padded(bytes(32768) + b"\x80" + bytes(1023))),
    }
    made = {
        f"altered-{name}": opened("M5", comment, data, secret) for name, (comment, data) in changed.items()
    }
    made["altered-other-secret"] = opened(
        "M2", "with another epoch's secret", _envelope(talk, header, commit, body), bytes(32)
    )
    return made


def encrypt_for(key: bytes, nonce: bytes, bound: bytes, padded: bytes) -> bytes:
    return encrypt(H("seal", key), nonce, bound, padded)


def _single(talk: Talk) -> Cases:
    """One key opens one message and not its neighbour."""
    one, two = (_sealed(talk, write_text(text)) for text in ("un", "deux"))
    key = message_key(talk.made.secret, _message(one).header)
    made: Cases = {}
    for name, data in (("own", one), ("neighbour", two)):
        given = {"object": data, "key": key}
        try:
            content = open_with_key(key, _message(data))
            made[f"key-{name}"] = case("M10", "", "message.key", given, "opened", content=content)
        except Unreadable as unreadable:
            made[f"key-{name}"] = case("M10", "", "message.key", given, "unreadable", unreadable.code)
    return made


def marker_cases() -> Cases:
    anna, bruno, chloe, talk = world()["anna"], world()["bruno"], world()["chloe"], Talk("markers")
    for _ in range(3):
        talk.add(talk.message())
    at = [Position(n, hash) for n, hash in enumerate(talk.log.hashes)]
    own, paused = Talk("own markers", kind="self"), Talk("paused markers")
    crew = Talk("team markers", kind="team", heads={"anna": 6, "bruno": 3, "chloe": 3}, sealed=False)
    paused.add(paused.suspend("bruno"))
    rows = tuple(row if row.chain != bruno.chain else _paused(row) for row in paused.next_draft().rows)
    paused.renew(rows=rows, change=[["pause", bruno.chain]])
    three = (at[4], at[3], at[2])

    def marker(
        device: Device = bruno.first,
        chain: bytes = bruno.chain,
        counter: int = 5,
        reached: Any = three,
        of: bytes | None = None,
        said_at: int = AT,
    ) -> bytes:
        return make_marker(of or talk.conversation, chain, device, counter, reached, said_at)

    kept = marker()
    _, fields, _ = parts_of(kept)

    def judged(
        rule: str,
        comment: str,
        data: bytes,
        before: bytes | None = None,
        where: Talk = talk,
        known: Mapping[str, int] = KNOWN,
    ) -> Case:
        log = FollowedLog(where.conversation, key_logs(dict(known)))
        for entry in where.entries:
            log.apply(entry)
        if before is not None:
            held = read_marker(before)
            log.markers[held.device] = held
        verdict = judge_marker(data, log)
        given = {
            "conversation": where.conversation,
            "key_logs": dict(known),
            "entries": where.entries,
            "kept": before,
            "marker": data,
        }
        return case(rule, comment, "marker.judge", given, verdict.outcome, verdict.code)

    def form(comment: str, change: Mapping[str, Value], drop: str = "", rule: str = "R1") -> Case:
        given = {name: held for name, held in {**fields, **change}.items() if name != drop}
        return judged(rule, comment, signed("marker", given, bruno.first))

    made = {f"without-{name}": form(f"no {name}", {}, name, "C7") for name in sorted(fields)}
    made |= {f"odd-{name}": form(f"{name} of a wrong type", {name: [True]}) for name in sorted(fields)}
    far = Position(9, bytes(32))
    return {
        **made,
        "first": judged("R1", "the first of a device", kept),
        "nothing-read": judged("R1", "arrived and no more", marker(reached=(at[4], None, None))),
        "nothing": judged("R1", "nothing at all", marker(reached=(None, None, None))),
        "earlier-time": judged("R1", "its time is shown and never judged", marker(counter=6, said_at=0), kept),
        "later-time": judged("R1", "nor when it is far ahead", marker(said_at=253402300799)),
        "time-beyond": form("after the year 9999", {"at": 253402300800}, rule="C8"),
        "further": judged("R3", "goes on", marker(counter=6, reached=(at[4], at[4], at[4])), kept),
        "same-places": judged("R3", "counter grows, places stay", marker(counter=6), kept),
        "extra": form("a field more", {"note": None}, rule="C7"),
        "other-device-named": form("signed by another than it names", {"device": anna.first.id}),
        "order-read": judged("R1", "read more than could be", marker(reached=(at[4], at[2], at[3]))),
        "order-arrived": judged("R1", "read what did not arrive", marker(reached=(None, None, at[2]))),
        "place-zero": judged("R1", "places begin at 1", marker(reached=(at[4], at[0], None))),
        "conversation": judged("R3", "of another conversation", marker(of=bytes(32))),
        "self": judged("R4", "not used in self", make_marker(own.conversation, anna.chain, anna.first, 1, (None, None, None)), where=own),
        "stranger": judged("R3", "in no row", marker(chloe.first, chloe.chain)),
        "team": judged("R3", "of a member of a team", make_marker(crew.conversation, chloe.chain, chloe.first, 1, (crew.log.position, None, None), AT), where=crew),
        "team-stranger": judged("R3", "in no row of it", make_marker(crew.conversation, world()["dora"].chain, world()["dora"].first, 1, (None, None, None), AT), where=crew),
        "paused": judged("R3", "the row is paused", make_marker(paused.conversation, bruno.chain, bruno.first, 1, (None, None, None)), where=paused),
        "as-other": judged("R3", "anna's device in bruno's name", marker(anna.first)),
        "paper": judged("R3", "paper reads nothing", marker(bruno.paper)),
        "revoked": judged("R3", "revoked at the head named", marker(anna.devices["anna-2"], anna.chain)),
        "signature": judged("R3", "a changed byte", flipped(kept, -1)),
        "counter-same": judged("R3", "replayed", kept, kept),
        "counter-lower": judged("R3", "an older one", marker(counter=4), kept),
        "back": judged("R3", "a place goes back", marker(counter=6, reached=(at[4], at[3], at[1])), kept),
        "back-to-nothing": judged("R3", "a place goes back to nothing", marker(counter=6, reached=(at[4], None, None)), kept),
        "other-hash": judged("R3", "another log's hash", marker(reached=(Position(4, bytes(32)), at[3], at[2]))),
        "beyond": judged("R3", "kept aside until the log gets there", marker(reached=(far, at[3], at[2]))),
        "beyond-other-hash": judged("R3", "one beyond, one wrong", marker(reached=(far, Position(3, bytes(32)), None))),
        "unknown-log": judged("R3", "a key log is not here, so no epoch counts yet", kept, known={"anna": 6, "bruno": 0}),
        "too-long": judged("O6", "over 1 KiB", signed("marker", {**fields, "note": bytes(1024)}, bruno.first)),
        "label": judged("O3", "an object of another place", signed("message", fields, bruno.first)),
    }  # fmt: skip


def _paused(row: Any) -> Any:
    return replace(row, paused=True)


def state_cases() -> Cases:
    a, b = b"\x0a" * 32, b"\x0b" * 32
    person, other = b"\x01" * 16, b"\x02" * 16
    whole = State(
        (Pin(person, a, 3, b),),
        (Verified(a, True),),
        (Checked(b, 2, a, 9, b),),
        (Secret(b, 2, a),),
        (Muted(b, True),),
    )
    later = State(
        (Pin(person, a, 5, a),),
        (Verified(a, False),),
        (Checked(b, 3, b, 12, a),),
        (Secret(b, 3, b),),
        (Muted(b, False), Muted(a, True)),
    )
    back = State((Pin(person, a, 1, b),), (), (Checked(b, 1, a, 2, a),), ())
    forked = State((Pin(person, a, 5, b), Pin(other, b, 0, b)), (), (Checked(b, 3, b, 12, b),), ())
    moved = State((Pin(other, a, 5, a),), (), (), ())
    full = State(verified=tuple(Verified(bytes([n]) * 32, True) for n in range(200)))
    over = encode(
        {
            "kind": "state",
            "pins": [],
            "verified": [[bytes(32), True]] * 201,
            "checked": [],
            "secrets": [],
            "muted": [],
        }
    )
    good: dict[str, Value] = {
        "kind": "state",
        "pins": [],
        "verified": [],
        "checked": [],
        "secrets": [],
        "muted": [],
    }
    contents = {
        "whole": ("S1", "a row of each", write_state(whole)),
        "empty": ("S1", "no rows", write_state(State())),
        "full": ("S1", "200 rows", write_state(full)),
        "over": ("S1", "201 rows", over),
        "extra": ("C7", "a field more", encode({**good, "notes": []})),
        "without-secrets": (
            "C7",
            "a field less",
            encode({name: held for name, held in good.items() if name != "secrets"}),
        ),
        "kind": ("M6", "another kind", write_text("a")),
        "pin-short": ("S2", "a pin of three", encode({**good, "pins": [[person, a, 3]]})),
        "pin-person": ("S2", "15 bytes of person", encode({**good, "pins": [[person[1:], a, 3, b]]})),
        "verified-number": ("S2", "1 is no boolean", encode({**good, "verified": [[a, 1]]})),
        "checked-short": ("S2", "a row of four", encode({**good, "checked": [[b, 2, a, 9]]})),
        "secret-short": ("S2", "31 bytes", encode({**good, "secrets": [[b, 2, a[1:]]]})),
        "without-muted": (
            "C7",
            "a field less",
            encode({name: held for name, held in good.items() if name != "muted"}),
        ),
        "muted-number": ("S2", "1 is no boolean", encode({**good, "muted": [[a, 1]]})),
        "muted-short": ("S2", "31 bytes", encode({**good, "muted": [[a[1:], True]]})),
        "muted-over": ("S1", "201 rows", encode({**good, "muted": [[a, True]] * 201})),
        "rows-map": ("S1", "rows are an array", encode({**good, "pins": {}})),
    }
    merges = {
        "later-wins": ("later rows win", [whole, later]),
        "never-back": ("a pin or checked place never goes back", [later, back]),
        "same-again": ("the same row again is nothing", [later, later]),
        "forked": ("the first stays and the other is shown", [later, forked]),
        "moved": ("a chain pinned for one person, then for another", [later, moved]),
        "muted-on": ("the last mark wins here too", [later, State(muted=(Muted(b, True),))]),
        "verified-off": ("a mark can be taken back", [whole, later, State(verified=(Verified(a, True),))]),
    }
    return {
        **{f"read-{name}": _read_state(*row) for name, row in contents.items()},
        **{f"merge-{name}": _merged(*row) for name, row in merges.items()},
    }


def _read_state(rule: str, comment: str, content: bytes) -> Case:
    try:
        state = read_state(content)
    except Unreadable as unreadable:
        return case(rule, comment, "state.read", {"content": content}, "unreadable", unreadable.code)
    return case(rule, comment, "state.read", {"content": content}, "opened", state=_told(state))


def _merged(comment: str, states: list[State]) -> Case:
    merged = merge(states)
    given = {"contents": [write_state(state) for state in states]}
    return case(
        "S3", comment, "state.merge", given, "accepted", state=_told(merged.state), shown=merged.shown
    )


def _told(state: State) -> Any:
    rows: Mapping[str, Value] = {
        "pins": state.pins, "verified": state.verified, "checked": state.checked, "secrets": state.secrets,
        "muted": state.muted,
    }  # fmt: skip
    return {name: tagged(held) for name, held in rows.items()}
