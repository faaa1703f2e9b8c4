"""H10 to H13: who reads what, by which route. Refusals first; each list under a literal number of queries."""

import os
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import clock
from accounts.models import Membership, Session
from messaging import urls
from messaging.loghash import first_hash, next_hash
from messaging.models import Conversation, Entry
from messaging.protocol import PAGE_BYTES, b64
from messaging.services.markers import MarkerWish, put_markers
from tests.accounts.browser import Browser, Response, body, code
from tests.messaging.conftest import Limits
from tests.messaging.teams import changed, post, start_team
from tests.messaging.test_markers import marker
from tests.messaging.world import Desk, World, append, founding, open_desk, sign_in, wraps_of

ROUTES = {
    ("POST", "epochs"),
    ("GET", "conversations"),
    ("GET", "entries"),
    ("GET", "markers"),
    ("POST", "figures"),
    ("POST", "restoring/entries"),
}
SESSION_QUERIES = 1


def browser(token: str) -> Browser:
    made = Browser()
    made.token = token
    return made


def at(desk: Desk) -> Browser:
    return browser(desk.token)


def queries(work: Callable[[], Response]) -> tuple[int, Any]:
    with CaptureQueriesContext(connection) as seen:
        answer = work()
    assert answer.status_code == 200, answer.content
    return len(seen), body(answer)


def test_every_route_is_in_the_table() -> None:
    assert {(vars(view.callback)["route"].method, str(view.pattern)) for view in urls.urlpatterns} == ROUTES


@pytest.mark.parametrize(("method", "path"), sorted(ROUTES))
def test_h4_no_route_without_both_factors_and_a_device(world: World, method: str, path: str) -> None:
    def ask(visitor: Browser) -> str:
        return code(visitor.get(path) if method == "GET" else visitor.post(path, {}))

    assert ask(Browser()) == "signed_out"
    half = Browser()
    half.give_password(world.cast.ines)
    assert ask(half) == "second_factor_needed"
    Session.objects.filter(person=world.cast.anne_lise).update(last_seen_at=clock.ago(7200))
    assert ask(at(world.anne_lise)) == "locked"


def test_h7_a_session_without_a_device_reads_and_writes_nothing(world: World) -> None:
    bare = browser(sign_in(world.cast.ines))
    made = world.thread.renewal(world.ines)
    assert code(bare.get("conversations")) == "not_allowed"
    assert code(bare.get("entries", conversation=b64(world.thread.id))) == "not_allowed"
    assert code(bare.get("markers", conversation=b64(world.thread.id))) == "not_allowed"
    assert (
        code(bare.post("epochs", epoch_body(world.thread.id, made.statement, wraps_of(made))))
        == "not_allowed"
    )


def epoch_body(conversation: bytes | None, statement: bytes, wraps: list[tuple[bytes, bytes]]) -> object:
    return {
        "conversation": b64(conversation) if conversation else None,
        "statement": b64(statement),
        "wraps": [[b64(chain), b64(sealed)] for chain, sealed in wraps],
    }


def test_h2_forbidden_and_absent_are_the_same_bytes(world: World) -> None:
    zoe = at(open_desk(world.cast.zoe, world.cast.glycines))
    for path in ("entries", "markers"):
        forbidden = zoe.get(path, conversation=b64(world.thread.id))
        absent = zoe.get(path, conversation=b64(os.urandom(32)))
        assert forbidden.status_code == absent.status_code == 404
        assert forbidden.content == absent.content


@pytest.mark.parametrize(
    "query",
    [
        {}, {"conversation": "x"}, {"conversation": "A" * 43, "after": "-1"},
        {"conversation": "A" * 43, "limit": "0"},
        {"conversation": "A" * 43, "limit": "501"}, {"conversation": "A" * 43, "more": "1"},
        {"conversation": "A" * 42 + "_"}, {"conversation": "A" * 43, "after": "1.5"},
    ],
)  # fmt: skip
def test_h3_a_bad_question_is_refused(world: World, query: dict[str, str]) -> None:
    assert code(at(world.ines).get("entries", **query)) == "bad_request"


def test_h10_over_http(world: World) -> None:
    gaetan = open_desk(world.cast.gaetan, world.cast.tilleuls)
    made = founding(world.ines, [gaetan])
    posted = body(at(world.ines).post("epochs", epoch_body(None, made.statement, wraps_of(made))))
    assert posted["seq"] == 1
    again = founding(gaetan, [world.ines])
    refused = at(gaetan).post("epochs", epoch_body(None, again.statement, wraps_of(again)))
    assert refused.status_code == 409
    assert body(refused) == {"code": "exists", "retry_after": None, "conversation": posted["conversation"]}


