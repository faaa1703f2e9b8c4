"""F5 to F10: Redis and PostgreSQL die, forget, stay away, and give their place to another."""

import signal

import redis

from tests.faults.registry import elsewhere, fault
from tests.faults.stage import Scene
from tests.faults.standby import standby_of


@fault("F5", "Redis killed and restarted empty")
def redis_killed(scene: Scene) -> None:
    scene.wait(1)
    scene.cluster.redis.kill()
    scene.wait(1)
    scene.cluster.redis.start()
    scene.wait(2)


@fault("F6", "Redis emptied every 2 s")
def redis_emptied(scene: Scene) -> None:
    with redis.Redis.from_url(scene.cluster.redis.url) as store:
        for _ in range(scene.stage.scale.count(3, fast=2, long=10)):
            scene.wait(2)
            store.flushall()


@fault("F7", "Redis lost by one process, then absent: slower, never wrong, new sockets accepted")
def redis_absent(scene: Scene) -> None:
    loser = scene.chance.randrange(len(scene.cluster.processes))
    scene.cluster.lose_redis(loser)
    scene.wait(3)
    scene.cluster.find_redis(loser)
    scene.cluster.redis.stop()
    newcomer = scene.company.screens[4]
    newcomer.kill()
    newcomer.restart()
    scene.wait(scene.lasting(300, full=6))
    scene.demand(newcomer.is_online, f"{newcomer.name} came while Redis was absent and was not let in")
    scene.cluster.redis.start()


@fault("F8", "PostgreSQL crashes inside transactions and restarts")
def postgres_crashed(scene: Scene) -> None:
    for _ in range(2):
        scene.wait(scene.chance.uniform(0.5, 2))
        scene.cluster.postgres.stop(signal.SIGQUIT)
        scene.wait(0.5)
        scene.cluster.postgres.start()


@fault("F9", "PostgreSQL absent")
def postgres_absent(scene: Scene) -> None:
    """Longer than until a message must be marked as not sent; one client is killed with what it holds."""
    scene.wait(1)
    scene.cluster.postgres.stop()
    away, killed = scene.lasting(60, full=12), scene.company.screens[4]
    scene.wait(2)
    killed.kill()
    killed.restart()
    scene.wait(away - 2)
    scene.cluster.postgres.start()


@fault("F10", "fail-over to a synchronous standby")
def failed_over(scene: Scene) -> None:
    with standby_of(scene.cluster.postgres) as standby:
        scene.wait(1.5)
        scene.cluster.fail_over(standby)
        scene.wait(1)


elsewhere("F24", "server restored from an older backup", "tests/backup/test_restored.py")
