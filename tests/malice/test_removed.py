"""Who was removed, and who left, with everything they captured, their open socket and the whole database."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from accounts.protocol import b64
from messaging.client.drafting import removed
from tests.conftest import StartColloque
from tests.e2e.people import Account, invite
from tests.e2e.settings import told
from tests.e2e.wire import Answer
from tests.malice.colleague import Colleague
from tests.malice.dump import Dump
from tests.malice.planting import plant_entry
from tests.running import Colloque

LEAVE = 500  # the `ref` of the frame by which she leaves
SWEEP = 1  # seconds after which the host has told whatever it tells
LAST = "La ligne est encore là"
Frame = dict[str, Any]


@dataclass
class Circle:
    """Three in a team who have written; Zoé has opened a socket and captures all that comes."""

    server: Colloque
    ines: Colleague
    gaetan: Colleague
    zoe: Colleague
    team: bytes
    direct: bytes

    def dump(self) -> Dump:
        return Dump(self.server, self.team)

    def is_told(self, frame: Frame) -> bool:
        return b64(self.team) in json.dumps(frame)

    def go_on(self) -> None:
        """Whoever stays takes up that she is gone, writes, renews, and writes again."""
        self.ines.change(self.team)
        self.ines.send(self.team, "Sans elle")
        self.gaetan.pull(self.team)
        self.gaetan.send(self.team, "Sans elle, oui")
        self.ines.change(self.team)
        self.ines.send(self.team, "Encore sans elle")
        self.gaetan.pull(self.team)


@dataclass
class Parting:
    """She was in up to `end`; then the others went on, and her socket stayed open through it all."""

    circle: Circle
    end: int
    heard: list[Frame]
    tried: Answer  # an epoch of hers, straight afterwards
    after: list[Frame]


def removes(circle: Circle) -> None:
    circle.ines.change(circle.team, removed(circle.zoe.chain))


def leaves(circle: Circle) -> None:
    entry = b64(circle.zoe.leaving(circle.team))
    told = {"type": "append", "ref": LEAVE, "conversation": b64(circle.team), "entry": entry}
    circle.zoe.live.send(json.dumps(told))


Way = Callable[[Circle], None]


@pytest.fixture(scope="module")
def host(start_colloque: StartColloque) -> tuple[Colloque, Iterator[Account]]:
    server = start_colloque(told={**told(), "COLLOQUE_LIMIT_SWEEP_SECONDS": str(SWEEP)})
    return server, invite(server, 9)


@contextmanager
def gathered(host: tuple[Colloque, Iterator[Account]]) -> Iterator[Circle]:
    server, people = host
    ines, gaetan, zoe = (Colleague(server, next(people)).join() for _ in range(3))
    direct = ines.start_direct(zoe.account.family)
    team = ines.found_team("Sortie du service", gaetan.account, zoe.account)
    for text in ("Avant", "Avant aussi"):
        ines.send(team, text)
    gaetan.pull(team)
    zoe.greet([(talk, zoe.pull(talk).log.head) for talk in (team, direct)])
    yield Circle(server, ines, gaetan, zoe, team, direct)
    for one in (ines, gaetan, zoe):
        one.close()


@pytest.fixture(scope="module", params=[removes, leaves])
def parting(host: tuple[Colloque, Iterator[Account]], request: pytest.FixtureRequest) -> Iterator[Parting]:
    with gathered(host) as circle:
        end = circle.dump().head + 1
        part: Way = request.param
        part(circle)
        heard = heard_until(circle.zoe, "gone")
        tried = circle.zoe.offer(circle.team, circle.zoe.made(circle.zoe.with_herself(circle.dump().log())))
        circle.go_on()
        circle.ines.send(circle.direct, LAST)
        yield Parting(circle, end, heard, tried, heard_until_silent(circle.zoe))


def heard_until(one: Colleague, kind: str) -> list[Frame]:
    frames: list[Frame] = []
    while not frames or frames[-1]["type"] != kind:
        frames.append(json.loads(one.live.recv(timeout=10)))
    return frames


def heard_until_silent(one: Colleague) -> list[Frame]:
    frames: list[Frame] = []
    while True:
        try:
            frames.append(json.loads(one.live.recv(timeout=3 * SWEEP)))
        except TimeoutError:
            return frames


def test_f11_f12_nothing_of_the_team_follows_on_a_socket_that_stays_open(parting: Parting) -> None:
    circle = parting.circle
    told = [frame for frame in parting.after if circle.is_told(frame)]
    assert [frame for frame in told if (frame["type"], frame.get("ref")) != ("appended", LEAVE)] == []
    dealt = [frame["conversation"] for frame in parting.after if frame["type"] == "entry"]
    assert dealt == [b64(circle.direct)], "what else she is in goes on"
    circle.zoe.live.send(json.dumps({"type": "beat", "ref": 900}))
    assert not any(circle.is_told(frame) for frame in heard_until(circle.zoe, "heads"))


def test_f11_what_came_before_the_farewell_is_no_later_than_her_end(parting: Parting) -> None:
    places = [frame["seq"] for frame in parting.heard if "seq" in frame and parting.circle.is_told(frame)]
    heads = [frame["head"] for frame in parting.heard if frame["type"] == "behind"]
    assert all(place <= parting.end for place in places + heads)


def test_h12_she_is_served_up_to_her_end_and_no_further(parting: Parting) -> None:
    circle = parting.circle
    page = circle.zoe.wire.fine(f"/api/entries?conversation={b64(circle.team)}&after=0")
    assert (page["head"], page["entries"][-1]["seq"]) == (parting.end, parting.end)
    assert page["entries"][-1]["wrap"] is None
    assert circle.dump().head > parting.end + 4


def test_e8_with_all_she_has_and_the_whole_database_nothing_later_opens(parting: Parting) -> None:
    circle, dump = parting.circle, parting.circle.dump()
    circle.zoe.pull(circle.team)
    keys = circle.zoe.secrets()
    assert dump.opened(keys, after=parting.end) == []
    assert {one.what for one in dump.opened(keys)} == {"wrap", "message"}, "the same tries open what she had"
    theirs = {one.what for one in dump.opened(circle.gaetan.secrets(), after=parting.end)}
    assert theirs == {"wrap", "message"}, "and to who stayed, what came later"


def test_h10_l11_the_server_takes_nothing_more_from_her(parting: Parting) -> None:
    circle, head = parting.circle, parting.circle.dump().head
    assert (parting.tried.status, parting.tried.code) == (404, "not_found")
    late = circle.zoe.leaving(circle.team)
    assert circle.zoe.append(circle.team, late)["code"] == "not_a_member"
    assert circle.dump().head == head


def test_e10_an_epoch_of_hers_that_the_host_appends_is_followed_by_nobody(parting: Parting) -> None:
    _is_not_followed(parting.circle)


def test_e10_nor_is_one_of_hers_between_her_leaving_and_the_next_epoch(
    host: tuple[Colloque, Iterator[Account]],
) -> None:
    with gathered(host) as circle:
        leaves(circle)
        heard_until(circle.zoe, "gone")
        _is_not_followed(circle)


def _is_not_followed(circle: Circle) -> None:
    zoe, ines, gaetan, team = circle.zoe, circle.ines, circle.gaetan, circle.team
    made = zoe.made(zoe.with_herself(circle.dump().log()))
    place = plant_entry(circle.server, team, made.statement, made.wraps, {zoe.chain: zoe.me["id"]})
    for one in (ines, gaetan):
        verdict = one.pull(team).log.verdicts[-1]
        assert (verdict.outcome, verdict.code) == ("refused", "not_a_member")
    ines.change(team)
    gaetan.pull(team)
    gaetan.send(team, "Sous la vraie clé")
    assert ines.pull(team).texts[-1] == "Sous la vraie clé"
    keys = {**zoe.secrets(), "the secret she made": made.secret}
    assert circle.dump().opened(keys, after=place) == []
