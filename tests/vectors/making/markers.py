"""R: markers, read and judged."""

# ruff: noqa: E501  # one row, one vector

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from accounts.codec import Value
from accounts.shapes import Position
from messaging.client.device import Device
from messaging.client.entries import make_marker
from messaging.client.following import FollowedLog
from messaging.marking import judge_marker, read_marker
from tests.vectors.making.case import Case, Cases, case
from tests.vectors.making.sealing import flipped
from tests.vectors.making.talk import AT, KNOWN, Talk, parts_of, signed
from tests.vectors.making.world import key_logs, world


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
