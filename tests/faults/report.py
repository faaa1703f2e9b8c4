"""What runs came to, as a table for the eye and for docs/faults.md."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from tests.faults.registry import Fault, Outcome
from tests.faults.stage import Stage

_HEAD = ("fault", "", "seeds", "acknowledged", "violations", "settled", "seconds", "remarks")


@dataclass
class Row:
    """All seeds of one fault."""

    key: str
    title: str
    seeds: list[int]
    outcomes: list[Outcome]
    seconds: float
    not_run: str = ""

    @classmethod
    def of(cls, fault: Fault, seeds: list[int], stage: Stage) -> Self:
        """Plays them, and tells each as it ends."""
        started, outcomes = time.monotonic(), list[Outcome]()
        if fault.play is None:
            return cls(fault.key, fault.title, [], [], 0.0, fault.not_run)
        for seed in seeds:
            outcomes.append(fault.play(stage, seed))
            print(f"{fault.key} seed {seed}: {outcomes[-1].acknowledged} acknowledged", flush=True)
            for violation in outcomes[-1].violations:
                print(f"  {violation}", flush=True)
        return cls(fault.key, fault.title, seeds, outcomes, time.monotonic() - started, fault.not_run)

    @property
    def acknowledged(self) -> int:
        return sum(one.acknowledged for one in self.outcomes)

    @property
    def violations(self) -> int:
        return sum(len(one.violations) for one in self.outcomes)

    @property
    def cells(self) -> tuple[str, ...]:
        if self.not_run:
            return (self.key, self.title, "not run", "", "", "", "", self.not_run)
        seeds = f"{self.seeds[0]}–{self.seeds[-1]}" if len(self.seeds) > 1 else str(self.seeds[0])
        numbers = (str(self.acknowledged), str(self.violations), self._settled, f"{self.seconds:.0f} s")
        return (self.key, self.title, seeds, *numbers, self._remarks)

    @property
    def _settled(self) -> str:
        """The slowest."""
        if any(one.settled is None for one in self.outcomes):
            return "never"
        return f"{max(one.settled or 0.0 for one in self.outcomes):.1f} s"

    @property
    def _remarks(self) -> str:
        return "; ".join(dict.fromkeys(remark for one in self.outcomes for remark in one.remarks))


def plain(rows: Iterable[Row]) -> str:
    lines = [_HEAD, *(row.cells for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def markdown(rows: Iterable[Row]) -> str:
    lines = [_HEAD, tuple("---" for _ in _HEAD), *(row.cells for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def total(rows: list[Row]) -> str:
    played = [row for row in rows if not row.not_run]
    runs = sum(len(row.outcomes) for row in played)
    acknowledged, violations = sum(row.acknowledged for row in rows), sum(row.violations for row in rows)
    return (
        f"{len(played)} faults, {runs} runs, {acknowledged} acknowledged messages, {violations} violations, "
        f"{sum(row.seconds for row in played):.0f} s"
    )
