"""How much a run does: `fast` for a coffee, `full` for a merge, `long` for the night. Only counts differ."""

import os
from dataclasses import dataclass
from typing import Literal, cast, get_args

Name = Literal["fast", "full", "long"]


@dataclass(frozen=True, slots=True)
class Scale:
    name: Name

    def count(self, full: int, *, fast: int | None = None, long: int | None = None) -> int:
        """Without other words a fast run does a twentieth, a long one ten times as much."""
        counts = {
            "fast": max(1, full // 20) if fast is None else fast,
            "full": full,
            "long": full * 10 if long is None else long,
        }
        return counts[self.name]


def chosen() -> Scale:
    name = os.environ.get("COLLOQUE_TEST_SCALE", "full")
    if name not in get_args(Name):
        raise ValueError(f"COLLOQUE_TEST_SCALE is {name!r}, not one of {get_args(Name)}")
    return Scale(cast(Name, name))
