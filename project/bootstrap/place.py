"""Where things are in this checkout."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = ROOT / "var"
DEMO = VAR / "demo"
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"
FRONTEND = ROOT / "frontend"
DIST = FRONTEND / "dist"
HEADLESS = FRONTEND / "dist-headless"
LOGS = VAR / "log"


def environment(extra: dict[str, str]) -> dict[str, str]:
    """The environment of every program we start: the checkout's own Python and Node come first."""
    told = dict(os.environ)
    told.pop("PYTHONHOME", None)
    told.pop("__PYVENV_LAUNCHER__", None)
    told.update(
        {
            "NO_COLOR": "1",
            "PATH": "{}{}{}".format(BIN, os.pathsep, told.get("PATH", "")),
            "VIRTUAL_ENV": str(VENV),
        }
    )
    told.update(extra)
    return told
