"""E: which epochs a log accepts."""

# ruff: noqa: E501  # one row, one vector

from collections.abc import Mapping
from dataclasses import replace

from accounts.codec import Value, encode
from accounts.objects import object_hash
from accounts.shapes import Position
from messaging.client.entries import Draft, brought_up, row_of
from messaging.epochs import Row
from tests.vectors.making.case import Case, Cases
from tests.vectors.making.sealing import flipped
from tests.vectors.making.talk import AT, Talk, at, parts_of, signed
from tests.vectors.making.world import Person, world


def cases() -> Cases:
    return {**_epochs(), **_rosters(), **_epoch_forms(), **_suspensions()}


def alone(talk: Talk, entry: bytes) -> Case:
    empty = Talk("alone")
    empty.entries = []
    return empty.judged("L1", "entry 1 is epoch 0", entry, conversation=talk.conversation)


def _epochs() -> Cases:
    anna, bruno, chloe, dora = (world()[name] for name in ("anna", "bruno", "chloe", "dora"))
    talk, later = Talk("epochs"), Talk("early heads", heads={"anna": 4, "bruno": 3})
    second = Talk("second")
    second.renew()
    raised = tuple(
        brought_up(row, anna.log()) if row.chain == anna.chain else row for row in later.next_draft().rows
    )

    def epoch(rule: str, comment: str, maker: Person = anna, device: str = "", **change: object) -> Case:
        made = talk.draft_epoch(talk.next_draft(**change), maker.devices[device or f"{maker.name}-1"])
        return talk.judged(rule, comment, made.statement)

    def entry_1(rule: str, comment: str, draft: Draft, maker: Person = anna, own: bool = True) -> Case:
        made = talk.draft_epoch(draft, maker.first).statement
        alone = Talk("entry 1")
        alone.entries = []
        return alone.judged(rule, comment, made, conversation=object_hash(made) if own else None)

    founding = talk.founding()
    rows = {row.chain: row for row in founding.rows}
    return {
        "epoch-next": epoch("E2", "a day's new secret"),
        "epoch-next-by-other": epoch("E10", "any member makes it", bruno),
        "epoch-then-message": second.judged("L4", "and a message under it", second.message(bruno)),
        "epoch-new-heads": later.judged("E7", "takes up newer heads and generations", later.draft_epoch(later.next_draft(rows=raised)).statement),
        "epoch-own-head-raised": later.judged("E10", "the maker's device is judged at the head that its own roster names", later.draft_epoch(later.next_draft(rows=raised), anna.devices["anna-2"]).statement),
        "epoch-device-of-then": later.judged("L4", "a device revoked later made it, at the head named", later.draft_epoch(later.next_draft(), anna.devices["anna-2"]).statement),
        "epoch-conversation": epoch("L9", "of another conversation", conversation=bytes(32)),
        "epoch-number-same": second.judged("E15", "a second epoch of one number", talk_sibling(second)),
        "epoch-number-skipped": epoch("E2", "one is left out", number=2),
        "epoch-prev": epoch("E2", "follows another epoch", prev=bytes(32)),
        "epoch-founding-again": talk.judged("E1", "an epoch 0 in the middle", talk.draft_epoch(replace(founding, at=AT + 5)).statement),
        "epoch-founding-replayed": talk.judged("E1", "entry 1 again", talk.entries[0]),
        "epoch-founding-kind": epoch("E2", "becomes a team", founding=_founding(kind="team")),
        "epoch-founding-self": epoch("E2", "becomes one's own", founding=_founding(kind="self")),
        "epoch-founding-unknown": epoch("E1", "becomes what is not offered", founding=_founding(kind="patient")),
        "epoch-founding-organisation": epoch("E2", "moves to another organisation", founding=_founding(organisation=b"\x01" * 16)),
        "epoch-founding-patient": epoch("E1", "no patient in this version", founding=_founding(patient=bytes(16))),
        "epoch-stranger": epoch("E10", "made by one who is in no row", dora),
        "epoch-paper": epoch("E10", "paper makes no epoch", anna, "anna-paper"),
        "epoch-revoked": epoch("E10", "revoked at the head named", anna, "anna-2"),
        "epoch-added-oneself": epoch("E10", "a stranger with a row of her own", chloe, rows=_with(rows, row_of(chloe.log(), chloe.chain, AT + 1)), change=[["add", chloe.chain]]),
        "epoch-signature": talk.judged("L9", "a changed byte of the signature", flipped(talk.draft_epoch(talk.next_draft()).statement, -1)),
        "epoch-seen-below": epoch("E2", "saw less than the epoch before", seen=Position(0, talk.log.hashes[0])),
        "epoch-seen-own": epoch("E2", "saw itself", seen=Position(2, bytes(32))),
        "epoch-seen-other": epoch("E2", "saw another log", seen=Position(1, bytes(32))),
        "entry-1": entry_1("E1", "the hash of epoch 0 is the id", founding),
        "entry-1-other-id": entry_1("L9", "its hash is not the id", replace(founding, at=AT + 9), own=False),
        "entry-1-kind": entry_1("E1", "a kind that is not offered", replace(founding, founding={"kind": "patient", "organisation": bytes(16), "patient": None})),
        "entry-1-patient": entry_1("E1", "no patient in this version", replace(founding, founding={"kind": "direct", "organisation": bytes(16), "patient": bytes(16)})),
        "entry-1-organisation": entry_1("E1", "15 bytes", replace(founding, founding={"kind": "direct", "organisation": bytes(15), "patient": None})),
        "entry-1-conversation": entry_1("E1", "points at a conversation", replace(founding, conversation=bytes(32))),
        "entry-1-seen": entry_1("E1", "has seen something", replace(founding, seen=Position(0, bytes(32)))),
        "entry-1-number": entry_1("E1", "number is 0", replace(founding, number=1)),
        "entry-1-change": entry_1("E1", "changes nothing", replace(founding, change=[["add", bruno.chain]])),
        "entry-1-one-row": entry_1("E12", "alone", replace(founding, rows=(rows[anna.chain],))),
        "entry-1-three-rows": entry_1("E12", "two rows", replace(founding, rows=_with(rows, row_of(chloe.log(), anna.chain, AT)))),
        "entry-1-member": entry_1("E12", "both are coordinators", found(founding, bruno, role="member")),
        "entry-1-paused": entry_1("E12", "nobody is paused at first", found(founding, bruno, paused=True)),
        "entry-1-by": entry_1("E12", "added by the maker", found(founding, bruno, by=bruno.chain)),
        "entry-1-since": entry_1("E12", "since its own time", found(founding, bruno, since=AT - 1)),
        "entry-1-of-others": entry_1("E10", "founds a conversation of two others", founding, dora),
        "entry-1-uncounted": entry_1("K11", "a log without a key", found(founding, bruno, head=at(bruno.log(), 1), generation=0)),
        "entry-1-later": _later_first(talk),
    }  # fmt: skip


