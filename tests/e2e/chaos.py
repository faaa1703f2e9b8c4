"""A channel layer that treats hints as badly as a network may: drops, doubles and delays them, by a seed."""

import asyncio
import os
import random
from typing import Any

from channels_redis.pubsub import RedisPubSubChannelLayer
from django.conf import settings

DROPPED, DOUBLED, DELAYED = 0.3, 0.2, 0.3
LONGEST_DELAY = 2.0


class ChaosLayer(RedisPubSubChannelLayer):  # type: ignore[misc]  # channels_redis has no types
    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._chance = random.Random(int(os.environ["COLLOQUE_TEST_CHAOS"]))
        self._late: set[asyncio.Task[None]] = set()

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        if self._happens("dropped", DROPPED):
            return
        for _ in range(2 if self._happens("doubled", DOUBLED) else 1):
            late = self._happens("delayed", DELAYED)
            self._send(group, message, self._chance.uniform(0, LONGEST_DELAY) if late else 0.0)

    def _happens(self, what: str, share: float) -> bool:
        """Noted, so that a test can tell a storm from a calm."""
        happens = self._chance.random() < share
        if happens:
            with (settings.STATE / "chaos").open("a") as tally:
                tally.write(f"{what}\n")
        return happens

    def _send(self, group: str, message: dict[str, Any], wait: float) -> None:
        async def send() -> None:
            await asyncio.sleep(wait)
            await self._get_layer().group_send(group, message)

        task = asyncio.create_task(send())
        self._late.add(task)
        task.add_done_callback(self._late.discard)
