"""T4, T5 and T7 as the Python client follows them. Refusals first."""

import os

import pytest

from accounts.protocol import b64
from messaging.client.following import FollowedLog
from messaging.client.restoring import MOST, PART, Forked, Held, Histories, RolledBack, parts
from messaging.loghash import first_hash, next_hash

ONE, OTHER = os.urandom(16), os.urandom(16)
NOW = 1_000


def told(id: bytes, until: int | None = None) -> dict[str, object]:
    return {"id": b64(id), "restored": None if until is None else 5, "until": until}


def log_of(entries: int) -> FollowedLog:
    log = FollowedLog(os.urandom(32))
    for place in range(1, entries + 1):
        log.hashes.append(next_hash(log.hashes[-1], place, os.urandom(32)))
    return log


def restored(log: FollowedLog, until: int = NOW + 60) -> Histories:
    histories = Histories()
    assert not histories.hear(told(ONE), [log.conversation])
    assert histories.hear(told(OTHER, until), [log.conversation])
    return histories


def test_t5_l7_less_in_the_same_history_is_rolled_back() -> None:
    log, histories = log_of(5), Histories()
    histories.hear(told(ONE), [log.conversation])
    histories.hear(told(ONE), [log.conversation])
    with pytest.raises(RolledBack):
        histories.check_shorter(log, 3, log.hashes[3], NOW)


def test_t4_less_is_rolled_back_when_nothing_is_taken_back_any_more() -> None:
    log = log_of(5)
    with pytest.raises(RolledBack):
        restored(log, until=NOW).check_shorter(log, 3, log.hashes[3], NOW)


def test_t4_what_was_served_again_as_it_is_here_is_guarded_as_before() -> None:
    log = log_of(5)
    histories = restored(log)
    histories.awaited.discard(log.conversation)
    with pytest.raises(RolledBack):
        histories.check_shorter(log, 3, log.hashes[3], NOW)


def test_t5_something_else_in_its_place_is_a_fork() -> None:
    log = log_of(5)
    with pytest.raises(Forked):
        restored(log).check_shorter(log, 3, log.hashes[4], NOW)


def test_t5_less_of_the_same_is_restored() -> None:
    log = log_of(5)
    histories = restored(log)
    histories.check_shorter(log, 3, log.hashes[3], NOW)
    histories.check_shorter(log, 0, first_hash(log.conversation), NOW)
    assert histories.restored == 5


def test_t7_parts_keep_the_order_and_fit_into_a_request() -> None:
    held = [Held(os.urandom(size % 40_000), size) for size in range(0, 400_000, 1_000)]
    held += [Held(b"x", 1, {os.urandom(32): os.urandom(1200) for _ in range(200)})] * 3
    held += [Held(b"x", 1)] * (2 * MOST)
    cut = list(parts(held))
    assert [one for part in cut for one in part] == held
    assert all(len(part) <= MOST for part in cut)
    assert all(len(str([one.as_told() for one in part])) <= PART + 100_000 for part in cut)
    assert list(parts([])) == []