def _founding(**change: Value) -> Value:
    return {"kind": "direct", "organisation": bytes(16), "patient": None, **change}


def talk_sibling(talk: Talk) -> bytes:
    """Another epoch of the number that the log has already."""
    assert talk.log.last is not None
    first = parts_of(talk.entries[0])
    draft = talk.next_draft(number=1, prev=object_hash(talk.entries[0]))
    assert first[0] == "epoch"
    return talk.draft_epoch(draft).statement


def _later_first(talk: Talk) -> Case:
    later = Talk("later first")
    entry = later.draft_epoch(later.next_draft()).statement
    later.entries = []
    return later.judged("L9", "a later epoch as entry 1", entry)


def found(draft: Draft, person: Person, **change: object) -> Draft:
    rows = tuple(replace(row, **change) if row.chain == person.chain else row for row in draft.rows)  # type: ignore[arg-type]
    return replace(draft, rows=rows)


def _with(rows: Mapping[bytes, Row], *more: Row) -> tuple[Row, ...]:
    return tuple(sorted((*rows.values(), *more), key=lambda row: row.chain))


def _rosters() -> Cases:
    anna, bruno, chloe = (world()[name] for name in ("anna", "bruno", "chloe"))
    talk, replaced = Talk("rosters"), Talk("replaced")
    draft = talk.next_draft()
    rows = {row.chain: row for row in draft.rows}
    new = replace(
        rows[bruno.chain], chain=chloe.chain, head=chloe.log().head, generation=1, by=anna.chain, since=AT + 1
    )
    swap: Value = [["replace", bruno.chain, chloe.chain]]
    swapped = _with({anna.chain: rows[anna.chain]}, new)
    replaced.renew(rows=swapped, change=swap)

    def row(rule: str, comment: str, change: Value = (), **but: object) -> Case:
        made = talk.draft_epoch(replace(found(draft, bruno, **but), change=change))  # type: ignore[arg-type]
        return talk.judged(rule, comment, made.statement)

    def roster(
        rule: str, comment: str, given: tuple[Row, ...], change: Value = (), maker: Person = anna
    ) -> Case:
        made = talk.draft_epoch(replace(draft, rows=given, change=change), maker.first)  # type: ignore[arg-type]
        return talk.judged(rule, comment, made.statement)

    more = row_of(chloe.log(), anna.chain, AT + 1)
    return {
        "roster-kind": row("E4", "no such kind", kind="robot"),
        "roster-kind-changed": row("E6", "of a row that stays the kind stays", kind="other"),
        "roster-role": row("E4", "no such role", [["role", bruno.chain, "owner"]], role="owner"),
        "roster-role-changed": row("E12", "nobody changes role here", [["role", bruno.chain, "member"]], role="member"),
        "roster-role-unsaid": row("E6", "a role changes unsaid", role="member"),
        "roster-by": row("E6", "by stays", by=bruno.chain),
        "roster-since": row("E6", "since stays", since=AT - 1),
        "roster-until": row("E4", "no end date in this version", later=(AT + 99, True, None, [])),
        "roster-inside": row("E4", "inside is true", later=(None, False, None, [])),
        "roster-basis": row("E4", "no basis in this version", later=(None, True, ["care", bytes(32)], [])),
        "roster-sessions": row("E4", "no sessions in this version", later=(None, True, None, [[]])),
        "roster-sessions-null": row("E4", "an array, though empty", later=(None, True, None, None)),
        "roster-pause-unsuspended": row("E14", "nobody is paused without the server's entry", [["pause", bruno.chain]], paused=True),
        "roster-pause-unsaid": row("E6", "paused unsaid", paused=True),
        "roster-pause-said": row("E6", "said and not done", [["pause", bruno.chain]]),
        "roster-change-twice": row("E6", "said twice", [["pause", bruno.chain]] * 2, paused=True),
        "roster-change-odd": row("E6", "no such change", [["bless", bruno.chain]]),
        "roster-change-number": row("E6", "a change that is no array", [1]),
        "roster-generation": row("E7", "not the one at that head", generation=2),
        "roster-generation-zero": row("E7", "at least 1", generation=0),
        "roster-head-back": row("E7", "a head goes back", head=at(bruno.log(), 1), generation=0),
        "roster-head-unknown": row("E7", "a head that is not known yet", head=Position(9, bytes(32))),
        "roster-head-other": row("E7", "another statement at that place", head=Position(2, bytes(32))),
        "roster-empty": roster("E10", "nobody", ()),
        "roster-unsorted": roster("E5", "not ascending", draft.rows[::-1]),
        "roster-twice": roster("E5", "a row twice", (*draft.rows, draft.rows[-1])),
        "roster-add": roster("E12", "nobody is added", _with(rows, more), [["add", chloe.chain]]),
        "roster-add-unsaid": roster("E6", "added unsaid", _with(rows, more)),
        "roster-remove": roster("E12", "nobody is removed", (rows[anna.chain],), [["remove", bruno.chain]]),
        "roster-leave": roster("E10", "the maker leaves herself out", (rows[bruno.chain],), [["remove", anna.chain]]),
        "roster-replace": roster("E13", "by the other person", swapped, swap),
        "roster-replace-message": replaced.judged("E13", "the new chain writes", replaced.message(chloe)),
        "roster-replace-old-message": replaced.judged("E13", "the old one does not", replaced.message(bruno)),
        "roster-replace-own": roster("E13", "nobody replaces themselves", swapped, swap, chloe),
        "roster-replace-by-old": roster("E13", "the one who goes makes it", swapped, swap, bruno),
        "roster-replace-as-both": roster("E12", "said as one gone and one come", swapped, [["add", chloe.chain], ["remove", bruno.chain]]),
        "roster-replace-by": roster("E13", "by is the maker", _with({anna.chain: rows[anna.chain]}, replace(new, by=chloe.chain)), swap),
        "roster-replace-since": roster("E13", "since is now", _with({anna.chain: rows[anna.chain]}, replace(new, since=AT)), swap),
        "roster-replace-kind": roster("E13", "the kind stays", _with({anna.chain: rows[anna.chain]}, replace(new, kind="other")), swap),
        "roster-replace-swapped": roster("E6", "old and new swapped", swapped, [["replace", chloe.chain, bruno.chain]]),
    }  # fmt: skip


