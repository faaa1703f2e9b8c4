"""The worker: jobs run when they are due, and one that fails stops neither the others nor the loop."""

import logging
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.core.management import get_commands

from accounts import clock
from accounts.models import PasswordReset
from project.bootstrap import state
from project.bootstrap.ports import free_port
from project.demo.server import Server
from project.limits import DEFAULTS
from project.worker import JOBS, Job, Worker
from tests.cast import Cast, make_cast
from tests.e2e.waiting import until
from tests.running import ROOT, Colloque


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


class Hours:
    """A clock that stands until it is moved, and what ran by it."""

    def __init__(self) -> None:
        self.at = 0.0
        self.ran: list[str] = []

    def worker(self, *jobs: Job) -> Worker:
        return Worker(jobs, run=self._run, now=lambda: self.at)

    def _run(self, command: str) -> None:
        self.ran.append(command)
        if command == "broken":
            raise ValueError("secret words")


def test_a_job_that_fails_is_told_without_its_words_and_stops_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    hours = Hours()
    worker = hours.worker(Job("broken", "forget_seconds"), Job("sound", "forget_seconds"))
    with caplog.at_level(logging.INFO, "project"):
        worker.run_due()
    assert hours.ran == ["broken", "sound"]
    failed, ran = (record.getMessage() for record in caplog.records)
    assert all(word in failed for word in ("worker.failed", "broken", "ValueError"))
    assert all(word in ran for word in ("worker.ran", "sound"))
    assert "secret words" not in caplog.text


def test_a_job_runs_at_the_start_and_then_when_it_is_due() -> None:
    hours = Hours()
    worker = hours.worker(Job("sound", "forget_seconds"))
    for hours.at, runs in ((0.0, 1), (3599.0, 1), (3600.0, 2), (3601.0, 2), (90_000.0, 3), (90_001.0, 3)):
        worker.run_due()
        assert len(hours.ran) == runs, hours.at


def test_a_job_that_failed_waits_for_its_turn() -> None:
    hours = Hours()
    worker = hours.worker(Job("broken", "forget_seconds"))
    for hours.at in (0.0, 60.0, 3600.0):
        worker.run_due()
    assert len(hours.ran) == 2


def test_the_loop_ends_when_it_is_told(transactional_db: None) -> None:
    hours = Hours()
    told = threading.Event()
    told.set()
    hours.worker(Job("sound", "forget_seconds")).run(told.wait)
    assert hours.ran == ["sound"]


def test_every_job_is_a_command_with_a_period_that_is_a_setting() -> None:
    for job in JOBS:
        assert job.command in get_commands()
        assert isinstance(DEFAULTS[job.every], int)


def test_what_has_had_its_time_is_forgotten(cast: Cast) -> None:
    PasswordReset.objects.create(
        person=cast.ines, token_hash=b"t" * 32, created_at=clock.ago(7200), expires_at=clock.ago(60)
    )
    Worker().run_due()
    assert not PasswordReset.objects.exists()


def test_the_command_works_until_it_is_ended(tmp_path: Path) -> None:
    server = Colloque(tmp_path, {})
    server.manage("migrate", "--no-input", "--verbosity", "0")
    assert server.manage("worker", "--once").startswith("0 sessions")
    with subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), "worker"],
        env=server._told,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stderr is not None
        assert "worker.ran" in program.stderr.readline()
        os.kill(program.pid, signal.SIGTERM)
        assert program.wait(timeout=10) == 0


def test_the_demo_forgets_without_a_second_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "project.settings")
    monkeypatch.setattr(state, "DEMO", tmp_path)
    state.make_secrets()
    Colloque(tmp_path, {}).manage("migrate", "--no-input", "--verbosity", "0")
    log = tmp_path / "server.log"
    server = Server(port=free_port(19_000), log=log)
    try:
        until(lambda: "worker.ran" in log.read_text(), "the worker's first round")
    finally:
        server.stop()
    assert server.wait() == 0
