"""Tasks that must not die: one that does is said, restarted, and seen by whoever asks."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal

import structlog

State = Literal["running", "restarting"]
_PAUSE_SECONDS = 1.0
_log = structlog.get_logger("messaging")


class Supervisor:
    def __init__(self) -> None:
        self.states: dict[str, State] = {}
        self.restarts: dict[str, int] = {}
        self._tasks: list[asyncio.Task[None]] = []

    def keep(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        self.states[name] = "running"
        self.restarts[name] = 0
        self._tasks.append(asyncio.create_task(self._forever(name, work), name=f"exchange.{name}"))

    def all_running(self) -> bool:
        return all(state == "running" for state in self.states.values())

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        # Bounded: the Redis layer, when cancelled, may wait for an answer that never comes.
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_PAUSE_SECONDS)
        self._tasks.clear()

    async def _forever(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                self.states[name] = "running"
                await work()
            except Exception:  # whatever it was: delivery must go on
                _log.exception("exchange.task_died", task=name)
            self.states[name] = "restarting"
            self.restarts[name] += 1
            await asyncio.sleep(_PAUSE_SECONDS)
