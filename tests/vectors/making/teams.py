"""E14, E19 to E21, L2, L11: what the log of a team accepts and refuses."""

# ruff: noqa: E501  # one row, one vector

from collections.abc import Mapping
from dataclasses import replace

from accounts.codec import Value, encode
from accounts.objects import H, object_hash
from accounts.shapes import Position
from messaging.client.entries import Draft, header_fields, in_order, row_of
from tests.vectors.making.case import Case, Cases
from tests.vectors.making.deeds import Deed, add, epoch, pause, remove, replacing, resume, role, said, turned
from tests.vectors.making.sealing import flipped
from tests.vectors.making.talk import AT, KNOWN, Talk, signed
from tests.vectors.making.world import Person, world

THREE = {"anna": 6, "bruno": 3, "chloe": 3}


def cases() -> Cases:
    return {
        **_foundings(),
        **_changes(),
        **_suspensions(),
        **_last_coordinators(),
        **_leaves(),
        **_after_leaves(),
        **_leave_forms(),
        **_leave_orders(),
    }


def team(name: str, heads: Mapping[str, int] | None = None, **roles: str) -> Talk:
    """Anna founds and coordinates; bruno is a professional member; chloe is a member of another profession."""
    return Talk(name, kind="team", heads=heads or THREE, roles=roles, kinds={"chloe": "other"}, sealed=False)


def _foundings() -> Cases:
    anna, bruno, chloe, dora = (world()[name] for name in ("anna", "bruno", "chloe", "dora"))
    founding = team("founding").founding()

    def entry_1(rule: str, comment: str, draft: Draft, maker: Person = anna) -> Case:
        made = talk.draft_epoch(draft, maker.first).statement
        alone = team("entry 1")
        alone.entries = []
        return alone.judged(rule, comment, made, conversation=object_hash(made))

    def row(comment: str, name: str, **but: object) -> Case:
        rows = [replace(row, **but) if row.chain == world()[name].chain else row for row in founding.rows]  # type: ignore[arg-type]
        return entry_1("E19", comment, replace(founding, rows=tuple(rows)))

    talk = team("foundings")
    alone = team("alone", {"anna": 6}).founding()
    return {
        "founded": entry_1("E19", "a coordinator and two members", founding),
        "founded-two-coordinators": row("two coordinators", "bruno", role="coordinator"),
        "founded-alone": entry_1("E19", "one row", alone),
        "founded-by-member": row("its maker is a member", "anna", role="member"),
        "founded-by-stranger": entry_1("E10", "its maker has no row", founding, dora),
        "founded-paused": row("nobody is paused at first", "chloe", paused=True),
        "founded-by-another": row("added by the maker", "chloe", by=bruno.chain),
        "founded-since": row("since its own time", "chloe", since=AT - 1),
        "founded-kind": row("no such kind of person", "chloe", kind="robot"),
        "founded-change": entry_1("E1", "changes nothing", replace(founding, change=[["add", chloe.chain]])),
        "founded-patient": entry_1("E1", "no patient in this version", replace(founding, founding={"kind": "team", "organisation": bytes(16), "patient": bytes(16)})),
        "founded-200": entry_1("E5", "200 rows: refused for nothing before the key logs", _crowd(alone, 200)),
        "founded-201": entry_1("E5", "201 rows", _crowd(alone, 201)),
    }  # fmt: skip


def _crowd(alone: Draft, size: int) -> Draft:
    """Strangers whose chains stand behind the maker's, so that she is found first."""
    [own] = alone.rows
    chains = sorted(H("stranger", i) for i in range(20 * size))
    behind = [chain for chain in chains if chain > own.chain][: size - 1]
    rows = [replace(own, chain=chain, role="member") for chain in behind]
    return replace(alone, rows=in_order([own, *rows]))


