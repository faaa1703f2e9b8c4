"""What processes use, as Linux tells it: processor time, memory that is theirs."""

import os
from collections.abc import Iterable
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pids: Iterable[int]) -> float:
    """Of these and of all their children that live."""
    return sum(_ticks(pid) for pid in _families(pids)) / _TICKS


def pss_kib(pids: Iterable[int]) -> int:
    """Memory, each page shared with others counted in part."""
    return sum(_line(Path(f"/proc/{pid}/smaps_rollup"), "Pss:") for pid in pids)


def rss_kib(pids: Iterable[int]) -> int:
    return sum(_line(Path(f"/proc/{pid}/status"), "VmRSS:") for pid in pids)


def _families(pids: Iterable[int]) -> set[int]:
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        fields = _stat(int(folder.name))
        if fields:
            parents.setdefault(int(fields[1]), []).append(int(folder.name))
    found, waiting = set[int](), list(pids)
    while waiting:
        pid = waiting.pop()
        found.add(pid)
        waiting += parents.get(pid, [])
    return found


def _ticks(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[11]) + int(fields[12]) if fields else 0


def _stat(pid: int) -> list[str]:
    """From the state on; the name before it may hold anything."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _line(path: Path, name: str) -> int:
    for line in path.read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1])
    return 0
