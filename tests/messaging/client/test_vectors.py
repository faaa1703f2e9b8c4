"""Every vector is run from its file alone by the code that judges; the maker must give the same bytes."""

import json
from pathlib import Path
from typing import Any

import pytest

from accounts import recovery
from accounts.errors import Refused
from messaging.client.messages import Unreadable
from messaging.client.sealing import CannotOpen
from tests.vectors import generate
from tests.vectors.making.case import plain
from tests.vectors.running import logs, persons
from tests.vectors.running.given import FOLDER, Failed, Result, Runners

FILES = sorted(path for path in FOLDER.glob("*/*.json") if path.parent.name != "frames")
RUNNERS: Runners = {**persons.RUNNERS, **logs.RUNNERS}


def run(vector: dict[str, Any]) -> Result:
    try:
        return RUNNERS[vector["kind"]](vector["input"])
    except Failed as failed:
        return failed.result
    except (Refused, recovery.BadRecoveryCode) as refused:
        return "refused", refused.code, {}
    except Unreadable as unreadable:
        return "unreadable", unreadable.code, {}
    except CannotOpen:
        return "unreadable", "cannot_open", {}


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.parent.name != "table"], ids=lambda p: p.stem
)
def test_every_vector_gives_its_verdict_and_its_bytes(path: Path) -> None:
    vector = json.loads(path.read_text())
    expect, code, output = run(vector)
    assert (expect, code, plain(output)) == (vector["expect"], vector["code"], vector["output"])


def test_the_maker_gives_the_same_files_again() -> None:
    # Also enumerates the rule table (E14, L9) and judges every case of it.
    assert generate.differences(generate.all_files()) == []


def test_o3_no_folder_of_vectors_is_forgotten() -> None:
    there = {path.name for path in FOLDER.iterdir() if path.is_dir() and any(path.glob("*.json"))}
    assert there - {"frames"} == set(generate.MAKERS)