def _changes() -> Cases:
    anna, bruno = world()["anna"], world()["bruno"]
    talk, both = team("changes"), team("both", bruno="coordinator")
    dora = row_of(world()["dora"].log(), anna.chain, AT + 1, role="member")

    def no(
        comment: str, *deeds: Deed, rule: str = "E20", by: Person = anna, of: Talk = talk, **but: object
    ) -> Case:
        return of.judged(rule, comment, epoch(of, by, *deeds, **but))

    return {
        "renewed": no("nothing but a new secret"),
        "renewed-by-member": no("which any member makes", by=bruno, rule="E10"),
        "added": no("by a coordinator", add("dora")),
        "added-coordinator": no("as a coordinator", add("dora", "coordinator")),
        "added-other": no("of another profession", add("dora", kind="other")),
        "added-by-member": no("by a member", add("dora"), by=bruno),
        "added-by-second": no("by another coordinator", add("dora"), by=bruno, of=both),
        "added-by-both": no("the row names another who added it", add("dora", by=bruno.chain)),
        "added-since": no("since another time", add("dora", since=AT)),
        "added-paused": no("paused at once", add("dora", paused=True)),
        "added-unsaid": no("added unsaid", add("dora"), rule="E6", change=[]),
        "added-said-only": no("said and not done", said("add", dora.chain), rule="E6"),
        "added-said-present": no("said of one who is there", said("add", bruno.chain), rule="E6"),
        "added-stranger": talk.judged("E7", "her key log is not known", epoch(talk, anna, add("dora")), known={**KNOWN, "dora": 0}),
        "added-uncounted": no("a log without a key", add("dora", head=Position(1, world()["dora"].log().hashes[1]), generation=0), rule="K11"),
        "removed": no("by a coordinator", remove("bruno")),
        "removed-by-member": no("by a member", remove("chloe"), by=bruno),
        "removed-coordinator": no("one coordinator another", remove("anna"), by=bruno, of=both),
        "removed-oneself": no("who wants to go leaves", remove("anna"), rule="E10"),
        "removed-oneself-second": no("with another coordinator too", remove("anna"), rule="E10", of=both),
        "removed-unsaid": no("removed unsaid", remove("bruno"), rule="E6", change=[]),
        "removed-said-only": no("said and not done", said("remove", bruno.chain), rule="E6"),
        "removed-and-added": no("one goes, one comes", remove("bruno"), add("dora")),
        "replaced": no("said as a replacement", replacing("bruno", "dora")),
        "role-up": no("a member becomes coordinator", role("bruno", "coordinator")),
        "role-up-by-oneself": no("of one's own accord", role("bruno", "coordinator"), by=bruno),
        "role-up-by-member": no("by a member", role("chloe", "coordinator"), by=bruno),
        "role-up-other": no("whatever the profession", role("chloe", "coordinator")),
        "role-down": no("a coordinator becomes a member", role("bruno", "member"), of=both),
        "role-down-oneself": no("steps down beside another", role("anna", "member"), rule="E21", of=both),
        "role-unsaid": no("unsaid", turned("bruno", role="coordinator"), rule="E6"),
        "role-same": no("said of one who is that already", said("role", bruno.chain, "member"), rule="E6"),
        "role-odd": no("no such role", role("bruno", "owner"), rule="E4"),
        "kind-changed": no("the kind of a row stays", turned("bruno", kind="other"), rule="E6"),
        "three-changes": no("several at once", add("dora"), remove("chloe"), role("bruno", "coordinator")),
        "changes-unsorted": no("not ascending", add("dora"), remove("bruno"), rule="E6", change=[["remove", bruno.chain], ["add", dora.chain]]),
        "change-twice": no("said twice", remove("bruno"), rule="E6", change=[["remove", bruno.chain]] * 2),
        "paused-unasked": no("nobody is paused without the server's entry", pause("bruno"), rule="E14"),
        "kind-of-team-changed": no("becomes a direct conversation", rule="E2", founding={"kind": "direct", "organisation": bytes(16), "patient": None}),
    }  # fmt: skip