def _epoch_forms() -> Cases:
    anna, talk = world()["anna"], Talk("epoch forms")
    label, fields, _ = parts_of(talk.draft_epoch(talk.next_draft()).statement)
    rows = fields["roster"]
    assert isinstance(rows, list)
    first = rows[0]
    assert isinstance(first, dict)

    def form(comment: str, rule: str, given: Mapping[str, Value]) -> Case:
        return talk.judged(rule, comment, signed(label, given, anna.first))

    def with_row(change: Mapping[str, Value], drop: str = "") -> Mapping[str, Value]:
        row = {name: held for name, held in {**first, **change}.items() if name != drop}
        return {**fields, "roster": [row, *rows[1:]]}

    def without(name: str) -> Mapping[str, Value]:
        return {field: held for field, held in fields.items() if field != name}

    made = {f"epoch-without-{name}": form(f"no {name}", "C7", without(name)) for name in sorted(fields)}
    made |= {
        f"epoch-odd-{name}": form(f"{name} of a wrong type", "O3", {**fields, name: {"a": 1}})
        for name in sorted(fields)
    }
    made |= {f"row-without-{name}": form(f"no {name}", "C7", with_row({}, name)) for name in sorted(first)}
    made |= {
        f"row-odd-{name}": form(f"{name} of a wrong type", "O3", with_row({name: {"a": 1}}))
        for name in sorted(first)
    }
    made |= {
        "epoch-extra": form("a field more", "C7", {**fields, "note": None}),
        "row-extra": form("a field more", "C7", with_row({"note": None})),
        "row-wrap-null": form("a wrap is missing though not paused", "E4", with_row({"wrap": None})),
        "row-wrap-short": form("31 bytes", "E4", with_row({"wrap": bytes(31)})),
        "epoch-at-beyond": form("after the year 9999", "C8", {**fields, "at": 253402300800}),
        "epoch-retention": form("no retention in this version", "E3", {**fields, "retention": 30}),
        "epoch-later-without-seen": form("a later epoch has seen something", "E2", {**fields, "seen": None}),
        "epoch-later-without-prev": form("a later epoch follows one", "E2", {**fields, "prev": None}),
        "epoch-later-zero": form("a later epoch is not number 0", "E2", {**fields, "number": 0}),
    }  # fmt: skip
    return made