def test_h10_epochs_are_throttled_by_device(world: World, limits: Limits) -> None:
    limits(epoch_device=(1, 3600.0))
    made = world.thread.renewal(world.ines)
    data = epoch_body(world.thread.id, made.statement, wraps_of(made))
    assert at(world.ines).post("epochs", data).status_code == 200
    refused = at(world.ines).post("epochs", data)
    assert (refused.status_code, code(refused)) == (429, "throttled")
    assert code(at(world.anne_lise).post("epochs", data)) == "unknown_device"


def test_h10_an_epoch_from_a_foreign_origin_is_refused(world: World) -> None:
    made = world.thread.renewal(world.ines)
    data = epoch_body(world.thread.id, made.statement, wraps_of(made))
    assert code(at(world.ines).post("epochs", data, origin="http://evil.example")) == "bad_origin"
    assert code(at(world.ines).post("epochs", data, origin=None)) == "bad_origin"


def test_h11_conversations(world: World) -> None:
    spent, found = queries(lambda: at(world.ines).get("conversations"))
    assert [row["kind"] for row in found["conversations"]] == ["self", "direct"]
    assert {person["id"] for person in found["conversations"][1]["persons"]} == {
        world.cast.ines.pk.hex, world.cast.anne_lise.pk.hex
    }  # fmt: skip
    gaetan = open_desk(world.cast.gaetan, world.cast.tilleuls)
    made = founding(world.ines, [gaetan])
    at(world.ines).post("epochs", epoch_body(None, made.statement, wraps_of(made)))
    more, found = queries(lambda: at(world.ines).get("conversations"))
    assert len(found["conversations"]) == 3
    assert spent == more == SESSION_QUERIES + 2


def test_h11_h12_a_view_has_a_start_and_an_end(world: World) -> None:
    gaetan = open_desk(world.cast.gaetan, world.cast.tilleuls)
    team = start_team(world.ines, world.anne_lise)
    post(team, world.ines, changed(team, world.ines, remove=[world.anne_lise]))
    post(team, world.ines, changed(team, world.ines, add=[gaetan]), gaetan)
    append(world.ines, team, team.message(world.ines))
    hashes = {entry.seq: b64(entry.h) for entry in Entry.objects.filter(conversation=team.id)}
    views = {
        desk.person.pk: _team_of(body(at(desk).get("conversations")))
        for desk in (world.ines, world.anne_lise, gaetan)
    }
    ines, anne_lise, newcomer = (
        views[who.pk] for who in (world.cast.ines, world.cast.anne_lise, gaetan.person)
    )
    assert (ines["start"], ines["until"], ines["head"]) == ([0, b64(first_hash(team.id))], None, 4)
    assert (newcomer["start"], newcomer["until"], newcomer["hash"]) == ([2, hashes[2]], None, hashes[4])
    assert (anne_lise["until"], anne_lise["head"], anne_lise["hash"]) == (2, 2, hashes[2])
    page = body(at(world.anne_lise).get("entries", conversation=b64(team.id)))
    assert ([row["seq"] for row in page["entries"]], page["head"], page["hash"]) == ([1, 2], 2, hashes[2])
    page = body(at(gaetan).get("entries", conversation=b64(team.id)))
    assert [row["seq"] for row in page["entries"]] == [3, 4]
    assert {row["stub"] for row in page["entries"]} == {None}


def _team_of(found: Any) -> Any:
    [row] = [row for row in found["conversations"] if row["kind"] == "team"]
    return row


def test_h9_the_key_log_of_whom_one_shared_a_team_with_stays_readable(world: World) -> None:
    """Also after they have left the house: what they signed must stay checkable."""
    team = start_team(world.ines, world.anne_lise)
    post(team, world.ines, changed(team, world.ines, remove=[world.anne_lise]))
    Membership.objects.filter(person=world.cast.anne_lise).update(ended_at=clock.now())
    chain = b64(world.anne_lise.log.chain)
    assert len(body(at(world.ines).get("keys/log", chain=chain, after="-1"))["statements"]) == 3
    zoe = at(open_desk(world.cast.zoe, world.cast.glycines))
    assert code(zoe.get("keys/log", chain=chain, after="-1")) == "not_found"


