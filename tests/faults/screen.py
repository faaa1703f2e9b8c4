"""The real client without a browser, its person, and what the person has been told."""

import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

from project.bootstrap.console import Fault
from project.bootstrap.place import HEADLESS
from project.demo.headless import Headless, Refusal
from tests.e2e.people import Account
from tests.faults.transcript import ALWAYS, Line, Said, Transcript
from tests.load.devices import join, sign_in

_PAGE = 500
_GAPS = frozenset({"unreadable", "refused", "unshared"})
Json = dict[str, Any]


class Screen:
    """One browser of one person, as a process that may be killed and started again on what it kept."""

    def __init__(self, name: str, account: Account, origin: str, folder: Path) -> None:
        self.name, self.account, self.origin = name, account, origin
        self.state = folder / name
        self.told: dict[str, str] = {}  # the environment, from the next start on
        self.program: Path | None = None  # another build of the client
        self._log = (folder / f"{name}.log").open("a")
        self._client: Headless | None = None
        self._lock = threading.Lock()
        self._said: dict[str, Said] = {}  # by key
        self._told: dict[str, tuple[float | None, int | None, float | None]] = {}
        self.alarms: set[str] = set()  # kinds, of any conversation, since the last time somebody asked

    def start(self) -> None:
        self._client = Headless(
            origin=self.origin,
            state=self.state,
            log=self._log,
            heard=self._hear,
            told=self.told,
            program=self.program or HEADLESS / "headless.js",
        )

    def join(self) -> None:
        """Invitation, second factor, keys."""
        self.start()
        join(self._running, self.account)

    def add(self) -> None:
        """Another browser of somebody who has joined, by the code de secours."""
        self.start()
        sign_in(self._running, self.account)
        self.ask("recover", code=" ".join(self.account.recovery))

    def kill(self) -> None:
        """As the system kills a browser: between any two instructions."""
        client, self._client = self._running, None
        for said in self._said.values():
            said.is_watched = said.is_watched and said.acknowledged is not None
        for pid in reversed(_family(client.pid)):
            os.kill(pid, signal.SIGKILL)
        client.close()

    def restart(self) -> None:
        self.start()
        self.ask("open")

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None
        self._log.close()

    @property
    def is_running(self) -> bool:
        return self._client is not None

    @property
    def pid(self) -> int:
        """Of the client itself: Node may run below a starter of its own."""
        return _family(self._running.pid)[-1]

    def ask(self, command: str, **given: Any) -> Any:
        with self._lock:
            return self._running.ask(command, **given)

    # --- saying -------------------------------------------------------------------------------------

    def say(self, conversation: str, number: int, more: str = "") -> Said:
        """Raises Refusal when the client did not take it."""
        said = Said(self.name, conversation, number, time.monotonic())
        try:
            key = self.ask("send", conversation=conversation, text=said.name + more, quote=None, mentions=[])
        except Refusal:
            said.taken = False
            raise
        except Fault as fault:
            if "stopped during" not in str(fault):
                raise
            said.taken = None
            return said
        self._said[key] = said
        self._note(key)
        return said

    # --- shown --------------------------------------------------------------------------------------

    def transcript(self, conversation: str, first: int = 1, last: int = ALWAYS) -> Transcript:
        lines: list[Line] = []
        before: int | None = None
        while True:
            page = self.ask("page", conversation=conversation, before=before, limit=_PAGE)
            lines[:0] = [line for view in page["messages"] if (line := _line(view)) is not None]
            if not page["more"]:
                return Transcript(self.name, conversation, tuple(lines), first, last)
            before = page["messages"][0]["seq"]

    def conversations(self) -> dict[str, Json]:
        return {one["id"]: one for one in self.ask("open")["conversations"]}

    @property
    def is_online(self) -> bool:
        return bool(self.ask("open")["connection"]["state"] == "online")

    def is_online_since(self, moment: int) -> bool:
        """Of a line that was opened then or later."""
        connection = self.ask("open")["connection"]
        return bool(connection["state"] == "online" and connection["since"] >= moment)

    @property
    def stage(self) -> str:
        return str(self.ask("open")["session"]["stage"])

    @property
    def _running(self) -> Headless:
        if self._client is None:
            raise Fault(f"{self.name} is not running")
        return self._client

    def _hear(self, event: Json) -> None:
        if event["type"] == "conversations":
            self.alarms |= {one["alarm"]["kind"] for one in event["conversations"] if one["alarm"]}
        for view in event["messages"] if event["type"] == "messages" else ():
            if view["own"]:
                self._mark(view)

    def _mark(self, view: Json) -> None:
        sent, seq, late = self._told.get(view["key"], (None, None, None))
        if view["seq"] is not None and sent is None:
            sent, seq = time.monotonic(), int(view["seq"])
        if view["late"] and late is None:
            late = time.monotonic()
        self._told[view["key"]] = (sent, seq, late)
        self._note(view["key"])

    def _note(self, key: str) -> None:
        if key in self._said and key in self._told:
            said = self._said[key]
            said.acknowledged, said.seq, said.late = self._told[key]


def _line(view: Json) -> Line | None:
    body = view["body"]
    if body["kind"] == "text":
        return Line(view["seq"], body["text"], "text" if view["seq"] is not None else "queued")
    return Line(view["seq"], body["kind"], "gap") if body["kind"] in _GAPS else None


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in _family(int(child)))]
