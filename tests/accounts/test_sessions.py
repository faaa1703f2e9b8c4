import secrets
from collections.abc import Callable
from datetime import datetime
from itertools import product
from typing import Any, get_args

import pytest
from django.db import transaction

from accounts import caller as callers_of
from accounts import clock, protocol
from accounts.caller import (
    Caller,
    caller_of,
    caller_still,
    last_revocation,
    revocations_after,
    sessions_still,
    touch,
)
from accounts.errors import Refused
from accounts.models import Device, Passkey, Person, PrintedCode, Revocation, Session, TotpFactor
from accounts.services.people import resume, suspend
from accounts.services.printed import new_codes, replace_codes
from accounts.services.sessions import (
    Given,
    end_sessions_of,
    end_sessions_verified_by,
    refresh_factor,
    verify_session,
)
from accounts.source import BROWSERS, PLATFORMS
from accounts.tokens import token_hash
from tests.accounts.browser import Browser, body, code, stage
from tests.accounts.conftest import Limits
from tests.cast import Cast, make_factor, unused_code


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


def test_a11_the_table_says_of_many_what_is_said_of_one(cast: Cast) -> None:
    """Every combination of what may end, lock or never have opened a session, with and without a device."""
    old = clock.ago(12 * 3600)
    states: dict[str, list[Any]] = {
        "person": [cast.ines, cast.noel, _without_factor(cast)],
        "device": [None, *_devices(cast)],
        "ended_at": [None, clock.now()],
        "created_at": [clock.now(), old],
        "verified_at": [None, clock.now()],
        "last_seen_at": [clock.now(), clock.ago(11 * 60), clock.ago(3600)],
        "shared": [False, True],
        "admin": [False, True],
    }
    Session.objects.bulk_create(
        Session(
            token_hash=secrets.token_bytes(32),
            browser="firefox",
            platform="linux",
            **dict(zip(states, values, strict=True)),
        )
        for values in product(*states.values())
    )
    every = [row.pk for row in Session.objects.all()]
    rows = callers_of._rows().filter(admin=False)
    one_by_one = {row.pk for row in rows if callers_of._stage(row) == "signed_in"}
    assert 0 < len(one_by_one) < len(every)
    assert sessions_still(every) == one_by_one


def _without_factor(cast: Cast) -> Person:
    person = cast.anne_lise
    TotpFactor.objects.filter(user=person).delete()
    return person


def _devices(cast: Cast) -> list[Device]:
    """One that is served, one revoked, one cut off."""
    times: list[dict[str, datetime]] = [{}, {"revoked_at": clock.now()}, {"cut_off_at": clock.now()}]
    fields = {"chain": bytes(32), "sort": "browser", "sign_key": bytes(32), "unseal_key": bytes(1216)}
    return [
        Device.objects.create(
            id=secrets.token_bytes(32), person=cast.ines, added_n=0, added_at=clock.now(), **fields, **more
        )
        for more in times
    ]


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


# --- one's own sessions -----------------------------------------------------------------------------

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604.1"


def test_h14_another_persons_session_one_that_is_over_and_none_are_the_same_bytes(cast: Cast) -> None:
    visitor, other = Browser().sign_in(cast.ines), Browser().sign_in(cast.anne_lise)
    over = Browser().sign_in(cast.ines)
    gone = _name_of(over)
    over.post("sign-out")
    answers = [visitor.post("sessions/end", {"id": id}) for id in (_name_of(other), gone, "0" * 32)]
    assert [code(answer) for answer in answers] == ["not_found"] * 3
    assert len({(answer.content, str(sorted(answer.headers.items()))) for answer in answers}) == 1
    assert other.stage() == "signed_in"


def test_h14_a_password_alone_is_no_place_where_one_is_signed_in(cast: Cast, visitor: Browser) -> None:
    Browser().give_password(cast.ines)
    visitor.sign_in(cast.ines)
    assert len(body(visitor.get("sessions"))["sessions"]) == 1


def test_h14_what_a_browser_says_of_itself_is_kept_as_two_words(cast: Cast) -> None:
    phone, desk = Browser(IPHONE).sign_in(cast.ines), Browser(FIREFOX).sign_in(cast.ines)
    Browser("curl/8.0").sign_in(cast.anne_lise)
    shown = body(phone.get("sessions"))["sessions"]
    assert [(one["browser"], one["platform"], one["here"], one["device"]) for one in shown] == [
        ("safari", "ios", True, None),
        ("firefox", "windows", False, None),
    ]
    assert _name_of(desk) == shown[1]["id"]
    row = Session.objects.get(person=cast.anne_lise)
    assert (row.browser, row.platform) == ("other", "other")


def test_the_words_for_browsers_are_those_of_the_protocol() -> None:
    assert set(BROWSERS) == set(get_args(protocol.Browser))
    assert set(PLATFORMS) == set(get_args(protocol.Platform))


def test_h14_a_session_is_ended_from_another(cast: Cast) -> None:
    visitor, lost = Browser().sign_in(cast.ines), Browser().sign_in(cast.ines)
    assert visitor.post("sessions/end", {"id": _name_of(lost)}).status_code == 200
    assert (visitor.stage(), lost.stage()) == ("signed_in", "signed_out")
    assert [row.what for row in revocations_after(0)] == ["session"]


