"""Where runs are played: one cluster and one company for all of them, fresh conversations for each."""

import contextlib
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from project.bootstrap.console import Fault as Broken
from tests.faults.checker import Violation, agree
from tests.faults.cluster import Cluster, cluster
from tests.faults.company import Company, Talk, followed, gather
from tests.faults.screen import Screen
from tests.faults.traffic import Traffic
from tests.faults.transcript import Record, Transcript
from tests.scale import Scale

_EVERY = 0.4


@dataclass
class Stage:
    cluster: Cluster
    company: Company
    scale: Scale
    folder: Path
    siege: int = 0  # how long one lasts, in seconds; as the scale says, unless said

    def scene(self, key: str, seed: int) -> "Scene":
        talks = self.company.talks(f"{key} {seed}")
        followed(talks)
        return Scene(self, key, seed, talks)


@dataclass
class Scene:
    """One run: its conversations, its own chance, and what is remarked about it."""

    stage: Stage
    key: str
    seed: int
    talks: list[Talk]
    remarks: list[str] = field(default_factory=list)
    glimpses: list[Transcript] = field(default_factory=list)
    complaints: list[Violation] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(f"{self.key} {self.seed}")
        self.traffic = Traffic(self.talks, f"{self.key} {self.seed}")

    @property
    def cluster(self) -> Cluster:
        return self.stage.cluster

    @property
    def company(self) -> Company:
        return self.stage.company

    def lasting(self, seconds: float, *, full: float) -> float:
        """How long something lasts: `seconds` as the fault says, `full` where a merge waits for it."""
        if self.stage.scale.name == "long":
            return seconds
        self.remarks.append(f"{full:.0f} s of {seconds:.0f}")
        return full

    @staticmethod
    def now() -> float:
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        """Under traffic; now and then somebody's screen is looked at."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.glimpse()
            time.sleep(min(left, 1.0))

    def demand(self, is_so: bool, what: str) -> None:
        """What this fault promises besides the invariants."""
        if not is_so:
            self.complaints.append(Violation(self.key, what))

    def glimpse(self) -> None:
        talk = self.chance.choice(self.talks)
        screen = self.chance.choice([one for one in talk.clients if isinstance(one, Screen)])
        with contextlib.suppress(Broken):
            self.glimpses.append(screen.transcript(talk.id))

    # --- afterwards ---------------------------------------------------------------------------------

    def record(self, *, ended: float, within: float = 15.0) -> Record:
        """The traffic is stopped, everybody given time to agree, and everything read once more."""
        self.traffic.stop()
        settled = self._settled(ended + 2 * within + 15)
        outsiders = [self.company.stranger.trespass(talk.id) for talk in self.talks]
        log = {talk.id: set(self.cluster.places(talk.id)) for talk in self.talks}
        shown, said = self.shown(), list(self.traffic.said)
        return Record(said, shown, self.glimpses, outsiders, log, ended, settled, within)

    def shown(self, *, pens: bool = True) -> list[Transcript]:
        pairs = [
            (talk, one) for talk in self.talks for one in talk.clients if pens or isinstance(one, Screen)
        ]
        return [one.transcript(talk.id) for talk, one in pairs]

    def _settled(self, until: float) -> float | None:
        self.traffic.wait(until - time.monotonic())
        while time.monotonic() < until:
            with contextlib.suppress(Broken, OSError):
                if agree(self.shown(pens=False), self.traffic.said):
                    return time.monotonic()
            time.sleep(_EVERY)
        return None


@contextmanager
def stage(scale: Scale, processes: int = 2) -> Iterator[Stage]:
    with (
        tempfile.TemporaryDirectory(prefix="colloque-faults-") as name,
        cluster(Path(name), processes) as one,
    ):
        company = gather(one, Path(name))
        try:
            yield Stage(one, company, scale, Path(name))
        finally:
            company.close()
