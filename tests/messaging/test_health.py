"""What `/health/live` and `/health/ready` say: tasks, database, layer. Without the layer a process is slower,
never wrong, and stays ready."""

import asyncio
import json
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import AsyncClient
from pytest_django.fixtures import Settings

from messaging import health
from messaging.exchange.exchange import exchange_here
from messaging.health import Probe
from tests import services
from tests.messaging.conftest import Limits
from tests.messaging.line import elsewhere, on_line
from tests.messaging.world import World, append

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("exchange_of_this_test")]
TASKS = {"hear", "publish", "pass", "deal", "sweep", "mark", "whisper", "present", "write"}


async def ready() -> tuple[int, Any]:
    answer = await AsyncClient().get("/health/ready")
    assert (answer.status_code == 503) == ("Retry-After" in answer.headers)
    return answer.status_code, json.loads(answer.content)


@pytest.fixture(autouse=True)
def _nothing_holds_from_another_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_HOLDS_SECONDS", 0.0)


async def test_a_process_without_a_socket_lives_and_is_ready() -> None:
    answer = await AsyncClient().get("/health/live")
    assert (answer.status_code, answer.content) == (200, b'{"live":true}')
    status, body = await ready()
    assert (status, body["ready"], body["tasks"]) == (200, True, {})


async def test_ready_names_the_tasks_and_nobody(world: World) -> None:
    async with on_line(world.ines):
        assert await ready() == (200, {
            "ready": True, "database": "answers", "layer": "reached",
            "tasks": dict.fromkeys(TASKS, "running"), "restarts": dict.fromkeys(TASKS, 0),
        })  # fmt: skip


async def test_a_task_that_died_shows_and_comes_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
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
        status, body = await ready()
        assert (status, body["ready"], body["tasks"]["deal"]) == (503, False, "restarting")
        assert (body["database"], body["layer"]) == ("answers", "reached")
        monkeypatch.undo()
        await elsewhere(lambda: append(world.ines, world.thread, world.thread.message(world.ines)))
        assert (await her.next())["type"] in ("entry", "behind")
        status, body = await ready()
        assert (status, body["tasks"]["deal"], body["restarts"]["deal"]) == (200, "running", 1)


async def test_without_the_layer_it_is_degraded_and_ready(world: World, settings: Settings) -> None:
    away = {"hosts": [f"redis://127.0.0.1:{services.free_port()}"], "prefix": "away"}
    backend = "channels_redis.pubsub.RedisPubSubChannelLayer"
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": backend, "CONFIG": away}}
    async with on_line(world.ines):
        status, body = await ready()
        assert (status, body["ready"], body["layer"]) == (200, True, "degraded")


async def test_a_database_that_lacks_a_migration_is_not_ready(world: World) -> None:
    def recorded(*, applied: bool) -> None:
        recorder = MigrationRecorder(connection)
        (recorder.record_applied if applied else recorder.record_unapplied)("messaging", "0001_initial")

    await elsewhere(lambda: recorded(applied=False))
    try:
        status, body = await ready()
    finally:
        await elsewhere(lambda: recorded(applied=True))
    assert (status, body["ready"], body["database"]) == (503, False, "not_migrated")
    assert (await ready())[1]["database"] == "answers"


async def test_what_was_answered_holds_for_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_HOLDS_SECONDS", 0.2)
    asked: list[bool] = []

    async def ask() -> bool:
        asked.append(True)
        return True

    probe = Probe(ask, silent=False)
    assert await asyncio.gather(*(probe.answer() for _ in range(20))) == [True] * 20
    assert len(asked) == 1
    await asyncio.sleep(0.25)
    assert await probe.answer()
    assert len(asked) == 2


async def test_who_does_not_answer_is_asked_once_and_called_silent(limits: Limits) -> None:
    limits(health_seconds=1)
    asked: list[asyncio.Event] = []

    async def ask() -> bool:
        asked.append(asyncio.Event())
        return await asked[-1].wait()

    probe = Probe(ask, silent=False)
    assert await asyncio.gather(*(probe.answer() for _ in range(2))) == [False, False]
    assert await probe.answer() is False
    assert len(asked) == 1
    asked[0].set()
    assert await probe.answer() is True
