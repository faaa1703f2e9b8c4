"""L12 to L14: what a reader judges who was added later, or comes back: a view with an anchor and stubs."""

# ruff: noqa: E501  # one row, one vector

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from accounts.codec import Value
from accounts.objects import object_hash
from accounts.shapes import Position
from messaging.client.following import FollowedLog, RemovedByHost
from messaging.facts import Noted
from tests.vectors.making.case import Case, Cases, case
from tests.vectors.making.deeds import (
    Deed,
    add,
    at_head,
    draft,
    epoch,
    pause,
    remove,
    replacing,
    role,
    said,
    turned,
)
from tests.vectors.making.sealing import flipped
from tests.vectors.making.talk import AT, KNOWN, Talk, parts_of, signed
from tests.vectors.making.teams import team
from tests.vectors.making.world import Person, key_logs, world

Item = bytes | tuple[bytes]  # an entry, or its hash alone


def cases() -> Cases:
    return {**_newcomers(), **_refusals(), **_joining_forms(), **_directs(), **_returns(), **_stubs()}


@dataclass(frozen=True)
class View:
    """What a reader had before what is tested."""

    talk: Talk
    reader: Person
    anchor: Position | None
    items: tuple[Item, ...] = ()
    noted: Noted | None = None

    @property
    def start(self) -> int:
        return self.anchor.n if self.anchor else 0

    def judged(self, rule: str, comment: str, *more: Item, known: Mapping[str, int] = KNOWN) -> Case:
        log = FollowedLog(
            self.talk.conversation, key_logs(dict(known)), self.reader.chain, self.anchor, self.noted
        )
        items = [*self.items, *more]
        told = [_taken(log, item) for item in items]
        given = {
            "conversation": self.talk.conversation,
            "key_logs": dict(known),
            "reader": {
                "chain": self.reader.chain,
                "anchor": self.anchor,
                "noted": _written_noted(self.noted),
            },
            "entries": [_written(item) for item in items],
        }
        expect, code = told[-1]
        return case(
            rule, comment, "log.follow", given, expect, code,
            verdicts=told, hash=log.hashes[-1],
        )  # fmt: skip


def _written_noted(noted: Noted | None) -> Any:
    return None if noted is None else {"number": noted.number, "seq": noted.seq}


def _taken(log: FollowedLog, item: Item) -> tuple[str, str | None]:
    if isinstance(item, bytes):
        verdict = log.apply(item)
        return verdict.outcome, verdict.code
    try:
        log.apply_stub(*item)
    except RemovedByHost:
        return "refused", "removed_by_host"
    return "accepted", None


def _written(item: Item) -> Any:
    return {"entry": item} if isinstance(item, bytes) else {"stub": item[0]}


def stub(entry: bytes) -> tuple[bytes]:
    return (object_hash(entry),)


def _begun(name: str) -> tuple[Talk, View]:
    """A team that has talked, and dora, who is added after what anna has seen."""
    talk = team(name)
    for _ in range(2):
        talk.add(talk.message())
    return talk, View(talk, world()["dora"], talk.log.position)


def _newcomers() -> Cases:
    anna, bruno, dora = (world()[name] for name in ("anna", "bruno", "dora"))
    talk, view = _begun("newcomers")
    joins, by_member = epoch(talk, anna, add("dora")), epoch(talk, bruno, add("dora"))
    with_others = epoch(talk, anna, add("dora"), remove("chloe"), role("bruno", "coordinator"))
    unlikely = epoch(talk, anna, add("dora"), said("resume", bytes(32)))
    behind = talk.message(bruno)
    late, later = _begun("late")
    seen = late.log.position
    for _ in range(2):
        late.add(late.message(bruno))
    joins_late = epoch(late, anna, add("dora"), seen=seen)
    stubs = tuple(stub(entry) for entry in late.entries[-2:])
    talk.add(joins)
    after = [talk.message(), talk.message(dora)]
    here = replace(view, items=(joins,))
    before = view.start

    def noted(number: int, seq: int, comment: str) -> Case:
        return replace(view, noted=Noted(number, seq)).judged("L14", comment, joins)

    return {
        "joins": view.judged("L14", "the entry after the anchor adds the reader", joins),
        "joins-behind-stubs": later.judged("L14", "entries stand between what its maker saw and it", *stubs, joins_late),
        "joins-then-message": here.judged("L14", "and a message under it", after[0]),
        "joins-then-own": here.judged("L14", "and the reader's own", after[1]),
        "joins-then-old": here.judged("L14", "not one under the epoch before", behind),
        "joins-then-renewed": here.judged("L14", "every later epoch is judged by all rules", epoch(talk, bruno)),
        "joins-then-not-allowed": here.judged("E20", "also to the reader", epoch(talk, dora, remove("bruno"))),
        "joins-then-again": here.judged("L14", "the same epoch is no next one", joins),
        "joins-noted": noted(0, before, "above what own state names"),
        "joins-not-above-noted": noted(1, before, "after the place checked, not above what own state names"),
        "joins-below-noted": noted(7, before, "after the place checked, below what own state names"),
        "joins-at-noted": noted(1, before + 1, "own state has checked this very epoch"),
        "joins-before-noted": noted(7, before + 20, "own state has checked places after it"),
        "joins-by-member": view.judged("L14", "its signer vouches", by_member),
        "joins-with-others": view.judged("L14", "with whatever else it changes", with_others),
        "joins-unlikely": view.judged("L14", "what its change says of others cannot be known", unlikely),
    }  # fmt: skip


