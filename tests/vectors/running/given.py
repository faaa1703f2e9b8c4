"""What every runner is given, and the forms of what it may answer."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from accounts.keylog import KeyLog, fold
from tests.vectors import generate

FOLDER = Path(generate.__file__).parent
WORLD = json.loads((FOLDER / "world.json").read_text())["persons"]

Result = tuple[str, str | None, dict[str, Any]]
Given = dict[str, Any]
Runners = dict[str, Callable[[Given], Result]]


class Failed(Exception):
    def __init__(self, expect: str, code: str | None, **output: Any) -> None:
        super().__init__(code)
        self.result: Result = (expect, code, output)


def octets(value: Any) -> Any:
    """Hex to bytes, wherever it stands; texts that are no bytes are named by the runners."""
    if isinstance(value, list):
        return [octets(held) for held in value]
    return bytes.fromhex(value) if isinstance(value, str) else value


def known_logs(known: dict[str, int]) -> dict[bytes, KeyLog]:
    logs = [fold(octets(WORLD[name]["statements"][:count])) for name, count in known.items() if count]
    return {log.chain: log for log in logs}


def accepted(**output: Any) -> Result:
    return "accepted", None, output


def opened(**output: Any) -> Result:
    return "opened", None, output
