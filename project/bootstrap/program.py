"""Runs one program of a step: its output goes to a log, and a failure becomes one line with the way out."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from project.bootstrap.console import Fault
from project.bootstrap.place import LOGS, ROOT, environment

_NO_NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|Temporary failure in name resolution|ConnectTimeout|ReadTimeout"
    r"|Network is unreachable|Connection refused|EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|ENETUNREACH"
    r"|No matching distribution found"
)


_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_ERROR = re.compile(r"^(?!at ).*(error|could not|cannot)(?!.*:$)", re.IGNORECASE)


class Failed(Fault):
    def __init__(self, name: str, output: str, log: Path) -> None:
        super().__init__(_reason(name, output, log))
        self.output = output


def run(name: str, command: list[str], folder: Path = ROOT, extra: dict[str, str] | None = None) -> str:
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / (name + ".log")
    with log.open("w+") as out:
        try:
            code = subprocess.call(
                command, cwd=str(folder), env=environment(extra or {}), stdout=out, stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )  # fmt: skip
        except FileNotFoundError:
            raise Fault(f"{name}: {command[0]} is missing; delete .venv and start again") from None
        out.seek(0)
        output = out.read()
    if code != 0:
        raise Failed(name, output, log)
    return output


def _reason(name: str, output: str, log: Path) -> str:
    if _NO_NETWORK.search(output):
        return f"{name}: no network (a package could not be fetched); connect and run the same command again"
    lines = [line.strip() for line in _COLOUR.sub("", output).splitlines() if line.strip()] or [
        "it said nothing"
    ]
    telling = [line for line in lines if _ERROR.search(line)]
    return f"{name} failed: {(telling or lines[-1:])[0][:200]} (all of it: {log})"