def _refusals() -> Cases:
    """What is no joining epoch, or is one that is not to be believed."""
    anna, bruno, chloe, dora = (world()[name] for name in ("anna", "bruno", "chloe", "dora"))
    talk, view = _begun("refusals")
    anchor = talk.log.position
    founded = talk.founding()

    def no(rule: str, comment: str, entry: bytes, of: View = view, known: Mapping[str, int] = KNOWN) -> Case:
        return of.judged(rule, comment, entry, known=known)

    def made(
        rule: str, comment: str, *deeds: Deed, by: Person = anna, device: str = "", **but: object
    ) -> Case:
        drafted = draft(talk, by, add("dora"), *deeds, **but)
        return no(rule, comment, talk.draft_epoch(drafted, by.devices[device or f"{by.name}-1"]).statement)

    good = epoch(talk, anna, add("dora"))
    below = Position(1, talk.log.hashes[1])
    return {
        "before-message": no("L12", "a message before any epoch", talk.message()),
        "before-suspended": no("L12", "a suspended before any epoch", talk.suspend("bruno")),
        "before-leave": no("L12", "a leave before any epoch", talk.leave(bruno)),
        "before-epoch": no("L14", "an epoch that does not add the reader", epoch(talk, anna)),
        "before-epoch-0": no("L14", "epoch 0", talk.entries[0]),
        "before-added-another": no("L14", "one that removes another", epoch(talk, anna, remove("bruno"))),
        "before-unsaid": made("L14", "a row of the reader that nothing speaks of", change=[]),
        "before-added-odd": made("L14", "said with a word too many", change=[["add", dora.chain, "member"]]),
        "joins-other-conversation": made("L14", "of another conversation", conversation=bytes(32)),
        "joins-kind-self": made("L14", "nobody joins one's own conversation", founding={"kind": "self", "organisation": bytes(16), "patient": None}),
        "joins-kind-unknown": made("L14", "a kind that is not offered", founding={"kind": "patient", "organisation": bytes(16), "patient": None}),
        "joins-by-oneself": made("L14", "made by the reader", by=dora),
        "joins-by-stranger": no("L14", "made by one who is in no row", epoch(talk, bruno, add("dora"), remove("bruno"))),
        "joins-by-paused": no("L14", "made by a paused row", epoch(talk, bruno, add("dora"), pause("bruno"))),
        "joins-by-paper": made("L14", "paper makes no epoch", device="anna-paper"),
        "joins-by-revoked": made("L14", "revoked at the head named", device="anna-2"),
        "joins-signature": no("L14", "a changed byte of the signature", flipped(good, -1)),
        "joins-anchor-hash": no("L13", "the host named another anchor", good, replace(view, anchor=Position(anchor.n, bytes(32)))),
        "joins-anchor-below": no("L13", "its maker had seen less", epoch(talk, anna, add("dora"), seen=below)),
        "joins-seen-hash": made("L14", "its maker saw another log", seen=Position(anchor.n, bytes(32))),
        "joins-seen-own": made("L14", "its maker saw it itself", seen=Position(anchor.n + 1, bytes(32))),
        "joins-seen-later": _seen_later(),
        "joins-replayed": view.judged("L5", "its stub came before", stub(good), good),
        "joins-waiting": no("L3", "a key log is not here", good, known={**KNOWN, "chloe": 0}),
        "joins-retention": no("L14", "no retention in this version", _with(talk, good, retention=30)),
        "joins-sorted": no("L14", "rows not ascending", talk.draft_epoch(replace(draft(talk, anna, add("dora")), rows=draft(talk, anna, add("dora")).rows[::-1])).statement),
        "joins-without-row": made("L14", "says so and has no row of the reader", rows=founded.rows),
        "joins-added-by-another": made("L14", "the row names another", turned("dora", by=bruno.chain)),
        "joins-since": made("L14", "since another time", turned("dora", since=AT)),
        "joins-paused": made("L14", "paused at once", turned("dora", paused=True)),
        "joins-row-kind": made("L14", "no such kind of person", turned("chloe", kind="robot")),
        "joins-removed-present": made("L14", "removes one who is there", said("remove", chloe.chain)),
        "joins-generation": made("L14", "not the one at that head", turned("bruno", generation=2)),
        "joins-head-unknown": made("L14", "a head that is not known yet", turned("bruno", head=Position(9, bytes(32)))),
        "joins-head-below-pin": no("L14", "a head below what is known is judged as usual", epoch(talk, anna, add("dora"), at_head("anna", 4, 2))),
    }  # fmt: skip


