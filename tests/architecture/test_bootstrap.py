"""`demo` and `fulltest` set themselves up: from nothing, after a crash, after a move, and one at a time."""

import ast
import os
import shutil
import socket
import stat
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from project.bootstrap import ports, program, python, state
from project.bootstrap.console import Fault
from tests.architecture.tree import ROOT, Tree

ALL = ["venv", "packages", "node", "build", "compress", "build-headless"]


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def test_a_fresh_checkout_does_every_step_and_a_second_start_none(tree: Tree) -> None:
    ran, code, printed = tree.set_up()
    assert (ran, code) == (ALL, 0)
    assert "Python packages" in printed
    assert " s\n" in printed
    assert tree.set_up()[:2] == ([], 0)


@pytest.mark.parametrize("step", ALL)
def test_a_set_up_killed_in_a_step_repeats_that_step_and_no_finished_one(tree: Tree, step: str) -> None:
    _, code, _ = tree.set_up(DIE_IN=step)
    assert code != 0
    begun = "build" if step == "compress" else step
    assert tree.set_up()[:2] == (ALL[ALL.index(begun) :], 0)


def test_a_moved_checkout_is_set_up_anew(tree: Tree) -> None:
    tree.set_up()
    tree.move()
    assert tree.set_up()[:2] == (ALL, 0)


def test_a_changed_list_of_packages_is_installed_without_a_new_environment(tree: Tree) -> None:
    tree.set_up()
    (tree.folder / "requirements.txt").write_text("changed")
    assert tree.set_up()[0] == ["packages"]


def test_a_changed_source_is_built(tree: Tree) -> None:
    tree.set_up()
    (tree.folder / "frontend/src/main.ts").write_text("changed")
    assert tree.set_up()[0] == ["build", "compress", "build-headless"]


def test_what_somebody_deleted_is_made_again(tree: Tree) -> None:
    tree.set_up()
    (tree.folder / "frontend/dist/index.html").unlink()
    assert tree.set_up()[0] == ["build", "compress"]


def test_the_packages_of_the_tests_come_on_top_and_serve_the_demo_too(tree: Tree) -> None:
    tree.set_up()
    assert tree.set_up("--tests")[0] == ["packages", "node"]
    assert tree.set_up()[0] == []


def test_a_second_start_is_refused_in_one_line_while_the_first_is_under_way(tree: Tree) -> None:
    first = tree.begin(LINGER_IN="venv")
    try:
        until = time.monotonic() + 10
        while not tree.lingers and time.monotonic() < until:
            time.sleep(0.02)
        _, code, printed = tree.set_up()
        assert code == 1
        assert printed == f"error: another start is under way; wait for it or stop it (process {first.pid})\n"
    finally:
        first.kill()
        first.communicate()
    assert tree.set_up()[:2] == (ALL, 0)


@pytest.mark.parametrize(
    "path", [ROOT / "manage.py", *sorted((ROOT / "project/bootstrap").glob("*.py"))], ids=str
)
def test_an_old_python_can_read_what_tells_it_that_it_is_too_old(path: Path) -> None:
    ast.parse(path.read_text(), feature_version=(3, 8))


def test_only_the_standard_library_is_used_before_anything_is_installed() -> None:
    for path in [
        ROOT / "manage.py",
        *(ROOT / "project/bootstrap").glob("*.py"),
        *(ROOT / "project/demo").glob("*.py"),
    ]:
        for name in _imported(ast.parse(path.read_text())):
            assert name in sys.stdlib_module_names | {"project", "django"}, f"{path.name} imports {name}"


def _imported(tree: ast.Module) -> list[str]:
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name.split(".")[0] for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module.split(".")[0])
    return names


def test_a_python_that_is_too_old_is_named_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(python, "sys", SimpleNamespace(version_info=(3, 9, 6), argv=["manage.py", "demo"]))
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Fault) as refused:
        python.need_new_python()
    assert str(refused.value).startswith("Python 3.9 is too old: Colloque needs 3.11 or newer")
    assert "\n" not in str(refused.value)


def test_a_newer_python_on_the_path_takes_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "python3.12").symlink_to(sys.executable)
    monkeypatch.setattr(python, "sys", SimpleNamespace(version_info=(3, 9, 6), argv=["manage.py", "demo"]))
    monkeypatch.setenv("PATH", str(tmp_path))
    started: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda path, words: started.append([path, *words]))
    monkeypatch.setattr(python, "_newer", python._newer)
    python.need_new_python()
    assert started == [[str(tmp_path / "python3.12")] * 2 + [str(ROOT / "manage.py"), "demo"]]


def test_a_missing_venv_module_prints_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def no_ensurepip(name: str, command: list[str]) -> str:
        raise program.Failed(
            name, "The virtual environment was not created: ensurepip is not available.", tmp_path
        )

    monkeypatch.setattr(python, "run", no_ensurepip)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Fault, match=r"run: sudo apt-get install -y python3\.\d+-venv$"):
        python._make()


def test_as_root_a_missing_venv_module_is_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ran: list[list[str]] = []

    def first_without(name: str, command: list[str]) -> str:
        ran.append(command)
        if len(ran) == 1:
            raise program.Failed(name, "ensurepip is not available", tmp_path)
        return ""

    monkeypatch.setattr(python, "run", first_without)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/" + name)
    python._make()
    assert [command[:2] for command in ran[1:3]] == [["apt-get", "update"], ["apt-get", "install"]]
    assert ran[3] == ran[0]


def test_without_a_network_one_line_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    monkeypatch.setattr(program, "LOGS", tmp_path)
    wanted = tmp_path / "wanted.txt"
    wanted.write_text(f"colloque-not-anywhere==1 --hash=sha256:{'0' * 64}\n")
    command = [sys.executable, *python._pip([wanted])[1:], "--dry-run"]
    with pytest.raises(Fault) as refused:
        program.run("packages", command)
    assert str(refused.value) == (
        "packages: no network (a package could not be fetched); connect and run the same command again"
    )


def test_a_build_that_fails_names_its_error_and_its_log(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(program, "LOGS", tmp_path)
    with pytest.raises(Fault) as refused:
        program.run(
            "build", [sys.executable, "-c", "print('building'); raise SystemExit('Error: no such file x.ts')"]
        )
    assert str(refused.value) == f"build failed: Error: no such file x.ts (all of it: {tmp_path}/build.log)"


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_a_taken_port_leads_to_the_next(family: socket.AddressFamily) -> None:
    host = "127.0.0.1" if family == socket.AF_INET else "::1"
    with socket.socket(family, socket.SOCK_STREAM) as taken:
        taken.bind((host, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert port < ports.free_port(port) <= port + 10


def test_secrets_are_made_once_and_for_the_owner_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(state, "DEMO", tmp_path / "demo")
    state.make_secrets()
    path = tmp_path / "demo" / "colloque.env"
    first = path.read_text()
    state.make_secrets()
    assert path.read_text() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
