"""What is said of many measurements: the middle, the tail, a table."""

import os
from collections.abc import Iterable, Sequence
from statistics import median


def percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else float("nan")


def milliseconds(seconds: Sequence[float]) -> str:
    three = (percentile(seconds, share) * 1000 for share in (0.5, 0.95, 0.99))
    return " / ".join(f"{one:.1f}" for one in three)


def middle(values: Iterable[float]) -> float:
    held = list(values)
    return median(held) if held else float("nan")


def table(title: str, rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    print(f"\n{title}")
    for row in rows:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def machine() -> str:
    with open("/proc/meminfo") as told:
        kib = int(told.readline().split()[1])
    return f"{os.cpu_count()} cores, {kib / 2**20:.0f} GiB, load {os.getloadavg()[0]:.1f}"
