"""Small functions, small modules: what a reader can hold. The longest may shrink, never grow."""

import ast
from statistics import median

from tests.architecture.sources import APPS, client_files, name_of, parsed, python_files

LONGEST_FUNCTION = 50
LONGEST_MODULE = 400
MEDIAN_FUNCTION = 11
MEDIAN_MODULE = 110
# What passes the bounds today, with its length; an entry goes when the code has shrunk.
ALLOWED: dict[str, int] = {}


def _functions() -> dict[str, int]:
    return {
        f"{name_of(path)}:{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in python_files(*APPS)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def _modules() -> dict[str, int]:
    files = [*python_files(*APPS), *client_files()]
    return {name_of(path): sum(1 for line in path.read_text().splitlines() if line.strip()) for path in files}


def test_no_function_is_longer_than_a_screen() -> None:
    assert {
        name: lines for name, lines in _functions().items() if lines > ALLOWED.get(name, LONGEST_FUNCTION)
    } == {}


def test_no_module_is_longer_than_a_reading() -> None:
    assert {
        name: lines for name, lines in _modules().items() if lines > ALLOWED.get(name, LONGEST_MODULE)
    } == {}


def test_the_usual_function_and_module_are_small() -> None:
    assert median(_functions().values()) <= MEDIAN_FUNCTION
    assert median(lines for lines in _modules().values() if lines) <= MEDIAN_MODULE


def test_the_list_of_exceptions_is_kept_short() -> None:
    lengths = {**_functions(), **_modules()}
    assert [name for name, lines in ALLOWED.items() if lengths.get(name, 0) < lines] == []