def _with(talk: Talk, entry: bytes, **fields: Value) -> bytes:
    label, held, _ = parts_of(entry)
    return signed(label, {**held, **fields}, world()["anna"].first)


def _seen_later() -> Case:
    """Names a place after the anchor, where this reader has only a stub, with its right hash."""
    talk, view = _begun("seen later")
    talk.add(talk.message())
    return view.judged(
        "L13", "its maker had seen more", stub(talk.entries[-1]), epoch(talk, world()["anna"], add("dora"))
    )


def _joining_forms() -> Cases:
    talk, view = _begun("joining forms")
    good = epoch(talk, world()["anna"], add("dora"))
    return {
        "joins-garbage": view.judged("L14", "no encoding", b"\xff"),
        "joins-founding-null": view.judged("E1", "does not say what it is", _with(talk, good, founding=None)),
        "joins-seen-null": view.judged("E2", "has seen nothing", _with(talk, good, seen=None)),
        "joins-shape-conversation": view.judged("L14", "shape before conversation", _with(talk, good, conversation=bytes(32), at="x")),
        "joins-conversation-adds": view.judged("L14", "conversation before what it adds", _with(talk, good, conversation=bytes(32), change=[])),
        "joins-adds-kind": view.judged("L14", "what it adds before its kind", _with(talk, good, change=[], founding={"kind": "self", "organisation": bytes(16), "patient": None})),
        "joins-signature-seen": view.judged("L14", "signature before what it saw", flipped(_with(talk, good, seen=Position(2, bytes(32))), -1)),
        "joins-seen-form": view.judged("L14", "what it saw before its form", _with(talk, good, seen=Position(2, bytes(32)), retention=30)),
    }  # fmt: skip


def _directs() -> Cases:
    """Chloe is the new identity of bruno's person."""
    anna, chloe, dora = (world()[name] for name in ("anna", "chloe", "dora"))
    talk = Talk("direct joining", sealed=False)
    talk.add(talk.message())
    view = View(talk, chloe, talk.log.position)
    swap = replacing("bruno", "chloe")

    def no(comment: str, *deeds: Deed, **but: object) -> Case:
        return view.judged("L14", comment, epoch(talk, anna, *deeds, **but))

    good = draft(talk, anna, swap)
    extra = epoch(talk, anna, swap, add("dora", "coordinator"), change=good.change)
    return {
        "direct-joins": no("the other acknowledged the new identity", swap),
        "direct-joins-more": no("says something else with it", swap, said("resume", anna.chain)),
        "direct-joins-added": no("nobody is added to a direct conversation", remove("bruno"), add("chloe", "coordinator")),
        "direct-joins-other": view.judged("L14", "another is the new identity", epoch(talk, anna, replacing("bruno", "dora"))),
        "direct-joins-three": view.judged("L14", "three rows", extra),
        "direct-joins-member": no("as a member", replacing("bruno", "chloe", role="member")),
        "direct-joins-of-member": no("the maker as a member", swap, turned("anna", role="member")),
        "direct-joins-paused": no("paused at once", replacing("bruno", "chloe", paused=True)),
        "direct-joins-by": no("the row names another", replacing("bruno", "chloe", by=dora.chain)),
    }  # fmt: skip


