"""Every number that bounds somebody is a setting: declared once, used, and of the sort its reader expects."""

import ast
from collections.abc import Iterator

import environ
import pytest

from project.limits import DEFAULTS, read_limits
from tests.architecture.sources import APPS, name_of, parsed, python_files

_READERS = {"limit": int, "rate": tuple, "take": tuple, "give_back": tuple, "may_take": tuple}


def _uses() -> Iterator[tuple[str, str, type]]:
    for path in python_files(*APPS):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and _called(node) in _READERS:
                for word in _words(node):
                    yield name_of(path), word, _READERS[_called(node)]


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _words(node: ast.Call) -> list[str]:
    inside = ast.walk(node.args[0]) if node.args else iter(())
    return [one.value for one in inside if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def test_every_limit_that_is_read_is_declared_with_its_sort() -> None:
    wrong = [use for use in _uses() if not isinstance(DEFAULTS.get(use[1]), use[2])]
    assert wrong == []


def test_every_declared_limit_is_read_somewhere() -> None:
    strings = {
        node.value
        for path in python_files(*APPS)
        if path.name != "limits.py" or path.parent.name != "project"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert sorted(set(DEFAULTS) - strings) == []


def test_a_limit_is_set_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLLOQUE_LIMIT_FRAME_BYTES", "1024")
    monkeypatch.setenv("COLLOQUE_LIMIT_LINK_SOURCE", "500,0.1")
    limits = read_limits(environ.Env())
    assert (limits["frame_bytes"], limits["link_source"]) == (1024, (500, 0.1))
    assert limits["people_found"] == DEFAULTS["people_found"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("FRAME_BYTES", "many"), ("FRAME_BYTES", "-1"), ("LINK_SOURCE", "5"), ("LINK_SOURCE", "5,0")],
)
def test_a_limit_that_would_switch_a_check_off_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"COLLOQUE_LIMIT_{name}", value)
    with pytest.raises(ValueError, match=f"COLLOQUE_LIMIT_{name}|invalid literal|could not convert"):
        read_limits(environ.Env())
