from datetime import datetime

import pytest

from accounts import clock
from accounts.caller import Caller, caller_of, caller_still, revocations_after, sessions_still, touch
from accounts.errors import Refused
from accounts.models import Revocation, Session
from accounts.services.people import resume, suspend
from tests.accounts.browser import Browser, code, stage
from tests.accounts.conftest import Limits
from tests.cast import Cast, unused_code


def test_a_session_ends_after_12_hours_whatever_happens(cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.ines)
    Session.objects.update(created_at=clock.ago(12 * 3600 - 60))
    assert visitor.stage() == "signed_in"
    Session.objects.update(created_at=clock.ago(12 * 3600))
    assert visitor.stage() == "signed_out"
    assert code(visitor.post("unlock", {"code": unused_code(cast.ines)})) == "signed_out"


def test_a_session_locks_after_60_idle_minutes_and_a_code_unlocks(cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.ines)
    _idle(3599)
    assert visitor.get("people").status_code == 200
    _idle(3600)
    assert visitor.stage() == "locked"
    assert code(visitor.get("people")) == "locked"
    assert code(visitor.post("factor/fresh", {"code": unused_code(cast.ines)})) == "locked"
    old = str(visitor.token)
    assert stage(visitor.post("unlock", {"code": unused_code(cast.ines)})) == "signed_in"
    assert visitor.token != old


def test_a_lock_does_not_open_by_itself(cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.ines)
    _idle(3600)
    for _ in range(3):
        visitor.get("session")
        visitor.get("people")
        visitor.post("vault/open", {"vault": "A" * 22})
    assert visitor.stage() == "locked"


def test_a_wrong_code_does_not_unlock(cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.ines)
    _idle(3600)
    assert code(visitor.post("unlock", {"code": "000000"})) == "bad_code"
    assert visitor.stage() == "locked"


def test_a_shared_workstation_locks_sooner(cast: Cast, visitor: Browser, limits: Limits) -> None:
    limits(idle_shared_seconds=600)
    visitor.sign_in(cast.ines, shared=True)
    _idle(600)
    assert visitor.stage() == "locked"


def test_a_password_alone_lasts_minutes(cast: Cast, visitor: Browser, limits: Limits) -> None:
    limits(session_unverified_seconds=900)
    visitor.give_password(cast.ines)
    Session.objects.update(created_at=clock.ago(900))
    assert visitor.stage() == "signed_out"


def test_reading_does_not_keep_awake_and_acting_does(cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.ines)
    _idle(600)
    before = _seen()
    visitor.get("people")
    visitor.get("session")
    assert _seen() == before
    visitor.post("vault/open", {"vault": "A" * 22})
    assert _seen() > before


def test_last_seen_is_written_once_a_minute(cast: Cast, visitor: Browser) -> None:
    caller = _caller(visitor.sign_in(cast.ines))
    before = _seen()
    touch(caller)
    assert _seen() == before
    _idle(61)
    touch(caller)
    assert _seen() > before


def test_a_touch_wakes_no_locked_session(cast: Cast, visitor: Browser) -> None:
    caller = _caller(visitor.sign_in(cast.ines))
    _idle(3600)
    touch(caller)
    assert visitor.stage() == "locked"


def test_a_caller_is_known_by_an_asgi_scope_too(cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.ines)
    caller = caller_of({"headers": [(b"cookie", f"other=[]; =; colloque={visitor.token}".encode())]})
    assert caller.person == cast.ines
    assert caller.device is None
    with pytest.raises(Refused, match="not_allowed"):
        caller.with_device()


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(b"cookie", b"")],
        [(b"cookie", b"colloque=")],
        [(b"cookie", b"colloque=x")],
        [(b"cookie", b"\xff;=;[]")],
    ],
)
def test_a_scope_without_a_session_is_refused(headers: list[tuple[bytes, bytes]], cast: Cast) -> None:
    with pytest.raises(Refused, match="signed_out"):
        caller_of({"headers": headers})


def test_a_password_only_scope_is_refused(cast: Cast, visitor: Browser) -> None:
    visitor.give_password(cast.ines)
    with pytest.raises(Refused, match="second_factor_needed"):
        _caller(visitor)


def test_a11_a_caller_is_no_more_after_each_way_of_ending(cast: Cast) -> None:
    browsers = [Browser().sign_in(person) for person in (cast.ines, cast.anne_lise, cast.gaetan)]
    callers = [_caller(visitor) for visitor in browsers]
    assert all(map(caller_still, callers))
    browsers[0].post("sign-out")
    suspend(cast.anne_lise)
    Session.objects.filter(person=cast.gaetan).delete()
    assert not any(map(caller_still, callers))
    assert sessions_still(caller.session.pk for caller in callers) == frozenset()


def test_a_locked_caller_is_no_more(cast: Cast, visitor: Browser) -> None:
    caller = _caller(visitor.sign_in(cast.ines))
    _idle(3600)
    assert not caller_still(caller)


def test_revocations_are_numbered_without_holes(cast: Cast) -> None:
    for person in (cast.ines, cast.anne_lise):
        Browser().sign_in(person).post("sign-out")
    suspend(cast.gaetan)
    rows = revocations_after(0)
    assert [(row.n, row.what, row.person) for row in rows] == [
        (1, "session", cast.ines.pk),
        (2, "session", cast.anne_lise.pk),
        (3, "person", cast.gaetan.pk),
    ]
    assert [row.n for row in revocations_after(2)] == [3]


def test_an_end_is_said_once(cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.ines)
    suspend(cast.ines)
    suspend(cast.ines)
    visitor.post("sign-out")
    assert [row.what for row in revocations_after(0)] == ["session", "person"]


def test_revocations_of_parallel_transactions_have_no_hole(cast: Cast) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    from accounts.services.revocations import revoke_person

    def revoke(_: int) -> None:
        try:
            revoke_person(cast.ines)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(revoke, range(40)))
    assert list(Revocation.objects.order_by("n").values_list("n", flat=True)) == list(range(1, 41))


def test_somebody_resumed_signs_in_again(cast: Cast) -> None:
    resume(cast.noel)
    Browser().sign_in(cast.noel)


def _idle(amount: int) -> None:
    Session.objects.update(last_seen_at=clock.ago(amount))


def _seen() -> datetime:
    return Session.objects.get().last_seen_at


def _caller(visitor: Browser) -> Caller:
    return caller_of({"headers": [(b"cookie", f"colloque={visitor.token}".encode())]})
