"""A9: nothing secret prints. Logs hold listed fields; what a library says is cut down to its template."""

import ast
import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from project.logs import FIELDS, configure
from tests.architecture.sources import APPS, name_of, parsed, python_files

_METHODS = {"debug", "info", "warning", "error", "exception", "critical"}


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    configure("INFO")
    stream = io.StringIO()
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    yield stream
    root.handlers[:], root.level = before[0], before[1]


def test_a_field_that_nobody_listed_is_dropped(out: io.StringIO) -> None:
    structlog.get_logger("accounts").info("session.begun", person="abc", password="canary", text="canary")
    line = json.loads(out.getvalue())
    assert line.pop("at")
    assert line == {"event": "session.begun", "level": "info", "logger": "accounts", "person": "abc"}


def test_a_library_prints_its_template_and_never_its_arguments(out: io.StringIO) -> None:
    logging.getLogger("django.request").warning("Not Found: %s", "/canary", extra={"request": "canary"})
    line = json.loads(out.getvalue())
    assert (line["event"], line["logger"]) == ("Not Found: %s", "django.request")
    assert "canary" not in out.getvalue()


@pytest.mark.parametrize("logger", ["django.request", "accounts"])
def test_an_exception_prints_its_type_and_places_and_never_its_words(out: io.StringIO, logger: str) -> None:
    try:
        raise ValueError("canary")
    except ValueError:
        logging.getLogger(logger).exception("failed")
    line = json.loads(out.getvalue())
    assert line["error"] == "ValueError"
    assert "test_logs.py" in line["trace"][0]
    assert "canary" not in out.getvalue()


def test_our_own_exception_lines_are_cut_alike(out: io.StringIO) -> None:
    try:
        raise ValueError("canary")
    except ValueError:
        structlog.get_logger("messaging").exception("task.failed", task="deal")
    line = json.loads(out.getvalue())
    assert (line["event"], line["task"], line["error"]) == ("task.failed", "deal", "ValueError")
    assert "canary" not in out.getvalue()


def test_every_field_that_we_log_is_listed() -> None:
    # A field that would be dropped is a mistake of whoever wrote the line: they meant it to be read.
    unlisted = [
        (name_of(path), keyword.arg)
        for path in python_files(*APPS)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and _is_log(node)
        for keyword in node.keywords
        if keyword.arg not in FIELDS | {"exc_info"}
    ]
    assert unlisted == []


def _is_log(node: ast.Call) -> bool:
    function = node.func
    if not isinstance(function, ast.Attribute) or function.attr not in _METHODS:
        return False
    return isinstance(function.value, ast.Name) and function.value.id in ("_log", "log", "logger")


def test_nothing_is_printed_past_the_logs() -> None:
    printed = [
        name_of(path)
        for path in python_files("accounts", "messaging")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert printed == []