def _suspensions() -> Cases:
    anna, bruno, chloe = (world()[name] for name in ("anna", "bruno", "chloe"))
    talk, paused, left = team("suspended"), team("paused"), team("left beside", {"anna": 6, "bruno": 3})
    for each in (talk, paused):
        each.add(each.suspend("bruno"))
    paused.add(epoch(paused, anna, pause("bruno")))
    left.add(left.leave(bruno))

    def no(comment: str, *deeds: Deed, rule: str = "E14", by: Person = anna, of: Talk = talk) -> Case:
        return of.judged(rule, comment, epoch(of, by, *deeds))

    return {
        "suspended": talk.judged("L2", "the server pauses one"),
        "suspended-again": talk.judged("L2", "suspended already", talk.suspend("bruno", AT + 1)),
        "suspended-two": talk.judged("L2", "and another", talk.suspend("anna")),
        "suspended-all": talk.judged("L2", "not the last", talk.suspend("anna"), talk.suspend("chloe")),
        "suspended-left": left.judged("L2", "gone already", left.suspend("bruno")),
        "suspended-beside-left": left.judged("L2", "the other is gone", left.suspend("anna")),
        "suspended-paused": paused.judged("L2", "paused already", paused.suspend("bruno", AT + 1)),
        "pauses": no("the next epoch pauses", pause("bruno")),
        "pauses-by-member": no("made by a member", pause("bruno"), by=chloe),
        "pauses-by-the-suspended": no("made by the one who is suspended", pause("bruno"), by=bruno, rule="E10"),
        "pauses-not": no("does not pause"),
        "pauses-another": no("pauses another", pause("chloe")),
        "pauses-both": no("pauses another too", pause("bruno"), pause("chloe")),
        "removes-instead": no("removes whom it need not pause then", remove("bruno")),
        "removes-instead-by-member": no("which no member may", remove("bruno"), by=chloe),
        "pauses-and-adds": no("pauses and adds", pause("bruno"), add("dora")),
        "pauses-and-adds-by-member": no("which no member may", pause("bruno"), add("dora"), by=chloe, rule="E20"),
        "resumes": no("by a coordinator", resume("bruno"), of=paused),
        "resumes-by-member": no("by a member", resume("bruno"), by=chloe, of=paused),
        "resumes-oneself": no("by the paused one", resume("bruno"), by=bruno, of=paused, rule="E10"),
        "resumes-unsaid": no("unsaid", turned("bruno", paused=False), of=paused, rule="E6"),
        "paused-stays": no("an epoch in between, by a member", by=chloe, of=paused),
        "paused-removed": no("the paused one is removed", remove("bruno"), of=paused, rule="E20"),
        "paused-message": paused.judged("L4", "a paused row is no sender", paused.message(bruno)),
        "paused-rises": no("and may be given a role", role("bruno", "coordinator"), of=paused, rule="E20"),
    }  # fmt: skip


def _last_coordinators() -> Cases:
    anna, bruno, chloe = (world()[name] for name in ("anna", "bruno", "chloe"))
    talk, out, gone, two = team("one"), team("out"), team("gone"), team("two", bruno="coordinator")
    out.add(out.suspend("anna"))
    gone.add(gone.leave(anna))
    two.add(two.suspend("bruno"))
    paused = team("all paused")
    paused.add(paused.suspend("anna"))
    paused.add(epoch(paused, chloe, pause("anna")))
    none = team("none left")
    none.add(none.leave(anna))
    none.add(epoch(none, chloe, remove("anna")))
    rise = role("bruno", "coordinator")

    def no(comment: str, of: Talk, by: Person, *deeds: Deed, rule: str = "E21") -> Case:
        return of.judged(rule, comment, epoch(of, by, *deeds))

    return {
        "last-steps-down": no("the last coordinator", talk, anna, role("anna", "member")),
        "last-hands-over": no("names another in the same epoch", talk, anna, role("anna", "member"), rise),
        "last-hands-over-to-new": no("or one who comes", talk, anna, role("anna", "member"), add("dora", "coordinator")),
        "last-beside-paused": no("the other one is paused in it", two, anna, pause("bruno"), role("anna", "member")),
        "rises-suspended": no("the only coordinator is suspended", out, bruno, pause("anna"), rise),
        "rises-suspended-other": no("but not one of another profession", out, chloe, pause("anna"), role("chloe", "coordinator")),
        "rises-another": no("but not another", out, chloe, pause("anna"), rise),
        "rises-and-adds": no("and nothing else with it", out, bruno, pause("anna"), rise, add("dora")),
        "rises-and-removes": no("nor that", out, bruno, rise, remove("anna")),
        "rises-two": no("nor for another", out, bruno, pause("anna"), rise, role("chloe", "coordinator")),
        "rises-paused": no("the only coordinator is paused", paused, bruno, rise),
        "rises-and-resumes": no("who is not resumed with it", paused, bruno, rise, resume("anna")),
        "rises-left": no("the only coordinator left", gone, bruno, remove("anna"), rise),
        "rises-none": no("there is none any more", none, bruno, rise),
        "rises-beside-one": no("another coordinator can act", two, chloe, pause("bruno"), role("chloe", "coordinator")),
        "rises-beside-able": no("nobody is out", talk, bruno, rise),
        "member-removes-left": no("removes who left, and no more", gone, chloe, remove("anna"), rule="E20"),
        "none-renewed": no("a team without coordinator goes on", none, chloe),
        "none-adds": no("and adds nobody", none, bruno, add("dora"), rule="E20"),
    }  # fmt: skip


