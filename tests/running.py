"""The product's own server as tests meet it: a process with its own database, reached from outside only."""

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Self

from tests import services

ROOT = services.ROOT
KEYS = {
    "COLLOQUE_SECRET_KEY": "only-for-tests-" + "0123456789abcdef" * 4,
    "COLLOQUE_AT_REST_KEY": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
}
# The same functions at a smaller cost: thousands of sign-ins must fit into minutes.
CHEAP = {
    "COLLOQUE_LIMIT_PASSWORD_MEMORY_KIB": "64",
    "COLLOQUE_LIMIT_PASSWORD_PASSES": "1",
    "COLLOQUE_LIMIT_CODE_MEMORY_KIB": "64",
    "COLLOQUE_LIMIT_CODE_PASSES": "1",
}


class Colloque:
    """`manage.py serve` on a free port. `told` are settings of this server alone."""

    def __init__(self, folder: Path, told: Mapping[str, str], port: int | None = None) -> None:
        self.port = port or services.free_port()
        self.origin = f"http://localhost:{self.port}"
        self.folder = folder
        self.log = folder / "server.log"
        self.mail = folder / "mail"
        self._told = {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith(("COLLOQUE_", "DATABASE_", "REDIS_"))
            },
            **KEYS,
            **CHEAP,
            "DJANGO_SETTINGS_MODULE": "project.settings",
            "COLLOQUE_STATE": str(folder),
            "COLLOQUE_ORIGINS": self.origin,
            **told,
        }
        self._program: subprocess.Popen[str] | None = None
        self._listener = threading.Thread()

    @property
    def pid(self) -> int:
        assert self._program is not None
        return self._program.pid

    @property
    def is_running(self) -> bool:
        return self._program is not None

    def tell(self, **settings: str) -> None:
        """From the next start on."""
        self._told |= settings

    def start(self) -> Self:
        self.manage("migrate", "--no-input", "--verbosity", "0")
        return self.restart()

    def restart(self) -> Self:
        self.stop()
        command = [
            sys.executable,
            str(ROOT / "manage.py"),
            "serve",
            "--port",
            str(self.port),
            "--until-input-ends",
        ]
        with self.log.open("a") as log:
            self._program = subprocess.Popen(
                command,
                env=self._told,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=ROOT,
            )
        self._wait_until_it_listens()
        return self

    def manage(self, *words: str, given: str = "") -> str:
        """Runs a management command against this server's database and gives what it printed."""
        answer = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *words],
            env=self._told, input=given, capture_output=True, text=True, cwd=ROOT, check=False,
        )  # fmt: skip
        assert answer.returncode == 0, answer.stderr
        return answer.stdout

    def stop(self) -> None:
        if self._program is None:
            return
        assert self._program.stdin is not None
        self._program.stdin.close()
        try:
            self._program.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self._program.kill()
        self._bury()

    def kill(self) -> None:
        """As a power cut would: no goodbye."""
        if self._program is not None:
            self._program.kill()
            self._bury()

    def terminate(self) -> None:
        """As a supervisor ends it: SIGTERM, and it says goodbye."""
        if self._program is not None:
            self._program.terminate()
            self._program.wait(timeout=20)
            self._bury()

    def _bury(self) -> None:
        assert self._program is not None
        self._program.wait()
        if self._listener.is_alive():
            self._listener.join(timeout=5)
        for stream in (self._program.stdin, self._program.stdout):
            if stream is not None:
                stream.close()
        self._program = None

    def _wait_until_it_listens(self) -> None:
        assert self._program is not None
        assert self._program.stdout is not None
        for line in self._program.stdout:
            if line.startswith("Listening"):
                self._listener = threading.Thread(target=_drain, args=(self._program.stdout,), daemon=True)
                self._listener.start()
                return
        self.kill()
        raise AssertionError(f"the server did not start:\n{self.log.read_text()[-4000:]}")


def _drain(out: IO[str]) -> None:
    for _line in out:
        pass
