"""What `/health` says of the exchange: which tasks run, and whether the database answers."""

import asyncio
import json

import pytest

from messaging.exchange.exchange import exchange_here
from tests.messaging.line import elsewhere, on_line
from tests.messaging.world import World, append

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("exchange_of_this_test")]


async def test_health_names_the_tasks(world: World) -> None:
    from django.test import AsyncClient

    async with on_line(world.ines):
        answer = await AsyncClient().get("/health")
        body = json.loads(answer.content)
        assert answer.status_code == 200
        assert body["live"]
        assert body["ready"]
        assert set(body["tasks"]) == {
            "hear", "publish", "pass", "deal", "sweep", "mark", "whisper", "present", "write",
        }  # fmt: skip


async def test_health_asks_the_database_at_most_once_a_second(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.test import AsyncClient

    from messaging import views

    asked: list[bool] = []

    def answers_now() -> bool:
        asked.append(True)
        return True

    monkeypatch.setattr(views, "_database_answers", answers_now)
    monkeypatch.setattr(views, "_health", views._Health())
    answers = await asyncio.gather(*(AsyncClient().get("/health") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(asked) == 1
    await asyncio.sleep(1.1)
    await AsyncClient().get("/health")
    assert len(asked) == 2


async def test_health_shows_a_task_that_died_and_it_comes_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_line(world.anne_lise, (world.thread.id, 1)) as her:
        exchange = exchange_here()
        broken = asyncio.Event()

        async def fails() -> None:
            broken.set()
            raise RuntimeError

        monkeypatch.setattr(exchange.dealer, "deal", fails)
        await elsewhere(lambda: append(world.ines, world.thread, world.thread.message(world.ines)))
        await broken.wait()
        await asyncio.sleep(0)
        assert exchange.tasks.states["deal"] == "restarting"
        monkeypatch.undo()
        await elsewhere(lambda: append(world.ines, world.thread, world.thread.message(world.ines)))
        assert (await her.next())["type"] in ("entry", "behind")
        assert exchange.tasks.all_running()
