"""The product's own server, as a program that ends when we do."""

import subprocess
import threading
from pathlib import Path
from typing import IO

from project.bootstrap.console import Fault
from project.bootstrap.place import PYTHON, ROOT, environment
from project.bootstrap.state import environment_of_demo
from project.demo.people import NOTICE


class Server:
    def __init__(self, *, port: int, log: Path) -> None:
        self.port = port
        self.origin = f"http://localhost:{port}"
        self.admin = f"http://admin.localhost:{port}"
        self._log = log
        told = {**environment_of_demo(), "COLLOQUE_ORIGINS": self.origin, "COLLOQUE_NOTICE": NOTICE}
        command = [str(PYTHON), str(ROOT / "manage.py"), "serve", "--port", str(port)]
        command += ["--until-input-ends", "--with-worker"]
        with log.open("w") as out:
            self._program = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=out,
                text=True,
                env=environment(told),
            )
        self._wait_until_it_listens()

    def wait(self) -> int:
        return self._program.wait()

    def stop(self) -> None:
        if self._program.stdin is not None:
            self._program.stdin.close()
        try:
            self._program.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self._program.kill()
            self._program.wait()

    def _wait_until_it_listens(self) -> None:
        out = self._program.stdout
        assert out is not None
        for line in out:
            if line.startswith("Listening"):
                threading.Thread(target=_drain, args=(out,), daemon=True).start()
                return
        raise Fault(f"the server did not start: {self._last_line()} (all of it: {self._log})")

    def _last_line(self) -> str:
        lines = [line.strip() for line in self._log.read_text().splitlines() if line.strip()]
        return lines[-1][:200] if lines else "it said nothing"


def _drain(out: IO[str]) -> None:
    with out:
        for _line in out:
            pass
