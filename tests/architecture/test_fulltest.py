"""`fulltest` runs every step, says how long each took, and ends with a count that cannot be misread."""

import sys

import pytest

from project.bootstrap import fulltest
from project.bootstrap.console import Fault
from project.bootstrap.fulltest import Check
from tests.architecture.sources import ROOT

GOOD = Check("good", [sys.executable, "-c", "pass"])
BAD = Check("bad", [sys.executable, "-c", "raise SystemExit(3)"])
SLOW = Check(
    "slow",
    [sys.executable, "-c", "import os; assert os.environ['COLLOQUE_TEST_SCALE'] == 'long'"],
    scales="long",
)


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[Check]:
    chosen = [GOOD, BAD, SLOW]
    monkeypatch.setattr(fulltest, "checks", lambda scale: chosen)
    monkeypatch.setattr(fulltest, "_print_versions", lambda: None)
    return chosen


def test_a_failed_step_fails_the_run_and_stops_no_other(
    steps: list[Check], capfd: pytest.CaptureFixture[str]
) -> None:
    steps.reverse()
    assert fulltest.check("long", []) == 1
    printed = capfd.readouterr().out
    assert printed.endswith("\n2 passed, 1 failed\n")
    assert [line.split()[0] for line in printed.splitlines() if line.endswith(("  ok", "  FAILED"))] == [
        "slow",
        "bad",
        "good",
    ]


def test_a_run_without_failure_succeeds(steps: list[Check], capfd: pytest.CaptureFixture[str]) -> None:
    steps.remove(BAD)
    assert fulltest.check("fast", []) == 0
    assert capfd.readouterr().out.endswith("\n1 passed, 0 failed\n")


def test_a_step_that_does_not_exist_is_no_success(steps: list[Check]) -> None:
    with pytest.raises(Fault, match="no such step: goof; there are good, bad, slow"):
        fulltest.check("full", ["goof"])


def test_what_needs_one_core_is_heard_whole_and_in_order(
    steps: list[Check], capfd: pytest.CaptureFixture[str]
) -> None:
    words = "import time; time.sleep({}); print('{} said')"
    steps[:] = [
        Check(name, [sys.executable, "-c", words.format(seconds, name)], cores=1)
        for name, seconds in (("first", 0.5), ("second", 0))
    ]
    steps.append(BAD._replace(cores=1))
    assert fulltest.check("full", []) == 1
    printed = capfd.readouterr().out
    assert printed.index("first said") < printed.index("── second") < printed.index("second said")
    assert printed.endswith("\n2 passed, 1 failed\n")


def test_nothing_is_left_out_of_a_full_run() -> None:
    names = [one.name for one in fulltest.checks("full") if "full" in one.scales.split()]
    assert set(names) == {one.name for one in fulltest.checks("long")} - {"faults"}
    assert {"tests-services", "browser", "imports", "protocol"} <= set(names)


def test_the_continuous_run_calls_it() -> None:
    script = ROOT / ".ci" / "run"
    assert "manage.py fulltest" in script.read_text()
    assert script.stat().st_mode & 0o100
