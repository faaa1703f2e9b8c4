"""Real servers come up, freeze, die and come back; what is missing is named with what brings it."""

import os
import signal
from collections.abc import Callable

import psycopg
import pytest
from redis import Redis
from redis.exceptions import TimeoutError as RedisTimeout

from tests import services
from tests.running import Colloque


@pytest.mark.redis
def test_redis_answers_freezes_and_comes_back() -> None:
    with services.redis() as server:
        client = Redis.from_url(server.url, socket_timeout=0.5)
        assert client.ping()
        server.freeze()
        with pytest.raises(RedisTimeout):
            client.ping()
        server.thaw()
        assert client.ping()
        server.stop()
        server.start()
        assert client.ping()
        client.close()


@pytest.mark.postgres
def test_postgres_keeps_what_was_committed_through_a_crash() -> None:
    with services.postgres() as server:
        server.run("CREATE TABLE kept (n int)")
        server.run("INSERT INTO kept VALUES (7)")
        server.stop(signal.SIGQUIT)
        server.start()
        with psycopg.connect(server.url()) as connection:
            row = connection.execute("SELECT n FROM kept").fetchone()
        assert row == (7,)


@pytest.mark.postgres
@pytest.mark.redis
def test_colloque_serves_on_postgres_and_redis(start_colloque: Callable[..., Colloque]) -> None:
    server = start_colloque(backend="postgres")
    code = "from django.conf import settings as s; print(s.DATABASES, s.CHANNEL_LAYERS)"
    told = server.manage("shell", "--no-imports", "-c", code)
    assert "django.db.backends.postgresql" in told
    assert "RedisPubSubChannelLayer" in told


def test_what_is_missing_is_named_with_the_command_that_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(services.Missing) as missing:
        services.find("no-such-server", package="redis-server", wheel=None)
    told = "run: sudo apt-get install -y --no-install-recommends redis-server"
    assert str(missing.value) == f"no-such-server is missing; {told}"
