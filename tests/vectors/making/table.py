"""The rule table over a small world, every case (README.md, "table")."""

# loops as the description has them

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

from accounts.codec import Value, encode
from accounts.objects import H, object_hash
from accounts.shapes import Position
from messaging.client.device import Device
from messaging.client.entries import Draft, epoch_fields, founding, founding_of, header_fields, row_of
from messaging.client.entries import MessagePlace as Place
from messaging.client.following import FollowedLog
from messaging.envelopes import make_suspended
from messaging.epochs import Row, secret_commit
from tests.vectors.making.case import Case, Cases, case
from tests.vectors.making.changes import teams
from tests.vectors.making.talk import KNOWN, at
from tests.vectors.making.world import ORGANISATION, key_logs, world

START = 1000
STATES = range(6)
MAKERS = ("anna-1", "anna-2", "anna-paper", "bruno-1", "chloe-1", "dora-1")
HEADS = (2, 3, 4, 5)
DEEDS = range(12)
LIES = range(3)
PERSONS = ("anna", "bruno", "chloe", "dora")


@dataclass(frozen=True)
class Deed:
    rows: dict[bytes, Row]
    change: list[Value]


def cases() -> Cases:
    epochs, messages = list(_epoch_codes()), list(_message_codes())
    return {
        "epochs": _told("E14", "who may make which epoch", "table.epochs", epochs),
        "messages": _told("L9", "who may write when", "table.messages", messages),
        "teams": teams(),
    }


def _told(rule: str, comment: str, kind: str, codes: list[str]) -> Case:
    return case(rule, comment, kind, {}, "accepted", codes=codes, digest=H("table", codes))


def _epoch_codes() -> Iterator[str]:
    for state, maker, head, deed, lie in product(STATES, MAKERS, HEADS, DEEDS, LIES):
        log, _ = _state(state)
        yield _code(log, _candidate(log, maker, head, deed, lie))


def _message_codes() -> Iterator[str]:
    for state, person, device, epoch, seen, client_id in product(
        STATES, PERSONS, MAKERS, (0, 1), range(5), (0, 1)
    ):
        log, before = _written(state)
        yield _code(
            log, _message(log, before, person, device, epoch, seen, b"\x02" if client_id else b"\x01")
        )


def _code(log: FollowedLog, entry: bytes) -> str:
    verdict = log.judged(entry)
    return verdict.code or verdict.outcome


def _device(name: str) -> Device:
    return world()[name.split("-")[0]].devices[name]


def _chain(name: str) -> bytes:
    return world()[name].chain


@cache
def _state(number: int) -> tuple[FollowedLog, tuple[int, bytes]]:
    """The log, and number and hash of the epoch before the last."""
    log = _begun()
    before = (7, bytes(32))
    if number in (1, 2, 3):
        log.apply(make_suspended(log.conversation, _chain("bruno"), START + 2))
    if number == 5:
        log.apply(make_suspended(log.conversation, _chain("anna"), START + 2))
    for deed in {2: (2,), 3: (2, 4), 4: (5,)}.get(number, ()):
        assert log.last is not None
        before = (log.last.epoch.number, log.last.epoch.hash)
        assert log.apply(_candidate(log, "anna-1", 4, deed, 0)).outcome == "accepted"
    return log, before


def _begun() -> FollowedLog:
    anna, bruno = world()["anna"], world()["bruno"]
    head = at(anna.log(), 4)
    rows = (
        replace(row_of(anna.log(), anna.chain, START + 1), head=head, generation=2),
        row_of(bruno.log(), anna.chain, START + 1),
    )
    wrapped = _wrapped({row.chain: row for row in rows})
    draft = Draft(wrapped, founding=founding("direct", ORGANISATION), at=START + 1)
    first = _signed(draft, anna.first)
    log = FollowedLog(object_hash(first), key_logs(KNOWN))
    assert log.apply(first).outcome == "accepted"
    return log


def _candidate(log: FollowedLog, maker: str, head: int, deed: int, lie: int) -> bytes:
    assert log.last is not None
    last, now = log.last.epoch, START + log.head + 1
    rows = {row.chain: row for row in last.roster}
    anna = world()["anna"]
    if anna.chain in rows:
        generation = anna.log().generation_at(head)
        rows[anna.chain] = replace(rows[anna.chain], head=at(anna.log(), head), generation=generation)
    done = _done(deed, rows, _chain(maker.split("-")[0]), now)
    draft = Draft(
        _lied(_wrapped(done.rows), lie), last.number + 1, log.conversation, last.hash,
        founding_of(last), sorted(done.change, key=encode), log.position, now,
    )  # fmt: skip
    return _signed(draft, _device(maker))


