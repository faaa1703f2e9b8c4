"""Key logs at the server's door: K14, H7, H8, H9. The rules of the log are tested with their leaves."""

import base64
import copy
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from accounts import clock
from accounts.caller import revocations_after
from accounts.errors import Refused
from accounts.models import Device, KeyLogEntry, Person, SealedSeed, Session, VaultHalf
from accounts.objects import object_hash
from accounts.protocol import b64, octets
from accounts.signals import keys_started
from tests.accounts.browser import Browser, Response, body, code
from tests.accounts.conftest import Heard
from tests.accounts.keymaker import Keymaker, Pen
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("heard")


@pytest.fixture
def maker() -> Keymaker:
    return Keymaker()


@pytest.fixture
def ines(cast: Cast) -> Browser:
    return Browser().sign_in(cast.ines)


# --- first submission -------------------------------------------------------------------------------


def test_k14_anything_but_the_three_first_statements_is_refused(ines: Browser) -> None:
    whole = Keymaker().start()
    two_browsers, paper_last = Keymaker(paper=Pen("browser")).start(), Keymaker()
    paper_last.add(paper_last.browser, by=paper_last.browser)
    late = [paper_last.renew(by=paper_last.browser), paper_last.add(paper_last.paper, by=paper_last.browser)]
    shuffled = whole | {"statements": [b64(data) for data in paper_last.statements]}
    shuffled["seeds"] = [seed for answer in late for seed in answer["seeds"]]
    for sent in (two_browsers, shuffled, whole | {"statements": whole["statements"][:2]}):
        assert code(ines.post("keys/start", sent)) in ("bad_chain", "bad_request")
    assert not KeyLogEntry.objects.exists()


def test_k14_a_seed_that_is_not_the_one_named_is_refused(ines: Browser, maker: Keymaker) -> None:
    whole = maker.start()
    first, second = whole["seeds"]
    for seeds in (
        [first, first],
        [first, second | {"sealed": first["sealed"]}],
        [first, second | {"generation": 2}],
        [first, second | {"device": b64(b"x" * 32)}],
        [first, second | {"sealed": b64(octets(second["sealed"])[:-1])}],
    ):
        assert code(ines.post("keys/start", whole | {"seeds": seeds})) == "bad_wraps"
    assert not Device.objects.exists()


def test_a_changed_byte_is_refused(ines: Browser, maker: Keymaker) -> None:
    whole = maker.start()
    for place in range(3):
        sent = copy.deepcopy(whole)
        data = bytearray(octets(sent["statements"][place]))
        data[-1] ^= 1
        sent["statements"][place] = b64(bytes(data))
        assert code(ines.post("keys/start", sent)) in ("bad_signature", "bad_chain")


def test_k14_a_person_has_one_chain(ines: Browser, maker: Keymaker) -> None:
    assert ines.post("keys/start", maker.start()).status_code == 200
    assert code(ines.post("keys/start", Keymaker().start())) == "conflict"
    assert KeyLogEntry.objects.count() == 3


def test_a_device_of_somebody_else_is_refused(cast: Cast, ines: Browser, maker: Keymaker) -> None:
    ines.post("keys/start", maker.start())
    anne_lise = Browser().sign_in(cast.anne_lise)
    assert code(anne_lise.post("keys/start", Keymaker(browser=maker.browser).start())) == "bad_device"
    assert Person.objects.get(pk=cast.anne_lise.pk).chain is None


def test_a_device_that_somebody_else_claimed_for_a_vault_is_refused(cast: Cast, ines: Browser) -> None:
    maker = Keymaker()
    Browser().sign_in(cast.zoe).post("vault/make", {"vault": b64(b"v" * 16), "device": b64(maker.browser.id)})
    assert code(ines.post("keys/start", maker.start())) == "bad_device"


def test_a_start_that_a_listener_refuses_leaves_nothing(ines: Browser, maker: Keymaker) -> None:
    def refuse(sender: object, **_: Any) -> None:
        raise Refused("malformed")

    keys_started.connect(refuse)
    assert code(ines.post("keys/start", maker.start())) == "malformed"
    assert [model.objects.count() for model in (KeyLogEntry, Device, SealedSeed)] == [0, 0, 0]


