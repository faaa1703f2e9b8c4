"""What `/metrics` says while people write: true figures, and no id of anybody."""

import asyncio
import re
from collections.abc import Iterator
from typing import get_args

import pytest

from accounts.errors import AccountCode, KeyLogCode
from accounts.measures import OTHER, REFUSED_REQUESTS, Count, Spread
from messaging import hints
from messaging.errors import LogCode
from messaging.exchange.exchange import exchange_here
from messaging.measures import CLOSED, REFUSED_FRAMES
from messaging.models import FigureCount
from messaging.scrape import page
from tests.accounts.browser import Browser
from tests.messaging.conftest import Limits
from tests.messaging.line import elsewhere, on_line
from tests.messaging.test_figures import today
from tests.messaging.test_health import TASKS
from tests.messaging.world import World, append

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("exchange_of_this_test")]
_LINE = re.compile(r'(\w+)(?:\{(\w+)="([^"]*)"\})? (\S+)')
Sample = tuple[str, str, str]  # name, label, its value

# Written out, not asked of the code: a label, or a value of one, that is not here needs a look first.
_BOUNDS = [
    "0.005",
    "0.01",
    "0.025",
    "0.05",
    "0.1",
    "0.25",
    "0.5",
    "1.0",
    "2.5",
    "5.0",
    "10.0",
    "30.0",
    "+Inf",
]
_ACCOUNT_CODES = {*get_args(AccountCode), OTHER}
LABELS: dict[str, tuple[str, set[str]]] = {
    "colloque_delivery_seconds_bucket": ("le", {str(bound) for bound in _BOUNDS}),
    "colloque_requests_refused_total": ("code", _ACCOUNT_CODES | {*get_args(KeyLogCode), *get_args(LogCode)}),
    "colloque_frames_refused_total": ("code", _ACCOUNT_CODES | set(get_args(LogCode))),
    "colloque_faults_total": ("where", {"request", "frame", OTHER}),
    "colloque_sockets_closed_total": (
        "why",
        {"bad_frames", "signed_out", "not_allowed", "stalled", "outdated", "too_many", "restarting", OTHER},
    ),
    "colloque_hints_sent_total": ("kind", {"hints", "passing", OTHER}),
    "colloque_hints_lost_total": ("kind", {"hints", "passing", OTHER}),
    "colloque_task_restarts_total": ("task", TASKS),
    "colloque_messages_unreadable_total": (
        "cause",
        {"not_for_me", "altered", "malformed", "newer_version", "removed_by_host"},
    ),
}
PLAIN = {
    "colloque_delivery_seconds_sum", "colloque_delivery_seconds_count", "colloque_appends_total",
    "colloque_credit_stalls_total", "colloque_sweeps_healed_total", "colloque_sockets", "colloque_ready",
    "colloque_database_answers", "colloque_layer_reached", "colloque_messages_shown_total",
}  # fmt: skip


def samples(text: str) -> Iterator[tuple[Sample, float]]:
    for line in text.splitlines():
        if not line.startswith("#"):
            found = _LINE.fullmatch(line)
            assert found is not None, line
            yield (found[1], found[2] or "", found[3] or ""), float(found[4])


class Since:
    """How much each figure grew: they are the process's, and other tests ran in it."""

    def __init__(self, before: str) -> None:
        self._before = dict(samples(before))

    async def grew(self, name: str, label: str = "", value: str = "") -> float:
        now = dict(samples(await page()))
        return now[name, label, value] - self._before.get((name, label, value), 0)


async def test_figures_say_what_happened(world: World, limits: Limits) -> None:
    since = Since(await page())
    async with on_line(world.ines) as line, on_line(world.anne_lise, (world.thread.id, 1)) as her:
        for _ in range(3):
            await line.append(world.thread, world.thread.message(world.ines))
            assert (await line.until("appended"))["type"] == "appended"
            assert (await her.until("entry"))["type"] == "entry"
        for frame in ("nonsense", "{}", '{"type":"beat"}'):
            await line.say(frame)
            assert (await line.until("refused"))["code"] == "bad_frame"
        await line.append(world.thread, b"no entry")
        assert (await line.until("refused"))["code"] == "malformed"
        await elsewhere(lambda: Browser().get("conversations"))
        assert await since.grew("colloque_appends_total") == 3
        assert await since.grew("colloque_delivery_seconds_count") == 3
        assert 0 < await since.grew("colloque_delivery_seconds_sum") < 24
        assert await since.grew("colloque_delivery_seconds_bucket", "le", "+Inf") == 3
        assert await since.grew("colloque_frames_refused_total", "code", "bad_frame") == 3
        assert await since.grew("colloque_frames_refused_total", "code", "malformed") == 1
        assert await since.grew("colloque_requests_refused_total", "code", "signed_out") == 1
        assert await since.grew("colloque_hints_sent_total", "kind", "hints") >= 3
        assert await since.grew("colloque_faults_total", "where", "frame") == 0
        assert dict(samples(await page()))["colloque_sockets", "", ""] == 2
    assert dict(samples(await page()))["colloque_sockets", "", ""] == 0