def _returns() -> Cases:
    """Bruno was there from epoch 0, goes, and comes back."""
    anna, bruno, chloe = (world()[name] for name in ("anna", "bruno", "chloe"))
    talk = team("returns")
    talk.add(epoch(talk, anna, remove("bruno")))
    gone = View(talk, bruno, None, tuple(talk.entries))
    removed_at = talk.log.position
    at_once = {who.name: epoch(talk, who, add("bruno")) for who in (anna, chloe)}
    between = [talk.message(), talk.message(chloe)]
    for entry in between:
        talk.add(entry)
    hidden = replace(gone, items=(*gone.items, *(stub(entry) for entry in between)))
    back, here = epoch(talk, anna, add("bruno")), talk.log.head
    left = team("leaves and returns")
    left.add(left.leave(bruno))
    away = View(left, bruno, None, tuple(left.entries))
    left.add(epoch(left, anna, remove("bruno")))
    unseen = stub(left.entries[-1])
    returns = epoch(left, anna, add("bruno"))

    def no(comment: str, entry: bytes, rule: str = "L14", of: View = hidden) -> Case:
        return of.judged(rule, comment, entry)

    def made(comment: str, *deeds: Deed, **but: object) -> Case:
        return no(comment, epoch(talk, anna, add("bruno"), *deeds, **but))

    return {
        "removed": gone.judged("L12", "the epoch that removes arrives whole"),
        "removed-stub": gone.judged("L12", "then stubs", stub(between[0])),
        "removed-message": gone.judged("L12", "an entry that arrives all the same is judged", between[0]),
        "removed-stub-message": no("after a stub there is no last epoch", between[1], "L12", replace(gone, items=(*gone.items, stub(between[0])))),
        "returns": no("added anew after stubs", back),
        "returns-from-earlier": made("its maker had seen less, yet the last epoch known", seen=removed_at),
        "returns-from-before": made("not even the last epoch known", seen=Position(1, talk.log.hashes[1])),
        "returns-hash": made("another log", seen=Position(removed_at.n, bytes(32))),
        "returns-number-same": made("the number of the last epoch known", number=1),
        "returns-number-above": made("epochs in between were never seen", number=9, prev=bytes(32)),
        "returns-noted": no("own state names a later epoch", back, of=replace(hidden, noted=Noted(2, here))),
        "returns-at-noted": no("own state has checked this very epoch", back, of=replace(hidden, noted=Noted(2, here + 1))),
        "returns-organisation": made("says another organisation", founding={"kind": "team", "organisation": b"\x01" * 16, "patient": None}),
        "returns-kind": made("was a team", founding={"kind": "direct", "organisation": bytes(16), "patient": None}),
        "returns-head-back": made("a head goes back from the last roster known", at_head("anna", 4, 2)),
        "returns-at-once": no("no stub in between: judged as any epoch", at_once["anna"], "L12", gone),
        "returns-at-once-by-member": no("so a member may not", at_once["chloe"], "E20", gone),
        "returns-by-member": no("behind stubs the signer vouches", epoch(talk, chloe, add("bruno"))),
        "left": away.judged("L12", "one's own leave arrives whole"),
        "left-stub": away.judged("L12", "then stubs", unseen),
        "left-returns": away.judged("L14", "and returns", unseen, returns),
    }  # fmt: skip


def _stubs() -> Cases:
    anna, bruno = world()["anna"], world()["bruno"]
    talk = team("stubs")
    paused = team("stubs paused")
    paused.add(paused.suspend("bruno"))
    paused.add(epoch(paused, anna, pause("bruno")))
    message = talk.message()
    whole = View(talk, bruno, None)
    member = View(talk, bruno, None, tuple(talk.entries))
    new, view = _begun("stubs of a newcomer")
    joins = epoch(new, anna, add("dora"))
    refused = epoch(new, world()["dora"], add("dora"))
    return {
        "stub-first": whole.judged("L8", "in place of epoch 0", stub(talk.entries[0])),
        "stub-member": member.judged("L8", "where the reader is a member", stub(message)),
        "stub-paused": View(paused, bruno, None, tuple(paused.entries)).judged("L8", "paused is not gone", stub(message)),
        "stub-joined": replace(view, items=(joins,)).judged("L8", "after the epoch that added the reader", stub(message)),
        "stub-before": view.judged("L12", "before it", stub(message)),
        "stub-after-refused": view.judged("L12", "one that was refused added nobody", refused, stub(message)),
        "stub-replayed": view.judged("L5", "an entry whose stub was there is taken once", stub(joins), joins),
    }  # fmt: skip