def test_a_start_that_nobody_hears_leaves_nothing(ines: Browser, maker: Keymaker) -> None:
    keys_started.receivers = []
    keys_started.sender_receivers_cache.clear()
    assert code(ines.post("keys/start", maker.start())) == "unavailable"
    assert not KeyLogEntry.objects.exists()


def test_h8_the_first_submission_is_kept_whole(
    cast: Cast, ines: Browser, maker: Keymaker, heard: Heard
) -> None:
    sent = maker.start(b"epoch", b"wrap")
    answer = body(ines.post("keys/start", sent))
    assert answer == {"chain": b64(maker.chain), "conversation": b64(object_hash(b"epoch"))}
    person = Person.objects.get(pk=cast.ines.pk)
    assert bytes(person.chain or b"") == maker.chain
    assert [bytes(row.statement) for row in KeyLogEntry.objects.order_by("n")] == maker.statements
    facts = {"person": cast.ines.pk, "chain": maker.chain}
    assert heard == [
        ("grew", facts | {"n": 2, "hash": object_hash(maker.statements[2]), "revoked": []}),
        ("started", facts | {"epoch": b"epoch", "wrap": b"wrap"}),
    ]
    assert body(ines.get("session"))["person"]["key_head"] == {
        "n": 2,
        "hash": b64(object_hash(maker.statements[2])),
    }


# --- later statements -------------------------------------------------------------------------------


def test_k14_adding_and_revoking_need_a_fresh_factor(ines: Browser, maker: Keymaker) -> None:
    other = Pen("browser")
    ines.post("keys/start", maker.start())
    Session.objects.update(fresh_factor_at=clock.ago(301))
    assert ines.post("keys/append", maker.renew(by=maker.browser)).status_code == 200
    before = copy.deepcopy(maker)
    assert code(ines.post("keys/append", maker.add(other, by=maker.browser))) == "fresh_factor_needed"
    before.active.append(other.id)
    assert (
        code(ines.post("keys/append", before.revoke(maker.paper, by=maker.browser))) == "fresh_factor_needed"
    )
    assert KeyLogEntry.objects.count() == 4


def test_a_statement_that_does_not_extend_the_head_is_refused(ines: Browser, maker: Keymaker) -> None:
    ines.post("keys/start", maker.start())
    fork = copy.deepcopy(maker)
    assert ines.post("keys/append", maker.renew(by=maker.browser)).status_code == 200
    assert code(ines.post("keys/append", fork.renew(by=fork.browser))) == "bad_chain"


def test_nobody_appends_to_a_log_of_somebody_else(cast: Cast, ines: Browser, maker: Keymaker) -> None:
    ines.post("keys/start", maker.start())
    anne_lise = Browser().sign_in(cast.anne_lise)
    statement = maker.renew(by=maker.browser)
    assert code(anne_lise.post("keys/append", statement)) == "bad_chain"
    anne_lise.post("keys/start", Keymaker().start())
    assert code(anne_lise.post("keys/append", statement)) == "bad_chain"


def test_the_same_bytes_again_get_the_same_answer(ines: Browser, maker: Keymaker) -> None:
    ines.post("keys/start", maker.start())
    sent = maker.add(Pen("browser"), by=maker.browser)
    first, second = ines.post("keys/append", sent), ines.post("keys/append", sent)
    assert first.content == second.content
    assert body(first) == {"head": {"n": 3, "hash": b64(object_hash(maker.statements[3]))}}
    assert KeyLogEntry.objects.count() == 4


def test_of_parallel_statements_one_extends_the_head(cast: Cast, ines: Browser, maker: Keymaker) -> None:
    ines.post("keys/start", maker.start())
    rivals = [copy.deepcopy(maker).renew(by=maker.browser) for _ in range(8)]
    browsers = [Browser().sign_in(cast.ines) for _ in rivals]

    def append(pair: tuple[Browser, Any]) -> int:
        try:
            return pair[0].post("keys/append", pair[1]).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(append, zip(browsers, rivals, strict=True)))
    assert answers.count(200) == 1
    assert KeyLogEntry.objects.count() == 4