def _done(deed: int, rows: dict[bytes, Row], maker: bytes, now: int) -> Deed:
    anna, bruno = _chain("anna"), _chain("bruno")
    match deed:
        case 1 | 2:
            return _paused(rows, anna if deed == 1 else bruno, True, "pause")
        case 3 | 4:
            return _paused(rows, anna if deed == 3 else bruno, False, "resume")
        case 5 | 6:
            return _replaced(rows, bruno if deed == 5 else anna, maker, now)
        case 7:
            return _added(rows, maker, now)
        case 8:
            return _removed(rows, bruno)
        case 9 if bruno in rows:
            return Deed(rows | {bruno: replace(rows[bruno], role="member")}, [["role", bruno, "member"]])
        case 10:
            return Deed(_paused(rows, bruno, True, "pause").rows, [])
        case 11:
            removed = _removed(rows, bruno)
            added = _added(removed.rows, maker, now)
            return Deed(added.rows, [*removed.change, *added.change])
    return Deed(rows, [])


def _paused(rows: dict[bytes, Row], chain: bytes, paused: bool, verb: str) -> Deed:
    if chain not in rows or rows[chain].paused == paused:
        return Deed(rows, [])
    return Deed(rows | {chain: replace(rows[chain], paused=paused)}, [[verb, chain]])


def _replaced(rows: dict[bytes, Row], old: bytes, maker: bytes, now: int) -> Deed:
    chloe = world()["chloe"]
    if old not in rows or chloe.chain in rows:
        return Deed(rows, [])
    new = replace(rows[old], chain=chloe.chain, head=chloe.log().head, generation=1, by=maker, since=now)
    kept = {chain: row for chain, row in rows.items() if chain != old}
    return Deed(kept | {chloe.chain: new}, [["replace", old, chloe.chain]])


def _added(rows: dict[bytes, Row], maker: bytes, now: int) -> Deed:
    chloe = world()["chloe"]
    if chloe.chain in rows:
        return Deed(rows, [])
    return Deed(rows | {chloe.chain: row_of(chloe.log(), maker, now)}, [["add", chloe.chain]])


def _removed(rows: dict[bytes, Row], chain: bytes) -> Deed:
    if chain not in rows:
        return Deed(rows, [])
    return Deed({held: row for held, row in rows.items() if held != chain}, [["remove", chain]])


def _wrapped(rows: dict[bytes, Row]) -> tuple[Row, ...]:
    return tuple(
        replace(rows[chain], wrap=None if rows[chain].paused else _wrap(chain)) for chain in sorted(rows)
    )


def _wrap(chain: bytes) -> bytes:
    return H("sealed-wrap", chain)


def _lied(rows: tuple[Row, ...], lie: int) -> tuple[Row, ...]:
    if not rows or lie == 0:
        return rows
    if lie == 1:
        return (replace(rows[0], generation=rows[0].generation + 1), *rows[1:])
    last = rows[-1]
    return (*rows[:-1], replace(last, wrap=None if last.wrap is not None else _wrap(last.chain)))


def _signed(draft: Draft, maker: Device) -> bytes:
    commit = secret_commit(draft.number, draft.prev, bytes(32))
    return maker.signed_object("epoch", encode(epoch_fields(draft, commit)))


@cache
def _written(state: int) -> tuple[FollowedLog, tuple[int, bytes]]:
    """The state with one more entry: a message by bruno."""
    _state.cache_clear()
    log, before = _state(state)
    _state.cache_clear()
    log.apply(_message(log, before, "bruno", "bruno-1", 0, 1, b"\x02"))
    return log, before


def _message(
    log: FollowedLog,
    before: tuple[int, bytes],
    person: str,
    device: str,
    epoch: int,
    seen: int,
    client_id: bytes,
) -> bytes:
    assert log.last is not None
    last, place = log.last.epoch, log.last.place
    number, hash = before if epoch else (last.number, last.hash)
    stands = Place(
        log.conversation, number, hash, _chain(person), 1, None, _seen(log, place, seen),
        at(world()[person].log(), 2), client_id * 16,
    )  # fmt: skip
    header = encode(header_fields(stands, _device(device).id))
    envelope = encode({"header": header, "commit": bytes(32), "body": bytes(40)})
    return _device(device).signed_object("message", envelope)


def _seen(log: FollowedLog, place: int, seen: int) -> Position:
    n = (place - 1, place, log.head, log.head + 1, place)[seen]
    return Position(n, bytes(32) if seen > 2 else log.hashes[n])
