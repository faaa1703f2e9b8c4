"""What a process counts of itself, in Prometheus' text format. Never of a person: every label and each of its
values is named in the code. Whatever else comes is counted as `other`, so that no id can become a label."""

import threading
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Final, Literal, get_args

from accounts.errors import KEY_LOG_CODES, AccountCode

OTHER: Final = "other"


class Count:
    """Only grows. Raised by one thread, mostly the loop's: no lock stands in the way of a delivery."""

    def __init__(self, name: str, what: str, *, label: str = "", values: Iterable[str] = ()) -> None:
        self._name, self._what, self._label = name, what, label
        self._counts = dict.fromkeys((*values, OTHER) if label else ("",), 0)

    def know(self, values: Iterable[str]) -> None:
        """Further values of the label, which another app names."""
        self._counts = {**dict.fromkeys(values, 0), **self._counts}

    def add(self, value: str = "") -> None:
        self._counts[value if value in self._counts else OTHER] += 1

    def lines(self) -> Iterator[str]:
        return told(self._name, "counter", self._what, self._counts, label=self._label)


class SharedCount(Count):
    """Raised by the threads that answer requests."""

    def __init__(self, name: str, what: str, *, label: str, values: Iterable[str]) -> None:
        super().__init__(name, what, label=label, values=values)
        self._lock = threading.Lock()

    def add(self, value: str = "") -> None:
        with self._lock:
            super().add(value)


class Spread:
    """How many took how long."""

    def __init__(self, name: str, what: str, bounds: Sequence[float]) -> None:
        self._name, self._what, self._bounds = name, what, bounds
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def add(self, seconds: float) -> None:
        self._counts[bisect_left(self._bounds, seconds)] += 1
        self._sum += seconds

    def lines(self) -> Iterator[str]:
        yield from _head(self._name, "histogram", self._what)
        upto = list(accumulate(self._counts))
        for bound, count in zip((*map(str, self._bounds), "+Inf"), upto, strict=True):
            yield f'{self._name}_bucket{{le="{bound}"}} {count}'
        yield f"{self._name}_sum {self._sum}"
        yield f"{self._name}_count {upto[-1]}"


def told(
    name: str, kind: Literal["counter", "gauge"], what: str, values: Mapping[str, float], *, label: str = ""
) -> Iterator[str]:
    yield from _head(name, kind, what)
    for value, number in tuple(values.items()):
        yield f'{name}{{{label}="{value}"}} {number}' if label else f"{name} {number}"


def _head(name: str, kind: str, what: str) -> Iterator[str]:
    yield f"# HELP {name} {what}"
    yield f"# TYPE {name} {kind}"


REFUSED_REQUESTS: Final = SharedCount(
    "colloque_requests_refused_total", "Requests that were refused.",
    label="code", values=(*get_args(AccountCode), *KEY_LOG_CODES),
)  # fmt: skip
FAULTS: Final = SharedCount(
    "colloque_faults_total", "What nobody foresaw.", label="where", values=("request", "frame")
)
MEASURES: Final = (REFUSED_REQUESTS, FAULTS)