def test_a_new_device_is_known_with_its_seed(ines: Browser, maker: Keymaker) -> None:
    new = Pen("browser")
    ines.post("keys/start", maker.start())
    sent = maker.add(new, by=maker.paper)
    wrong = sent | {"seeds": []}
    assert code(ines.post("keys/append", wrong)) == "bad_wraps"
    assert ines.post("keys/append", sent).status_code == 200
    seed = SealedSeed.objects.get(device=new.id)
    assert (seed.generation, b64(seed.sealed)) == (1, sent["seeds"][0]["sealed"])


def test_a_revoked_device_loses_everything_at_once(
    cast: Cast, ines: Browser, maker: Keymaker, heard: Heard
) -> None:
    lost = Pen("browser")
    ines.post("keys/start", maker.start())
    ines.post("keys/append", maker.add(lost, by=maker.browser))
    thief = Browser().sign_in(cast.ines)
    thief.post("vault/make", {"vault": b64(b"v" * 16), "device": b64(lost.id)})
    assert _bind(thief, lost).status_code == 200
    heard.clear()
    assert ines.post("keys/append", maker.revoke(lost, by=maker.browser)).status_code == 200
    assert thief.stage() == "signed_out"
    assert not VaultHalf.objects.exists()
    assert not SealedSeed.objects.filter(device=lost.id).exists()
    assert [row.what for row in revocations_after(0)] == ["session", "device"]
    assert [(name, facts.get("revoked", facts.get("device"))) for name, facts in heard] == [
        ("grew", [lost.id]),
        ("revoked", lost.id),
    ]
    assert code(_bind(ines, lost)) == "not_allowed"


# --- reading ----------------------------------------------------------------------------------------


def test_a_key_log_of_another_organisation_is_as_absent(cast: Cast, ines: Browser, maker: Keymaker) -> None:
    ines.post("keys/start", maker.start())
    zoe = Browser().sign_in(cast.zoe)
    foreign, absent = (zoe.get("keys/log", chain=b64(chain)) for chain in (maker.chain, b"x" * 32))
    assert (foreign.status_code, foreign.content) == (absent.status_code, absent.content)
    assert code(foreign) == "not_found"


def test_h9_a_colleague_reads_a_key_log_from_where_they_are(
    cast: Cast, ines: Browser, maker: Keymaker
) -> None:
    ines.post("keys/start", maker.start())
    gaetan = Browser().sign_in(cast.gaetan)
    texts = [b64(data) for data in maker.statements]
    head = {"n": 2, "hash": b64(object_hash(maker.statements[2]))}
    for after, expected in (("-1", texts), ("0", texts[1:]), ("2", []), ("99", [])):
        answer = body(gaetan.get("keys/log", chain=b64(maker.chain), after=after))
        assert answer == {"statements": expected, "head": head}


