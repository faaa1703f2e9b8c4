"""S: own state, read and merged."""

# one row, one vector

from collections.abc import Mapping
from typing import Any

from accounts.codec import Value, encode
from messaging.client.contents import write_text
from messaging.client.messages import (
    Unreadable,
)
from messaging.client.ownstate import Written, merge
from messaging.client.state import Checked, Muted, Pin, Secret, State, Verified, read_state, write_state
from tests.vectors.making.case import Case, Cases, case, tagged


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
    chain = State((Pin(person, b, 2, a),), (Verified(b, True),))
    raised = State((Pin(person, a, 4, b),))
    owner = State((Pin(other, a, 1, b),))
    told = {
        "chain-read": ("another chain by who had read the pin", _in_turn(whole, chain)),
        "chain-unread": ("E13: who had not read it, only met them", [_first(whole), Written(chain, 2, 0)]),
        "chain-raised": (
            "what counts is the row that first named the chain, not its newest head",
            [_first(whole), Written(raised, 2, 1), Written(chain, 3, 1)],
        ),
        "revoked-after": ("raises and replaces nothing", [_first(whole), Written(later, 2, 1, True)]),
        "revoked-other": ("nor shows anything", [_first(whole), Written(forked, 2, 1, True)]),
        "revoked-alone": ("fills gaps, and vouches for nobody", [Written(whole, 1, 0, True)]),
        "revoked-first": (
            "gives way, even to a lower head",
            [Written(later, 1, 0, True), Written(whole, 2, 0)],
        ),
        "revoked-chain": ("gives way to another chain", [Written(whole, 1, 0, True), Written(chain, 2, 0)]),
        "revoked-owner": (
            "gives way to whose chain it is",
            [Written(whole, 1, 0, True), Written(owner, 2, 0)],
        ),
    }
    return {
        **{f"read-{name}": _read_state(*row) for name, row in contents.items()},
        **{f"merge-{name}": _merged(comment, _in_turn(*row)) for name, (comment, row) in merges.items()},
        **{f"merge-{name}": _merged(*row) for name, row in told.items()},
    }


def _read_state(rule: str, comment: str, content: bytes) -> Case:
    try:
        state = read_state(content)
    except Unreadable as unreadable:
        return case(rule, comment, "state.read", {"content": content}, "unreadable", unreadable.code)
    return case(rule, comment, "state.read", {"content": content}, "opened", state=_told(state))


def _first(state: State) -> Written:
    return Written(state, 1, 0)


def _in_turn(*states: State) -> list[Written]:
    """Each by who has read all before."""
    return [Written(state, n + 1, n) for n, state in enumerate(states)]


def _merged(comment: str, messages: list[Written]) -> Case:
    merged = merge(messages)
    given = {
        "contents": [write_state(one.state) for one in messages],
        "seen": [one.seen for one in messages],
        "revoked": [one.is_revoked for one in messages],
    }
    return case(
        "S3", comment, "state.merge", given, "accepted", state=_told(merged.state), shown=merged.shown
    )


def _told(state: State) -> Any:
    rows: Mapping[str, Value] = {
        "pins": state.pins, "verified": state.verified, "checked": state.checked, "secrets": state.secrets,
        "muted": state.muted,
    }  # fmt: skip
    return {name: tagged(held) for name, held in rows.items()}
