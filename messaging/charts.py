"""A bar chart as numbers that a template puts into an SVG: no script, no style, nothing from elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 620, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 8, 12, 28
_FILLED = 0.6  # of each step's width
_STEPS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    count: int


def columns(shown: Sequence[Column]) -> dict[str, Any]:
    top = _round_up(max((one.count for one in shown), default=0))
    step = (WIDTH - _LEFT - _RIGHT) / max(len(shown), 1)
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": _LEFT,
        "right": WIDTH - _RIGHT,
        "lines": [{"y": _y(value, top), "value": value} for value in (0, top // 2, top)],
        "bars": [_bar(place, one, step, top) for place, one in enumerate(shown)],
        "total": sum(one.count for one in shown),
    }


def _bar(place: int, one: Column, step: float, top: int) -> dict[str, Any]:
    y = _y(one.count, top)
    return {
        "x": round(_LEFT + step * (place + (1 - _FILLED) / 2), 1),
        "y": y,
        "width": round(step * _FILLED, 1),
        "height": round(_y(0, top) - y, 1),
        "middle": round(_LEFT + step * (place + 0.5), 1),
        "title": one.title,
        "count": one.count,
    }


def _y(value: int, top: int) -> float:
    return round(HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * value / top, 1)


def _round_up(value: int) -> int:
    """The next of 2, 4, 6, 8, 10, 20, 40, 60 …: halves are whole."""
    scale = 2
    while True:
        for step in _STEPS:
            if value <= step * scale:
                return step * scale
        scale *= 10
