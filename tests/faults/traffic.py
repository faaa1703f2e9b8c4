"""Everybody writes numbered messages at once, until told to stop; a fault is never a reason to."""

import contextlib
import random
import threading
import time
from collections.abc import Sequence

from project.bootstrap.console import Fault
from tests.faults.company import Client, Talk
from tests.faults.screen import Screen
from tests.faults.transcript import Said

# Seconds between two messages of one writer, at most.
PACE_OF_PENS = 0.12
PACE_OF_SCREENS = 0.8
_WORDS = " Le patient va bien, il revient mardi pour le pansement."


class Traffic:
    """One thread a writer; `said` grows until `stop` has returned."""

    def __init__(
        self, talks: Sequence[Talk], seed: str, *, pace: float = 1.0, silent: Sequence[str] = ()
    ) -> None:
        self.said: list[Said] = []
        self._talks, self._seed, self._pace = talks, seed, pace
        self._over = threading.Event()
        self._numbers: dict[tuple[str, str], int] = {}
        clients = {one.name: one for talk in talks for one in talk.clients if one.name not in silent}
        self._writers = [
            threading.Thread(target=self._write, args=(client,), daemon=True) for client in clients.values()
        ]

    def start(self) -> None:
        for writer in self._writers:
            writer.start()

    def stop(self) -> None:
        """Nobody begins another one. `wait` until those begun are through."""
        self._over.set()

    def wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        for writer in self._writers:
            writer.join(timeout=max(0.0, until - time.monotonic()))

    def _write(self, client: Client) -> None:
        chance = random.Random(f"{self._seed} {client.name}")
        own = [talk.id for talk in self._talks if client in talk.clients]
        pace = self._pace * (PACE_OF_SCREENS if isinstance(client, Screen) else PACE_OF_PENS)
        while not self._over.wait(chance.uniform(0, pace)):
            conversation = chance.choice(own)
            # A client that is not running, or not yet open, takes nothing: the number stays for the next try.
            with contextlib.suppress(Fault):
                self._say(client, conversation, _WORDS * chance.randrange(4))

    def _say(self, client: Client, conversation: str, more: str) -> None:
        place = (client.name, conversation)
        number = self._numbers.get(place, 0) + 1
        said = client.say(conversation, number, more)
        self._numbers[place] = number
        self.said.append(said)