def test_h9_a_long_key_log_comes_in_pages(
    cast: Cast, ines: Browser, maker: Keymaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    ines.post("keys/start", maker.start())
    longest = max(len(b64(data)) for data in maker.statements)
    monkeypatch.setattr("accounts.queries.KEY_LOG_PAGE_BYTES", longest + 100)
    for asked in ({"path": "keys/log", "chain": b64(maker.chain)}, {"path": "keys/mine"}):
        found: list[str] = []
        for _ in maker.statements:
            answer = body(ines.get(**asked, after=str(len(found) - 1)))
            assert len(answer["statements"]) == 1
            assert answer["head"]["n"] == 2
            found += answer["statements"]
        assert found == [b64(data) for data in maker.statements]


def test_h9_of_many_generations_the_newest_seeds_are_enough(ines: Browser, maker: Keymaker) -> None:
    ines.post("keys/start", maker.start())
    for _ in range(16):
        assert ines.post("keys/append", maker.renew(by=maker.browser)).status_code == 200
    given = [generation for _, generation in _seeds(body(ines.get("keys/mine")))]
    assert given == list(range(2, 18))


def test_p4_before_its_device_is_bound_a_session_gets_the_paper_seeds_only(
    ines: Browser, maker: Keymaker
) -> None:
    assert body(ines.get("keys/mine")) == {"chain": None, "statements": [], "head": None, "seeds": []}
    ines.post("keys/start", maker.start())
    ines.post("keys/append", maker.renew(by=maker.browser))
    mine = body(ines.get("keys/mine"))
    assert mine["chain"] == b64(maker.chain)
    assert len(mine["statements"]) == 4
    assert _seeds(mine) == [(b64(maker.paper.id), 1), (b64(maker.paper.id), 2)]
    _bind(ines, maker.browser)
    both = {(b64(pen.id), generation) for pen in (maker.paper, maker.browser) for generation in (1, 2)}
    assert set(_seeds(body(ines.get("keys/mine")))) == both


# --- session device ---------------------------------------------------------------------------------


def test_h7_only_the_device_itself_can_bind(cast: Cast, ines: Browser, maker: Keymaker) -> None:
    ines.post("keys/start", maker.start())
    stranger = Pen("browser", unseal=maker.browser.unseal)
    forged = stranger.binds(_challenge(ines)) | {"device": b64(maker.browser.id)}
    assert code(ines.post("session/device", forged)) == "bad_signature"
    assert code(_bind(ines, stranger)) == "not_allowed"
    assert code(_bind(ines, maker.paper)) == "not_allowed"
    assert code(_bind(Browser().sign_in(cast.anne_lise), maker.browser)) == "not_allowed"
    assert body(ines.get("session"))["device"] is None


def test_h7_a_challenge_is_good_once_for_its_session_and_two_minutes(
    cast: Cast, ines: Browser, maker: Keymaker
) -> None:
    ines.post("keys/start", maker.start())
    other = Browser().sign_in(cast.ines)
    other.post("session/challenge")
    assert code(other.post("session/device", maker.browser.binds(_challenge(ines)))) == "bad_signature"
    assert code(other.post("session/device", maker.browser.binds(b"c" * 32))) == "not_allowed"
    used = maker.browser.binds(_challenge(ines))
    assert ines.post("session/device", used).status_code == 200
    assert code(ines.post("session/device", used)) == "not_allowed"
    late = maker.browser.binds(_challenge(ines))
    Session.objects.update(challenge_at=clock.ago(120))
    assert code(ines.post("session/device", late)) == "not_allowed"


def test_h7_a_bound_session_speaks_for_its_device(ines: Browser, maker: Keymaker) -> None:
    ines.post("keys/start", maker.start())
    bound = body(_bind(ines, maker.browser))
    assert (bound["stage"], bound["device"]) == ("signed_in", b64(maker.browser.id))
    assert body(ines.get("session"))["device"] == bound["device"]


@pytest.mark.parametrize("sent", ["", "=", "A", "AAAA=", "A" * 30_000, "é"])
def test_h3_what_is_no_statement_is_refused(sent: str, ines: Browser, maker: Keymaker) -> None:
    whole = maker.start()
    assert code(ines.post("keys/start", whole | {"statements": [sent] * 3})) in ("bad_request", "malformed")
    assert code(ines.post("keys/append", {"statements": [sent], "seeds": []})) in ("bad_request", "bad_chain")


def test_random_bytes_change_nothing(ines: Browser, maker: Keymaker) -> None:
    ines.post("keys/start", maker.start())
    for seed in range(40):
        data = base64.urlsafe_b64encode(bytes((seed * 7 + place * 31) % 256 for place in range(seed * 5 + 3)))
        sent = {"statements": [data.decode().rstrip("=")], "seeds": []}
        answer = ines.post("keys/append", sent)
        assert code(answer) in ("malformed", "newer_version", "throttled", "bad_request")
    assert KeyLogEntry.objects.count() == 3


def _challenge(visitor: Browser) -> bytes:
    return octets(body(visitor.post("session/challenge"))["challenge"])


def _bind(visitor: Browser, device: Pen) -> Response:
    return visitor.post("session/device", device.binds(_challenge(visitor)))


def _seeds(mine: Any) -> list[tuple[str, int]]:
    return sorted((seed["device"], seed["generation"]) for seed in mine["seeds"])