def _suspensions() -> Cases:
    anna, bruno = world()["anna"], world()["bruno"]
    talk, paused, resumed = Talk("suspended"), Talk("paused"), Talk("resumed")
    talk.add(talk.suspend("bruno"))
    for each in (paused, resumed):
        each.add(each.suspend("bruno"))
        each.renew(rows=_pausing(each, bruno, True), change=[["pause", bruno.chain]])
    resumed.renew(rows=_pausing(resumed, bruno, False), change=[["resume", bruno.chain]])
    pause: Value = [["pause", bruno.chain]]

    def epoch(
        of: Talk, rule: str, comment: str, rows: tuple[Row, ...], change: Value, maker: Person = anna
    ) -> Case:
        made = of.draft_epoch(of.next_draft(rows=rows, change=change), maker.first)
        return of.judged(rule, comment, made.statement)

    own = encode({"conversation": talk.conversation, "chain": anna.chain, "at": AT})
    fresh = Talk("fresh")
    odd = {
        "signed": (anna.first.signed_object("suspended", own), "signed"),
        "extra": (encode([1, "suspended", encode({"conversation": fresh.conversation, "chain": anna.chain, "at": AT, "by": None}), None, None]), "a field more"),
        "without-at": (encode([1, "suspended", encode({"conversation": fresh.conversation, "chain": anna.chain}), None, None]), "a field less"),
        "body": (encode([1, "suspended", None, None, None]), "no bytes"),
        "suite-2": (encode([2, "suspended", own, None, None]), "a newer suite"),
    }  # fmt: skip
    made = {f"suspended-{name}": fresh.judged("L2", comment, entry) for name, (entry, comment) in odd.items()}
    return {
        **made,
        "suspended": talk.judged("L2", "the server pauses one"),
        "suspended-again": talk.judged("L2", "suspended already", talk.suspend("bruno", AT + 1)),
        "suspended-other-too": talk.judged("L2", "the last one left", talk.suspend("anna")),
        "suspended-stranger": talk.judged("L2", "in no row", talk.suspend("chloe")),
        "suspended-paused": paused.judged("L2", "paused already", paused.suspend("bruno", AT + 1)),
        "suspended-last": paused.judged("L2", "the other row is paused", paused.suspend("anna")),
        "suspended-elsewhere": talk.judged("L9", "of another conversation", fresh.suspend("bruno")),
        "suspended-after-resume": resumed.judged("L2", "a second time", resumed.suspend("bruno", AT + 7)),
        "suspended-replayed": resumed.judged("L5", "the same entry again", resumed.suspend("bruno")),
        "suspended-message": talk.judged("L4", "only a paused row is no sender", talk.message(bruno)),
        "suspended-taken-up": epoch(talk, "E14", "the next epoch pauses", _pausing(talk, bruno, True), pause),
        "suspended-taken-up-by-self": epoch(talk, "E10", "by the one who is suspended", _pausing(talk, bruno, True), pause, bruno),
        "suspended-ignored": epoch(talk, "E14", "the next epoch does not pause", talk.next_draft().rows, []),
        "suspended-replaced": epoch(talk, "E14", "the roster does not keep the suspended one", *_replacing(talk, bruno)),
        "suspended-paused-unkept": epoch(talk, "E6", "says paused of one it does not keep", _replacing(talk, bruno)[0], [*pause, *_replacing(talk, bruno)[1]]),  # type: ignore[misc]
        "suspended-before-epoch": alone(fresh, fresh.suspend("bruno")),
        "suspended-other-paused": epoch(talk, "E14", "pauses another", _pausing(talk, anna, True), [["pause", anna.chain]], bruno),
        "paused-message": paused.judged("L4", "a paused row is no sender", paused.message(bruno)),
        "paused-epoch": epoch(paused, "E10", "a paused row makes no epoch", paused.next_draft().rows, [], bruno),
        "paused-resumes": epoch(paused, "E14", "nobody resumes themselves", _pausing(paused, bruno, False), [["resume", bruno.chain]], bruno),
        "paused-resumed": epoch(paused, "E14", "the other resumes", _pausing(paused, bruno, False), [["resume", bruno.chain]]),
        "paused-stays": epoch(paused, "E14", "an epoch in between", paused.next_draft().rows, []),
        "resumed-message": resumed.judged("L4", "writes again", resumed.message(bruno)),
    }  # fmt: skip


def _replacing(talk: Talk, person: Person) -> tuple[tuple[Row, ...], Value]:
    anna, chloe = world()["anna"], world()["chloe"]
    rows = {row.chain: row for row in talk.next_draft().rows}
    old = rows.pop(person.chain)
    new = replace(old, chain=chloe.chain, head=chloe.log().head, generation=1, by=anna.chain, since=AT + 1)
    return _with(rows, new), [["replace", person.chain, chloe.chain]]


def _pausing(talk: Talk, person: Person, paused: bool) -> tuple[Row, ...]:
    return found(talk.next_draft(), person, paused=paused).rows
