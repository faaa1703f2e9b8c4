"""The trap of asynchronous database tests is closed: such a test is not collected without its transaction."""

import subprocess
import sys
from pathlib import Path

from tests.architecture.sources import ROOT

_TRAPPED = """
import pytest

@pytest.mark.django_db
async def test_plain(): ...

@pytest.mark.django_db(reset_sequences=True)
async def test_with_other_words(): ...
"""
_SOUND = """
import pytest

@pytest.mark.django_db(transaction=True)
async def test_with_transaction(): ...

@pytest.mark.django_db
def test_synchronous(): ...

async def test_without_database(): ...
"""


def collect(folder: Path, text: str) -> "subprocess.CompletedProcess[str]":
    path = folder / "test_it.py"
    path.write_text(text)
    words = [
        "-q",
        "--collect-only",
        "-p",
        "tests.conftest",
        "--rootdir",
        str(folder),
        "-c",
        str(ROOT / "pyproject.toml"),
    ]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *words, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_asynchronous_tests_without_transaction_are_refused(tmp_path: Path) -> None:
    refused = collect(tmp_path, _TRAPPED)
    assert refused.returncode != 0
    assert "must say django_db(transaction=True)" in refused.stderr
    assert "::test_plain" in refused.stderr
    assert "::test_with_other_words" in refused.stderr


def test_the_sound_forms_are_collected(tmp_path: Path) -> None:
    found = collect(tmp_path, _SOUND)
    assert found.returncode == 0, found.stdout + found.stderr
    assert "3 tests collected" in found.stdout