def _leaves() -> Cases:
    anna, bruno, dora = (world()[name] for name in ("anna", "bruno", "dora"))
    talk, two, alone = (
        team("leaves"),
        team("leaves two", {"anna": 6, "bruno": 3}),
        team("leaves alone", {"anna": 6}),
    )
    direct, own = Talk("leaves direct", sealed=False), Talk("leaves self", kind="self", sealed=False)
    paused, renewed = team("leaves paused"), team("leaves renewed")
    out = team("leaves suspended", {"anna": 6, "bruno": 3})
    stale = renewed.leave(bruno)
    renewed.add(epoch(renewed, anna))
    paused.add(paused.suspend("bruno"))
    paused.add(epoch(paused, anna, pause("bruno")))
    out.add(out.suspend("bruno"))
    two.add(two.leave(bruno))
    first = talk.message(bruno, client_id=bytes(16))
    talk.add(first)
    forked = Position(1, bytes(32))

    def no(rule: str, comment: str, entry: bytes, of: Talk = talk) -> Case:
        return of.judged(rule, comment, entry)

    return {
        "leave": no("L11", "a member goes", talk.leave(bruno)),
        "leave-coordinator": no("L11", "the last coordinator too", talk.leave(anna)),
        "leave-alone": no("L11", "the only row of a team", alone.leave(anna), alone),
        "leave-suspended": no("L11", "before the next epoch pauses", out.leave(bruno), out),
        "leave-direct": no("L11", "nobody leaves a direct conversation", direct.leave(bruno), direct),
        "leave-self": no("L11", "nor one's own", own.leave(anna), own),
        "leave-all-left": no("L11", "all other rows are gone", two.leave(anna), two),
        "leave-all-suspended": no("L11", "all other rows are suspended", out.leave(anna), out),
        "leave-paused": no("L4", "a paused row is no sender", paused.leave(bruno), paused),
        "leave-past-epoch": no("L4", "under the epoch before", stale, renewed),
        "leave-other-epoch": no("L6", "right number, other epoch", talk.leave(bruno, epoch_hash=bytes(32))),
        "leave-conversation": no("L9", "of another conversation", talk.leave(bruno, conversation=bytes(32))),
        "leave-stranger": no("L4", "in no row", talk.leave(dora)),
        "leave-as-other": no("L9", "anna's device in bruno's name", talk.leave(bruno, anna.first)),
        "leave-paper": no("K10", "paper leaves nothing", talk.leave(bruno, bruno.paper)),
        "leave-revoked": no("L4", "revoked at the head named", talk.leave(anna, anna.devices["anna-2"])),
        "leave-signature": no("L9", "a changed byte of the signature", flipped(talk.leave(bruno), -1)),
        "leave-seen-below": no("L6", "saw less than the epoch", talk.leave(bruno, seen=Position(0, talk.log.hashes[0]))),
        "leave-seen-other": no("L6", "saw another log", talk.leave(bruno, seen=forked)),
        "leave-seen-own": no("L6", "saw itself", talk.leave(bruno, seen=Position(3, bytes(32)))),
        "leave-duplicate": no("L5", "the client id of an earlier message", talk.leave(bruno, client_id=bytes(16))),
        "leave-replayed": _left_twice(),
    }  # fmt: skip


def _left_twice() -> Case:
    """Refused for a duplicate; then the same bytes again."""
    talk, bruno = team("left twice"), world()["bruno"]
    talk.add(talk.message(bruno, client_id=bytes(16)))
    again = talk.leave(bruno, client_id=bytes(16))
    return talk.judged("L5", "the same bytes, whatever their verdict was", again, again)


