"""Which faults there are, and how one is played. Every module of this package may add its own."""

import importlib
import pkgutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import tests.faults
from tests.faults.checker import Violation, check
from tests.faults.stage import Scene, Stage
from tests.faults.transcript import Record

Inject = Callable[[Scene], None]


@dataclass
class Outcome:
    acknowledged: int = 0
    violations: list[Violation] = field(default_factory=list)
    settled: float | None = None  # seconds after the fault's end
    remarks: list[str] = field(default_factory=list)


Play = Callable[[Stage, int], Outcome]


@dataclass(frozen=True)
class Fault:
    key: str
    title: str
    play: Play | None
    not_run: str = ""  # why, where nothing can be played here


_FAULTS: dict[str, Fault] = {}


def fault(key: str, title: str, *, within: float = 15.0) -> Callable[[Inject], Inject]:
    """The decorated one injects the fault under traffic and returns when it is over."""

    def register(inject: Inject) -> Inject:
        def play(stage: Stage, seed: int) -> Outcome:
            scene = stage.scene(key, seed)
            scene.traffic.start()
            try:
                scene.wait(0.5)
                inject(scene)
                ended = time.monotonic()
                scene.wait(1)
            finally:
                scene.traffic.stop()
            return outcome(scene, scene.record(ended=ended, within=within))

        played(key, title)(play)
        return inject

    return register


def played(key: str, title: str) -> Callable[[Play], Play]:
    """The decorated one plays everything itself: who writes, what fails, what is checked."""

    def register(play: Play) -> Play:
        assert key not in _FAULTS, key
        _FAULTS[key] = Fault(key, title, play)
        return play

    return register


def elsewhere(key: str, title: str, where: str) -> None:
    """It needs a server of its own, and has one there."""

    _FAULTS[key] = Fault(key, title, None, f"not here but in {where}")


def outcome(scene: Scene, record: Record) -> Outcome:
    settled = None if record.settled is None else max(0.0, record.settled - record.ended)
    return Outcome(record.acknowledged, [*check(record), *scene.complaints], settled, scene.remarks)


def faults() -> dict[str, Fault]:
    """All of them, in the order of their numbers."""
    for module in pkgutil.iter_modules(tests.faults.__path__):
        if not module.name.startswith(("test_", "__")):
            importlib.import_module(f"tests.faults.{module.name}")
    return {key: _FAULTS[key] for key in sorted(_FAULTS, key=_place)}


def _place(key: str) -> tuple[bool, int, str]:
    """F2 before F10, what has no number at the end."""
    number = key.removeprefix("F")
    return (not number.isdecimal(), int(number) if number.isdecimal() else 0, key)
