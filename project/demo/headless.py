"""Drives the real client as a program: one JSON line a question, one an answer, and lines for events."""

import contextlib
import json
import queue
import subprocess
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from project.bootstrap.console import Fault
from project.bootstrap.place import BIN, HEADLESS, environment

_PATIENCE = 60.0


class Refusal(Fault):
    """The client answered a command with an error code."""

    def __init__(self, command: str, code: str) -> None:
        super().__init__(f"the client refused {command}: {code}")
        self.code = code


Heard = Callable[[dict[str, Any]], None]


class Headless:
    """`heard` is given every event that the client tells, on its own thread; `told` is its environment."""

    def __init__(
        self,
        *,
        origin: str,
        state: Path,
        log: IO[str],
        agent: str = "headless",
        heard: Heard | None = None,
        told: Mapping[str, str] | None = None,
        program: Path = HEADLESS / "headless.js",
    ) -> None:
        state.mkdir(parents=True, exist_ok=True)
        command = [
            str(BIN / "node"),
            str(program),
            "--origin",
            origin,
            "--state",
            str(state),
            "--agent",
            agent,
        ]
        self._program = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            bufsize=1,
            env=environment(dict(told or {})),
        )
        self._answers: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._heard = heard
        self._asked = 0
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    @property
    def pid(self) -> int:
        return self._program.pid

    def ask(self, command: str, **given: Any) -> Any:
        self._asked += 1
        line = json.dumps({"id": self._asked, "command": command, "input": given})
        assert self._program.stdin is not None
        try:
            self._program.stdin.write(line + "\n")
            self._program.stdin.flush()
        except BrokenPipeError:
            raise Fault(f"the client stopped before {command}") from None
        return self._answer(command)

    def close(self) -> None:
        stdin, stdout = self._program.stdin, self._program.stdout
        assert stdin is not None
        assert stdout is not None
        with contextlib.suppress(BrokenPipeError):
            stdin.close()
        try:
            self._program.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._program.kill()
            self._program.wait()
        self._listener.join(timeout=5)
        stdout.close()

    def _answer(self, command: str) -> Any:
        while True:
            try:
                answer = self._answers.get(timeout=_PATIENCE)
            except queue.Empty:
                raise Fault(f"the client did not answer {command} within {_PATIENCE:.0f} s") from None
            if answer is None:
                raise Fault(f"the client stopped during {command}")
            if answer["id"] != self._asked:
                continue
            if "error" in answer:
                raise Refusal(command, str(answer["error"]["code"]))
            return answer.get("result")

    def _listen(self) -> None:
        assert self._program.stdout is not None
        for line in self._program.stdout:
            told = json.loads(line)
            if "id" in told:
                self._answers.put(told)
            elif self._heard is not None:
                self._heard(told["event"])
        self._answers.put(None)