async def test_a_socket_that_returns_no_credit_is_counted_once_and_then_closed(
    world: World, limits: Limits
) -> None:
    limits(credit_frames=1, stall_seconds=1, sweep_seconds=1)
    since = Since(await page())
    async with on_line(world.anne_lise, (world.thread.id, 1)) as her:
        for _ in range(4):
            await elsewhere(lambda: append(world.ines, world.thread, world.thread.message(world.ines)))
        while "close" not in await her.next():
            pass
        assert await since.grew("colloque_credit_stalls_total") == 1
        assert await since.grew("colloque_sockets_closed_total", "why", "stalled") == 1


async def test_a_sweep_that_found_what_no_hint_had_told_is_counted(world: World, limits: Limits) -> None:
    limits(hint_seconds=1, sweep_seconds=1)
    async with on_line(world.anne_lise, (world.thread.id, 1)) as her:
        exchange = exchange_here()
        hints.stop_listening(exchange._told)
        since = Since(await page())
        await elsewhere(lambda: append(world.ines, world.thread, world.thread.message(world.ines)))
        assert (await her.until("entry"))["type"] == "entry"  # a young one may be a hint on its way
        await asyncio.sleep(2.5)
        assert await since.grew("colloque_sweeps_healed_total") == 0
        exchange.dealer.heads.clear()  # as if nobody had dealt it
        await asyncio.sleep(2.5)
        assert await since.grew("colloque_sweeps_healed_total") >= 1


async def test_what_browsers_could_not_open_is_told_by_cause(db: None) -> None:
    def counted() -> None:
        FigureCount.objects.create(day=today(), cause="altered", count=3)
        FigureCount.objects.create(day=today().replace(year=2020), cause="altered", count=4)
        FigureCount.objects.create(day=today(), cause="shown", count=50)

    await elsewhere(counted)
    await asyncio.sleep(1.1)  # what was read a second ago holds
    told = dict(samples(await page()))
    assert told["colloque_messages_unreadable_total", "cause", "altered"] == 7
    assert told["colloque_messages_unreadable_total", "cause", "malformed"] == 0
    assert told["colloque_messages_shown_total", "", ""] == 50


async def test_no_label_and_no_value_is_anybodys(world: World) -> None:
    async with on_line(world.ines):
        for measure in (REFUSED_REQUESTS, REFUSED_FRAMES, CLOSED):
            measure.add(world.ines.person.pk.hex)
        text = await page()
    for (name, label, value), _ in samples(text):
        assert (
            name in PLAIN if label == "" else (label, {value} - LABELS[name][1]) == (LABELS[name][0], set())
        )
    assert {name for (name, _, _), _ in samples(text)} == PLAIN | set(LABELS)
    assert not re.search(r"[0-9a-f]{16}|[A-Za-z0-9-]{22}", text)


def test_a_spread_counts_up_to_each_bound() -> None:
    spread = Spread("a_seconds", "What.", (0.1, 1.0))
    for seconds in (0.1, 0.05, 0.5, 7.0):
        spread.add(seconds)
    assert list(spread.lines()) == [
        "# HELP a_seconds What.", "# TYPE a_seconds histogram",
        'a_seconds_bucket{le="0.1"} 2', 'a_seconds_bucket{le="1.0"} 3', 'a_seconds_bucket{le="+Inf"} 4',
        "a_seconds_sum 7.65", "a_seconds_count 4",
    ]  # fmt: skip


def test_a_count_knows_its_values() -> None:
    count = Count("a_total", "What.", label="sort", values=("one",))
    for value in ("one", "two", "x" * 64, "one"):
        count.add(value)
    assert list(count.lines())[2:] == ['a_total{sort="one"} 2', 'a_total{sort="other"} 2']
