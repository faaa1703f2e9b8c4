"""The texts and the code say the same: every rule is tested, every word and setting explained."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from accounts.errors import Code as AccountsCode
from messaging import protocol
from messaging.errors import LOG_CODES
from project.limits import DEFAULTS
from tests.services import ROOT

PROTOCOL = (ROOT / "PROTOCOL.md").read_text("utf-8")
SETTINGS = (ROOT / "docs" / "settings.md").read_text("utf-8")
RULES = re.findall(r"^\| ([A-Z]\d+) \|", PROTOCOL, re.MULTILINE)
LETTERS = "".join(sorted({rule[0] for rule in RULES}))
INVARIANTS = dict(
    re.findall(r"^\| (A\d+) \|.*\| (.*) \|$", (ROOT / "ARCHITECTURE.md").read_text("utf-8"), re.MULTILINE)
)
# The others are checked by a command of its own: contracts of imports, references of projects.
_TESTED = [rule for rule, checked_by in INVARIANTS.items() if "tests" in checked_by]
_CITED = re.compile(rf"(?<![\w-])([A{LETTERS}]\d{{1,2}})(?![\w-])")
_TITLE = re.compile(r"""\b(?:describe|test|it)(?:\.each\([^)]*\))?\(\s*["'`]([^"'`]+)""")


@cache
def citations() -> dict[str, set[str]]:
    """Each cited ID with the tests that cite it: by their names, their titles or the rule of a vector."""
    found: dict[str, set[str]] = {}
    for where, text in (*_names(), *_titles(), *_vectors()):
        for rule in _CITED.findall(text):
            found.setdefault(rule, set()).add(where)
    return found


def _names() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                yield path.name, _leading_rules(node.name)


def _leading_rules(name: str) -> str:
    """`test_e3_e6_a_row_that_…` cites E3 and E6; a later `b64` or `x509` of the sentence is no rule."""
    words = name.removeprefix("test_").split("_")
    cited = [word.upper() for word in words if re.fullmatch(rf"[a{LETTERS.lower()}]\d{{1,2}}", word)]
    return " ".join(cited)


def _titles() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "frontend" / "tests").rglob("*.test.ts")):
        for title in _TITLE.findall(path.read_text("utf-8")):
            yield path.name, title


def _vectors() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "tests" / "vectors").rglob("*.json")):
        told = json.loads(path.read_text("utf-8"))
        if isinstance(told, dict) and "rule" in told:
            yield path.name, str(told["rule"])


@pytest.mark.parametrize("rule", [*RULES, *_TESTED])
def test_every_rule_is_cited_by_a_test(rule: str) -> None:
    assert rule in citations()


def test_every_cited_rule_exists() -> None:
    unknown = {rule: where for rule, where in citations().items() if rule not in {*RULES, *INVARIANTS}}
    assert unknown == {}


def test_every_rule_has_one_place() -> None:
    assert len(RULES) == len(set(RULES))


def _frames() -> list[str]:
    kinds = (*get_args(protocol.FromClient), *get_args(protocol.FromServer))
    return [str(kind.__struct_config__.tag) for kind in kinds]


@pytest.mark.parametrize("frame", _frames())
def test_every_frame_is_explained(frame: str) -> None:
    assert re.search(rf"`{frame}[ `]", PROTOCOL)


def _account_codes() -> list[str]:
    return [code for literal in get_args(AccountsCode) for code in get_args(literal) or (literal,)]


@pytest.mark.parametrize("code", sorted({*_account_codes(), *LOG_CODES}))
def test_every_code_is_listed(code: str) -> None:
    assert f"`{code}`" in PROTOCOL[PROTOCOL.index("## X · Codes") :]


@pytest.mark.parametrize("close", sorted(protocol.CLOSE.values()))
def test_every_close_code_is_explained(close: int) -> None:
    line = next(line for line in PROTOCOL.splitlines() if line.startswith("| F9 |"))
    assert str(close) in line


def _routes() -> list[str]:
    from accounts.urls import urlpatterns as of_accounts
    from messaging.urls import urlpatterns as of_messaging

    return [f"/api/{one.pattern}".replace("<str:id>", "<id>") for one in (*of_accounts, *of_messaging)]


@pytest.mark.parametrize("route", _routes())
def test_every_route_is_named(route: str) -> None:
    assert re.search(re.escape(route) + r"[ `?]", PROTOCOL)


def _variables() -> list[str]:
    source = (ROOT / "project" / "settings.py").read_text("utf-8")
    return sorted(set(re.findall(r'env\.\w+\("([A-Z_]+)"', source)))


@pytest.mark.parametrize("variable", _variables())
def test_every_setting_is_explained(variable: str) -> None:
    assert f"`{variable}`" in SETTINGS


@pytest.mark.parametrize("name", DEFAULTS)
def test_every_limit_is_explained_with_its_default(name: str) -> None:
    value = DEFAULTS[name]
    shown = str(value) if isinstance(value, int) else f"{value[0]}, then one each {value[1]:g} s"
    assert re.search(rf"^\| `{name}` \| {re.escape(shown)} \| \S", SETTINGS, re.MULTILINE)


def test_no_setting_is_explained_that_is_none() -> None:
    limits = re.findall(r"^\| `([a-z0-9_]+)` \|", SETTINGS, re.MULTILINE)
    named = re.findall(r"^\| `([A-Z_]+)` \|", SETTINGS, re.MULTILINE)
    assert set(limits) == set(DEFAULTS)
    assert set(named) == set(_variables())


@pytest.mark.parametrize("document", sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").rglob("*.md")))
def test_every_link_of_the_documents_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text("utf-8"))
    local = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in local if not (document.parent / link).exists()] == []
