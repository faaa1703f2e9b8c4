"""H18: how many messages browsers showed and could not open: counts of nobody in particular."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from accounts import clock
from messaging.models import FigureCount
from messaging.queries import figures_since
from tests.accounts.browser import Browser, body, code
from tests.messaging.conftest import Limits
from tests.messaging.world import Desk, World


def at(desk: Desk) -> Browser:
    made = Browser()
    made.token = desk.token
    return made


@pytest.mark.parametrize(
    "said",
    [
        {}, {"shown": 1}, {"shown": -1, "unreadable": []}, {"shown": 1_000_001, "unreadable": []},
        {"shown": 1, "unreadable": [["bonjour", 1]]}, {"shown": 1, "unreadable": [["altered", -1]]},
        {"shown": 1, "unreadable": [["altered", 1]] * 6}, {"shown": 1, "unreadable": [], "person": "x"},
    ],
)  # fmt: skip
def test_h18_what_is_no_count_is_refused(world: World, said: dict[str, object]) -> None:
    assert code(at(world.ines).post("figures", said)) == "bad_request"
    assert not FigureCount.objects.exists()


def test_h18_a_device_counts_once_an_hour(world: World, limits: Limits) -> None:
    said = {"shown": 1, "unreadable": []}
    assert at(world.ines).post("figures", said).status_code == 200
    refused = at(world.ines).post("figures", said)
    assert (refused.status_code, code(refused)) == (429, "throttled")
    assert at(world.anne_lise).post("figures", said).status_code == 200
    assert figures_since(today()) == [(today(), "shown", 2)]


def test_h18_counts_of_a_day_add_up(world: World) -> None:
    said = {"shown": 40, "unreadable": [["altered", 2], ["not_for_me", 1], ["altered", 1]]}
    assert body(at(world.ines).post("figures", said)) == {}
    at(world.anne_lise).post("figures", {"shown": 2, "unreadable": [["altered", 4]]})
    FigureCount.objects.create(day=today() - timedelta(days=1), cause="shown", count=7)
    assert figures_since(today()) == [
        (today(), "altered", 7), (today(), "not_for_me", 1), (today(), "shown", 42)
    ]  # fmt: skip
    assert len(figures_since(today() - timedelta(days=1))) == 4


def today() -> date:
    return localdate(clock.now())
