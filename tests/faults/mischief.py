"""What a bad network may do to the frames of one socket, in one direction."""

import json
import random
from collections.abc import Collection

from tests.faults.connection import Cut, Direction
from tests.faults.frames import Done, Mischief, Mischiefs, Sent
from tests.malice.frames import Frame

WINDOW = 10


class Calm:
    def take(self, frame: Frame) -> Sent:
        return [frame]

    def rest(self) -> Sent:
        return []


class Doubled(Calm):
    """Every frame comes twice."""

    def __init__(self, done: Done) -> None:
        self._done = done

    def take(self, frame: Frame) -> Sent:
        self._done("doubled")
        return [frame, frame]


class Swapped:
    """Frames overtake one another, none by as many as the window holds."""

    def __init__(self, chance: random.Random, done: Done) -> None:
        self._chance, self._done = chance, done
        self._held: list[Frame] = []

    def take(self, frame: Frame) -> Sent:
        self._held.append(frame)
        return self.rest() if len(self._held) == WINDOW else []

    def rest(self) -> Sent:
        held, self._held = self._held, []
        order = list(range(len(held)))
        self._chance.shuffle(order)
        for place, before in enumerate(order):
            if place != before:
                self._done("swapped")
        return [held[place] for place in order]


class Ended(Calm):
    """The line may end at a frame of these kinds: before it, or in the middle of it."""

    def __init__(
        self, kinds: Collection[str], share: float, *, torn: bool, chance: random.Random, done: Done
    ) -> None:
        self._kinds, self._share, self._torn = kinds, share, torn
        self._chance, self._done = chance, done

    def take(self, frame: Frame) -> Sent:
        kind = json.loads(frame.payload)["type"]
        if kind not in self._kinds or self._chance.random() >= self._share:
            return [frame]
        self._done(f"{'torn' if self._torn else 'lost'} {kind}")
        if not self._torn:
            raise Cut
        whole = frame.encode()
        return [whole[: self._chance.randrange(1, len(whole))]]


def calm(direction: Direction, done: Done) -> Mischief:
    return Calm()


def doubling(direction: Direction, done: Done) -> Mischief:
    return Doubled(done)


def swapping(seed: int) -> Mischiefs:
    chance = random.Random(seed)
    return lambda direction, done: Swapped(chance, done)


def losing(*kinds: str, share: float, seed: int) -> Mischiefs:
    """The server has sent such a frame, and the line ends before it arrives."""
    chance = random.Random(seed)
    return lambda direction, done: Ended(kinds, share, torn=False, chance=chance, done=done)


def tearing(*kinds: str, share: float, seed: int) -> Mischiefs:
    """A part of such a frame arrives, whoever sends it, and the line ends."""
    chance = random.Random(seed)
    return lambda direction, done: Ended(kinds, share, torn=True, chance=chance, done=done)