def _after_leaves() -> Cases:
    anna, bruno, chloe = (world()[name] for name in ("anna", "bruno", "chloe"))
    talk, back = team("after leave"), team("back again")
    talk.add(talk.leave(bruno))
    left = back.leave(bruno, client_id=bytes(16))
    back.add(left)
    back.add(epoch(back, anna, remove("bruno")))
    back.add(epoch(back, anna, add("bruno")))

    def no(rule: str, comment: str, entry: bytes, of: Talk = talk) -> Case:
        return of.judged(rule, comment, entry)

    def made(comment: str, *deeds: Deed, rule: str = "E20", by: Person = anna) -> Case:
        return talk.judged(rule, comment, epoch(talk, by, *deeds))

    return {
        "left-message": no("L4", "who left is no sender", talk.message(bruno)),
        "left-leave": no("L4", "leaves once", talk.leave(bruno)),
        "left-message-other": no("L4", "the others may, to the log", talk.message(chloe)),
        "left-leave-other": no("L11", "another leaves too", talk.leave(chloe)),
        "left-epoch": made("who left makes no epoch", by=bruno, rule="E10"),
        "left-removes-oneself": made("nor the one that removes them", remove("bruno"), by=bruno, rule="E10"),
        "left-removed": made("the next epoch removes", remove("bruno")),
        "left-removed-by-member": made("made by a member", remove("bruno"), by=chloe),
        "left-kept": made("the next epoch keeps the row"),
        "left-added-at-once": made("added again in the same epoch", turned("bruno", since=AT + 1), rule="E6"),
        "left-removed-too": made("and another with it", remove("bruno"), remove("chloe")),
        "left-removed-too-by-member": made("which no member may", remove("bruno"), remove("anna"), by=chloe),
        "back": back.judged("E20", "added anew in a later epoch"),
        "back-message": no("L4", "and writes", back.message(bruno), back),
        "back-client-id": no("L5", "only messages take client ids", back.message(bruno, client_id=bytes(16)), back),
        "back-leave-replayed": no("L4", "the old leave is of an epoch before", left, back),
    }  # fmt: skip


def _leave_forms() -> Cases:
    bruno, talk = world()["bruno"], team("leave forms")
    good = header_fields(talk.place(bruno), bruno.first.id)

    def form(rule: str, comment: str, fields: Mapping[str, Value]) -> Case:
        return talk.judged(rule, comment, signed("leave", fields, bruno.first))

    def header(rule: str, comment: str, change: Mapping[str, Value], drop: str = "") -> Case:
        fields = {name: held for name, held in {**good, **change}.items() if name != drop}
        return form(rule, comment, {"header": encode(fields)})

    made = {f"leave-without-{name}": header("C7", f"no {name}", {}, name) for name in sorted(good)}
    made |= {
        f"leave-odd-{name}": header("M1", f"{name} of a wrong type", {name: [True]}) for name in sorted(good)
    }
    whole = {"header": encode(good)}
    return {
        **made,
        "leave-extra": form("C7", "a field more", {**whole, "note": None}),
        "leave-as-message": form("L11", "has what a message has", {**whole, "commit": bytes(32), "body": bytes(40)}),
        "leave-without-header": form("C7", "no header", {}),
        "leave-header-map": form("L11", "the header not as bytes", {"header": good}),
        "leave-header-extra": header("C7", "a field more in the header", {"note": None}),
        "leave-class": header("M1", "no class in this version", {"class": "urgent"}),
        "leave-device": header("M1", "another device than the signer", {"device": world()["anna"].first.id}),
        "leave-device-seq-0": header("M1", "counts from 1", {"device_seq": 0}),
        "leave-too-long": form("O6", "over 2 KiB", {**whole, "note": bytes(2048)}),
        "leave-labelled-message": talk.judged("O3", "a leave labelled message", signed("message", whole, bruno.first)),
        "leave-labelled-epoch": talk.judged("O3", "a leave labelled epoch", signed("epoch", whole, bruno.first)),
        "leave-body": talk.judged("O1", "no bytes", encode([1, "leave", None, bruno.first.id, bytes(64)])),
        "leave-suite-2": talk.judged("B1", "a newer suite", encode([2, "leave", encode(whole), bruno.first.id, bytes(64)])),
    }  # fmt: skip


def _leave_orders() -> Cases:
    """Two things wrong: the earlier check gives the code (L9, L11)."""
    anna, bruno, dora = world()["anna"], world()["bruno"], world()["dora"]
    direct = Talk("leave orders", sealed=False)
    direct.add(direct.message(bruno, client_id=bytes(16)))
    pairs = {
        "shape-conversation": signed("leave", {"header": encode({**header_fields(direct.place(bruno, conversation=bytes(32)), bruno.first.id), "class": "x"})}, bruno.first),
        "conversation-kind": direct.leave(bruno, conversation=bytes(32)),
        "epoch-kind": direct.leave(bruno, epoch=9),
        "member-kind": direct.leave(dora),
        "device-kind": direct.leave(bruno, anna.first),
        "signature-kind": flipped(direct.leave(bruno), -1),
        "seen-kind": direct.leave(bruno, seen=Position(9, bytes(32))),
        "duplicate-kind": direct.leave(bruno, client_id=bytes(16)),
    }  # fmt: skip
    return {f"leave-order-{name}": direct.judged("L11", name, entry) for name, entry in pairs.items()}
