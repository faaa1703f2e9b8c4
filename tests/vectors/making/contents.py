"""M: messages and what is in them."""

# ruff: noqa: E501  # one row, one vector

from collections.abc import Mapping
from dataclasses import asdict

from accounts.codec import Value, encode
from accounts.objects import H
from messaging.client.contents import SIGNS, read_content, write_text
from messaging.client.device import Device
from messaging.client.entries import header_fields
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
from messaging.client.sealing import encrypt
from messaging.client.state import State, read_state, write_state
from messaging.envelopes import Message, read_entry
from tests.vectors.making.case import Case, Cases, case
from tests.vectors.making.sealing import flipped
from tests.vectors.making.talk import Talk, signed
from tests.vectors.making.world import world


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