def test_h12_a_page_has_the_readers_own_wrap_only(world: World) -> None:
    append(world.ines, world.thread, world.thread.message(world.ines))
    pages = [
        body(at(desk).get("entries", conversation=b64(world.thread.id)))
        for desk in (world.ines, world.anne_lise)
    ]
    wraps = [page["entries"][0]["wrap"] for page in pages]
    assert None not in wraps
    assert wraps[0] != wraps[1]
    assert [page["entries"][1] for page in pages] == [pages[0]["entries"][1]] * 2
    assert pages[0]["entries"][1]["wrap"] is None
    assert (pages[0]["head"], pages[0]["hash"]) == (2, b64(world.thread.row.hash))


def test_h12_one_entry_costs_what_three_cost(world: World) -> None:
    spent, page = queries(lambda: at(world.ines).get("entries", conversation=b64(world.thread.id)))
    assert [row["seq"] for row in page["entries"]] == [1]
    for _ in range(2):
        append(world.ines, world.thread, world.thread.message(world.ines))
    more, page = queries(lambda: at(world.ines).get("entries", conversation=b64(world.thread.id)))
    assert [row["seq"] for row in page["entries"]] == [1, 2, 3]
    assert spent == more == SESSION_QUERIES + 4


def fill(world: World, count: int, size: int) -> None:
    """Rows that only a page reads: as many as a year of talking, without the minutes of sealing them."""
    row, thread = world.thread.row, world.thread
    log_hash, rows = bytes(row.hash), []
    for seq in range(2, count + 2):
        entry_hash = os.urandom(32)
        log_hash = next_hash(log_hash, seq, entry_hash)
        rows.append(
            Entry(
                conversation_id=thread.id, seq=seq, kind="message", object=bytes(size), hash=entry_hash,
                h=log_hash, device=world.ines.device.id, client_id=os.urandom(16), at=seq,
            )
        )  # fmt: skip
    Entry.objects.bulk_create(rows, batch_size=500)
    Conversation.objects.filter(pk=thread.id).update(head=count + 1, hash=log_hash)


def test_h12_ten_thousand_entries_come_in_pages_of_bounded_cost(world: World) -> None:
    fill(world, 10_000, 700)
    reader, id, after = at(world.anne_lise), b64(world.thread.id), 0
    seqs: list[int] = []
    while after < 10_001:
        spent, page = queries(partial(reader.get, "entries", conversation=id, after=str(after)))
        assert spent <= SESSION_QUERIES + 4
        seqs += [row["seq"] for row in page["entries"]]
        after = seqs[-1]
        assert page["head"] == 10_001
    assert seqs == list(range(1, 10_002))
    spent, page = queries(lambda: reader.get("entries", conversation=b64(world.thread.id), after=str(after)))
    assert page["entries"] == []
    assert spent == SESSION_QUERIES + 2


def test_h12_a_page_is_bounded_in_bytes(world: World) -> None:
    fill(world, 60, 40 * 1024)
    answer = at(world.ines).get("entries", conversation=b64(world.thread.id))
    assert len(answer.content) <= PAGE_BYTES
    assert 15 < len(body(answer)["entries"]) < 30


def test_l10_an_append_costs_the_same_in_a_long_history(world: World) -> None:
    append(world.ines, world.thread, world.thread.message(world.ines))
    with CaptureQueriesContext(connection) as short:
        append(world.ines, world.thread, world.thread.message(world.ines))
    fill_from = world.thread.row.head
    assert fill_from == 3
    with CaptureQueriesContext(connection) as again:
        append(world.ines, world.thread, world.thread.message(world.ines))
    assert len(short) == len(again)
    assert len(short) <= 12


def test_h13_markers(world: World) -> None:
    made = marker(world, world.ines, 1)
    assert put_markers([MarkerWish(world.ines.caller, made)]) == [None]
    spent, found = queries(lambda: at(world.anne_lise).get("markers", conversation=b64(world.thread.id)))
    assert found == {"markers": [b64(made)]}
    put_markers([MarkerWish(world.anne_lise.caller, marker(world, world.anne_lise, 1))])
    more, found = queries(lambda: at(world.anne_lise).get("markers", conversation=b64(world.thread.id)))
    assert len(found["markers"]) == 2
    assert spent == more == SESSION_QUERIES + 2
