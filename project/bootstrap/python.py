"""Finds a Python that is new enough, and makes the virtual environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from project.bootstrap.console import Fault, say, step
from project.bootstrap.place import BIN, PYTHON, ROOT, VENV
from project.bootstrap.program import Failed, run
from project.bootstrap.stamp import Stamp, digest

OLDEST = (3, 11)
_NAMES = ["python3.14", "python3.13", "python3.12", "python3.11"]


def need_new_python() -> None:
    """Goes on in a newer Python if this one is too old and there is one; else says what is needed."""
    if sys.version_info[:2] >= OLDEST:
        return
    found = _newer()
    if found is None:
        raise Fault(
            "Python {}.{} is too old: Colloque needs 3.11 or newer, and none of {} is on PATH".format(
                sys.version_info[0], sys.version_info[1], ", ".join(_NAMES)
            )
        )
    os.execv(found, [found, str(ROOT / "manage.py"), *sys.argv[1:]])


def _newer() -> str | None:
    for name in _NAMES:
        found = shutil.which(name)
        if found and _works(found):
            return found
    uv = shutil.which("uv")
    if uv is None:
        return None
    answer = subprocess.run(
        [uv, "python", "find", ">=3.11"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    path = answer.stdout.decode().strip()
    return path if answer.returncode == 0 and _works(path) else None


def _works(path: str) -> bool:
    code = "import sys; sys.exit(sys.version_info < (3, 11))"
    return subprocess.call([path, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


def virtual_environment() -> None:
    version = "{}.{}".format(*sys.version_info[:2])
    stamp = Stamp("venv", PYTHON, digest([], version))
    if stamp.holds():
        return
    with step(f"Virtual environment (Python {version})"):
        Stamp("packages", PYTHON, "").begin()
        stamp.begin()
        _make()
        stamp.end()


def _make() -> None:
    command = [_base(), "-m", "venv", "--clear", str(VENV)]
    try:
        run("venv", command)
    except Failed as failed:
        if "ensurepip" not in failed.output:
            raise
        _install_venv_module()
        run("venv", command)


def _base() -> str:
    # Started from inside the environment that is about to be cleared, use the Python that it was made with.
    inside = Path(sys.prefix).resolve() == VENV.resolve()
    return (
        str(Path(sys.base_prefix) / "bin" / "python{}.{}".format(*sys.version_info[:2]))
        if inside
        else sys.executable
    )


def _install_venv_module() -> None:
    package = "python{}.{}-venv".format(*sys.version_info[:2])
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise Fault(f"this Python cannot make virtual environments; run: sudo apt-get install -y {package}")
    say("")
    say(f"  installing {package} with apt-get")
    run("apt", ["apt-get", "update", "-q"])
    run("apt", ["apt-get", "install", "-y", "-q", "--no-install-recommends", package])


def packages(with_tests: bool) -> None:
    """The tests' packages come on top: a checkout that has them keeps them for the demo."""
    lists = [ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt"]
    everything = Stamp("packages", BIN / "pip", digest(lists, "with tests"))
    wanted = everything if with_tests else Stamp("packages", BIN / "pip", digest(lists[:1], "without tests"))
    if everything.holds() or wanted.holds():
        return
    with step("Python packages" + (" and those of the tests" if with_tests else "")):
        wanted.begin()
        run("packages", _pip(lists if with_tests else lists[:1]))
        wanted.end()


def _pip(lists: list[Path]) -> list[str]:
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    command += ["--require-hashes", "--only-binary", ":all:", "--retries", "1", "--timeout", "15"]
    for path in lists:
        command += ["-r", str(path)]
    return command
