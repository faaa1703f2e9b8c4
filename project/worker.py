"""Runs what has to be done from time to time. Each job is a command that anybody can run by hand as well."""

import time
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import structlog
from django.core.management import call_command
from django.db import close_old_connections

from accounts.limits import limit

_log = structlog.get_logger("project")


class Job(NamedTuple):
    command: str
    every: str  # the limit that says how many seconds


JOBS: Final = (Job("forget_expired", "forget_seconds"), Job("release_held", "release_seconds"))


class Worker:
    """All jobs run at the start: each can be repeated, and restarts must not starve them."""

    def __init__(
        self,
        jobs: Sequence[Job] = JOBS,
        *,
        run: Callable[[str], object] = call_command,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._jobs = jobs
        self._run = run
        self._now = now
        self._due = dict.fromkeys(jobs, now())

    def run(self, is_over: Callable[[float], bool]) -> None:
        """`is_over` waits that many seconds, less if it is."""
        while True:
            self.run_due()
            close_old_connections()  # as after a request: none is held while nothing is due
            if is_over(limit("worker_seconds")):
                return

    def run_due(self) -> None:
        for job in self._jobs:
            if self._due[job] <= self._now():
                self._due[job] = self._now() + limit(job.every)
                self._try(job)

    def _try(self, job: Job) -> None:
        try:
            self._run(job.command)
        except Exception as fault:  # whatever it is: the others are due as well
            _log.error("worker.failed", task=job.command, error=type(fault).__name__)
        else:
            _log.info("worker.ran", task=job.command)
