"""A checkout small enough to be set up in a tenth of a second: only the outside tools are stand-ins."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

# Replaces the one function that runs outside programs: pip, npm, vite and venv leave what they would leave.
_DRIVER = """
import os, signal, sys, time
from pathlib import Path
from project.bootstrap import place, program

MADE = {
    "venv": [place.PYTHON, place.BIN / "pip"],
    "packages": [place.BIN / "npm"],
    "node": [place.FRONTEND / "node_modules/vite/package.json"],
    "build": [place.DIST / "index.html"],
    "build-headless": [place.HEADLESS / "headless.js"],
}

def run(name, command, folder=place.ROOT, extra=None):
    with open(os.environ["RAN"], "a") as out:
        out.write(name + "\\n")
    if os.environ.get("DIE_IN") == name:
        os.kill(os.getpid(), signal.SIGKILL)
    if os.environ.get("LINGER_IN") == name:
        Path(os.environ["RAN"] + ".lingers").touch()
        time.sleep(30)
    for path in MADE.get(name, []):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return ""

program.run = run
from project.bootstrap.commands import set_up
from project.bootstrap.console import Fault, complain
try:
    set_up(with_tests="--tests" in sys.argv)
except Fault as fault:
    sys.exit(complain(fault))
"""


class Tree:
    def __init__(self, folder: Path) -> None:
        self.folder = folder / "checkout"
        shutil.copytree(ROOT / "project" / "bootstrap", self.folder / "project" / "bootstrap")
        (self.folder / "project" / "__init__.py").touch()
        for name in (
            "requirements.txt",
            "tests/requirements.txt",
            "frontend/package-lock.json",
            "frontend/src/main.ts",
        ):
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name)
        self._ran = folder / "ran"

    def move(self) -> None:
        self.folder = self.folder.rename(self.folder.with_name("moved"))

    def begin(self, *words: str, **told: str) -> "subprocess.Popen[str]":
        environment = {**os.environ, "RAN": str(self._ran), **told}
        return subprocess.Popen(
            [sys.executable, "-c", _DRIVER, *words], cwd=self.folder, env=environment,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def set_up(self, *words: str, **told: str) -> tuple[list[str], int, str]:
        """Gives which tools ran, the exit code and what was printed."""
        self._ran.write_text("")
        program = self.begin(*words, **told)
        printed, _ = program.communicate(timeout=30)
        return self._ran.read_text().split(), program.returncode, printed

    @property
    def lingers(self) -> bool:
        return Path(f"{self._ran}.lingers").exists()