def test_h14_all_others_are_ended_the_half_signed_in_too(cast: Cast) -> None:
    visitor, lost, half = Browser().sign_in(cast.ines), Browser().sign_in(cast.ines), Browser()
    half.give_password(cast.ines)
    colleague = Browser().sign_in(cast.anne_lise)
    assert visitor.post("sessions/end-others").status_code == 200
    stages = [browser.stage() for browser in (visitor, lost, half, colleague)]
    assert stages == ["signed_in", "signed_out", "signed_out", "signed_in"]
    assert len(revocations_after(0)) == 2


def test_a_removed_factor_ends_what_rests_on_it_and_nothing_else(cast: Cast) -> None:
    here, there, printed, elsewhere = (Browser().sign_in(cast.ines) for _ in range(4))
    Browser().sign_in(cast.anne_lise)
    rests = Given(Session.FactorSort.PASSKEY, 7)
    _rest(here, rests)
    _rest(there, rests)
    _rest(printed, Given(Session.FactorSort.PRINTED, 7))
    _rest(elsewhere, Given(Session.FactorSort.PASSKEY, 8))
    end_sessions_verified_by(cast.ines, rests, but=_session(here))
    assert [one.stage() for one in (here, there, printed, elsewhere)] == [
        "signed_in", "signed_out", "signed_in", "signed_in"
    ]  # fmt: skip


def test_the_last_factor_given_is_the_one_that_a_session_rests_on(cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.ines)
    session = _session(visitor)
    assert (session.factor_sort, session.factor) == ("totp", TotpFactor.objects.get(user=cast.ines).pk)
    passkey = _make_passkey(cast.ines)
    refresh_factor(session, Given(Session.FactorSort.PASSKEY, passkey))
    again = _session(visitor)
    assert (again.factor_sort, again.factor) == ("passkey", passkey)


@pytest.mark.parametrize("sort", Session.FactorSort)
@pytest.mark.parametrize("rest", [verify_session, refresh_factor])
def test_a_factor_removed_since_it_was_recognised_carries_no_session(
    rest: Callable[[Session, Given], object], sort: Session.FactorSort, cast: Cast, visitor: Browser
) -> None:
    visitor.sign_in(cast.ines)
    before = _session(visitor)
    recognised = _recognise(cast.ines, sort)
    _remove(cast.ines, sort)
    with pytest.raises(Refused, match="bad_passkey" if sort == "passkey" else "bad_code"):
        rest(_session(visitor), recognised)
    after = _session(visitor)
    assert (after.fresh_factor_at, after.factor) == (before.fresh_factor_at, before.factor)


@pytest.mark.parametrize("sort", Session.FactorSort)
def test_somebody_elses_factor_carries_no_session(
    sort: Session.FactorSort, cast: Cast, visitor: Browser
) -> None:
    visitor.sign_in(cast.ines)
    with pytest.raises(Refused):
        verify_session(_session(visitor), _recognise(cast.anne_lise, sort))


def test_a_revocation_that_is_not_committed_has_no_number(cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.ines)
    with transaction.atomic():
        end_sessions_of(cast.ines)
        assert [row.n for row in revocations_after(0)] == [1]
        transaction.set_rollback(True)
    assert revocations_after(0) == []
    assert visitor.stage() == "signed_in"


def test_a_reader_begins_before_what_is_revoked_while_it_begins(cast: Cast, visitor: Browser) -> None:
    began = clock.now()
    visitor.sign_in(cast.ines).post("sign-out")
    assert last_revocation(before=began) == 0
    assert last_revocation(before=clock.now()) == 1


def _session(visitor: Browser) -> Session:
    return Session.objects.select_related("person").get(token_hash=token_hash(str(visitor.token)))


def _name_of(visitor: Browser) -> str:
    return _session(visitor).name.hex


def _rest(visitor: Browser, given: Given) -> None:
    Session.objects.filter(pk=_session(visitor).pk).update(factor_sort=given.sort, factor=given.row)


def _recognise(person: Person, sort: Session.FactorSort) -> Given:
    if sort is Session.FactorSort.PASSKEY:
        return Given(sort, _make_passkey(person))
    if sort is Session.FactorSort.TOTP:
        return Given(sort, TotpFactor.objects.get(user=person).pk)
    replace_codes(person, new_codes())
    return Given(sort, PrintedCode.objects.filter(person=person)[0].pk)


def _remove(person: Person, sort: Session.FactorSort) -> None:
    """Another of each sort stays, or comes in its place."""
    if sort is Session.FactorSort.PRINTED:
        replace_codes(person, new_codes())
    elif sort is Session.FactorSort.TOTP:
        TotpFactor.objects.filter(user=person).delete()
        make_factor(person)
    else:
        Passkey.objects.filter(user=person).delete()
        _make_passkey(person)


def _make_passkey(person: Person) -> int:
    id = secrets.token_bytes(16)
    passkey = Passkey.objects.create(
        user=person, name="passkey", credential_id=id, public_key=b"key", sign_count=0
    )
    return int(passkey.pk)
