"""A channel layer as bad as the real ones may be: it loses, doubles and delays hints."""

import asyncio
import random
from typing import Any

from channels.layers import InMemoryChannelLayer


class LossyLayer(InMemoryChannelLayer):  # type: ignore[misc]  # Channels has no types
    def __init__(self, seed: int = 1, **config: Any) -> None:
        super().__init__(**config)
        self._chance = random.Random(seed)
        self.sent = self.lost = 0
        self._late: set[asyncio.Task[None]] = set()

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        self.sent += 1
        fate = self._chance.random()
        if fate < 0.5:
            self.lost += 1
        elif fate < 0.65:
            await super().group_send(group, message)
            await super().group_send(group, message)
        elif fate < 0.9:
            late = asyncio.create_task(self._send_late(group, message))
            self._late.add(late)
            late.add_done_callback(self._late.discard)
        else:
            await super().group_send(group, message)

    async def _send_late(self, group: str, message: dict[str, Any]) -> None:
        await asyncio.sleep(self._chance.random())
        await super().group_send(group, message)
