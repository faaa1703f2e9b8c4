"""What is installed is what was looked at: exact versions, hashes, no address, both kinds of machine."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.sources import ROOT, tracked

_LISTS = ("requirements.txt", "tests/requirements.txt", "tests/services.txt")
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([A-Za-z0-9.]+)( ; [^\\]+)? \\$")
_ADDRESS = re.compile(r"https?://|registry\.|--index-url|--extra-index-url|--find-links|--trusted-host")


def pins(name: str) -> dict[str, tuple[str, int]]:
    """Each package of a list with its version and its number of hashes."""
    found: dict[str, tuple[str, int]] = {}
    current = ""
    for line in (ROOT / name).read_text().splitlines():
        if match := _PIN.match(line):
            current = match[1].lower()
            found[current] = (match[2], 0)
        elif re.match(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$", line):
            found[current] = (found[current][0], found[current][1] + 1)
        else:
            assert line.startswith(("#", "    #")), f"{name}: {line!r} is neither a pin, a hash nor a remark"
    return found


@pytest.mark.parametrize("name", _LISTS)
def test_every_requirement_is_exact_and_has_a_hash(name: str) -> None:
    listed = pins(name)
    assert len(listed) > 4
    assert [package for package, (_, hashes) in listed.items() if hashes == 0] == []


@pytest.mark.parametrize("name", _LISTS)
def test_no_list_names_an_address(name: str) -> None:
    assert not _ADDRESS.search((ROOT / name).read_text())


def test_both_lists_agree_where_they_meet() -> None:
    runtime, tests = pins(_LISTS[0]), pins(_LISTS[1])
    assert {
        name: (tests[name], runtime[name])
        for name in runtime.keys() & tests.keys()
        if tests[name] != runtime[name]
    } == {}


def test_the_lists_hold_what_pyproject_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    for asked, name in (
        (project["project"]["dependencies"], _LISTS[0]),
        (project["dependency-groups"]["test"], _LISTS[1]),
    ):
        listed = pins(name)
        for line in asked:
            package, version = re.split(r"==", line.split(";")[0].strip())
            assert listed[package.split("[")[0].lower()][0] == version, line


def test_versions_are_not_below_the_floors_of_known_flaws() -> None:
    listed = pins(_LISTS[0])
    floors = {"django": (5, 2, 19), "daphne": (4, 2, 2), "django-otp": (1, 7, 5), "channels": (4, 3, 2)}
    for name, floor in floors.items():
        assert tuple(int(part) for part in listed[name][0].split(".")) >= floor


@pytest.fixture(scope="module")
def lock() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((ROOT / "frontend/package-lock.json").read_text())
    return read


def test_the_lock_file_names_no_address_and_has_a_hash_for_each(lock: dict[str, Any]) -> None:
    packages = {name: row for name, row in lock["packages"].items() if name}
    assert [name for name, row in packages.items() if "resolved" in row] == []
    assert [
        name for name, row in packages.items() if not row.get("integrity", "").startswith("sha512-")
    ] == []


@pytest.mark.parametrize("machine", ["darwin-arm64", "linux-arm64-gnu", "linux-x64-gnu"])
@pytest.mark.parametrize("package", ["@rolldown/binding", "lightningcss"])
def test_the_lock_file_has_no_hole_for_other_machines(
    lock: dict[str, Any], package: str, machine: str
) -> None:
    assert f"node_modules/{package}-{machine}" in lock["packages"]


def test_the_client_asks_for_exact_versions_only(lock: dict[str, Any]) -> None:
    package = json.loads((ROOT / "frontend/package.json").read_text())
    asked = {**package["dependencies"], **package["devDependencies"]}
    assert {name: text for name, text in asked.items() if not re.fullmatch(r"\d+\.\d+\.\d+", text)} == {}
    for name, text in asked.items():
        assert lock["packages"][f"node_modules/{name}"]["version"] == text


def test_no_secret_and_no_build_is_in_the_repository() -> None:
    names = {path.relative_to(ROOT) for path in tracked()}
    forbidden = ("var", ".venv", "node_modules", "dist", "dist-headless", "__pycache__")
    assert [name for name in names if set(name.parts) & set(forbidden)] == []
    assert [name for name in names if name.suffix in (".env", ".sqlite3", ".pem", ".key")] == []
    assert Path(".gitignore") in names
