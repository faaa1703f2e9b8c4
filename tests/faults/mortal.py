"""The client for Node with a world in which it dies at a chosen instant; the product has no word for it."""

import subprocess
from pathlib import Path

from project.bootstrap.place import BIN, FRONTEND, VAR, environment
from tests.e2e.building import alone

INSTANTS = ("typed", "kept", "sealed", "persisted", "sent", "acknowledged", "settling", "settled")
_FOLDER = VAR / "mortal"


def built() -> Path:
    alone(_build)
    return _FOLDER / "headless.js"


def _build() -> None:
    vite = [
        str(BIN / "node"),
        "node_modules/vite/bin/vite.js",
        "build",
        "--config",
        "vite.headless.config.ts",
    ]
    where = ["--ssr", "tests/faults/headless.ts", "--outDir", str(_FOLDER), "--emptyOutDir"]
    subprocess.run([*vite, *where, "--logLevel", "error"], cwd=FRONTEND, env=environment({}), check=True)
