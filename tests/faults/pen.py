"""Somebody who writes by the Python client, and never gives up: for volume."""

import json
import random
import time
from typing import Any

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection

from accounts.protocol import b64, octets
from tests.e2e.people import Account
from tests.e2e.scribe import Scribe, Talk
from tests.e2e.wire import Place
from tests.faults.transcript import ALWAYS, Line, Said, Transcript, outsider

_ANSWER_WITHIN = 5.0
_AGAIN = 0.3
_LOST = (OSError, WebSocketException, TimeoutError, AssertionError, EOFError, ValueError)
Json = dict[str, Any]


class Pen:
    """Each text is sealed once and offered again, byte for byte, until the host says that it has it (M8)."""

    is_running = True

    def __init__(self, name: str, account: Account, place: Place) -> None:
        self.name, self.account = name, account
        self.scribe = Scribe(place, account)
        self._line: ClientConnection | None = None
        self._ref = 0
        self._chance = random.Random(name)

    def join(self) -> None:
        self.scribe.join()

    def close(self) -> None:
        self._hang_up()
        self.scribe.close()

    # --- saying -------------------------------------------------------------------------------------

    def say(self, conversation: str, number: int, more: str = "", *, within: float = 120.0) -> Said:
        """Returns when it is acknowledged, however long that takes; unacknowledged after `within`."""
        said = Said(self.name, conversation, number, time.monotonic(), is_watched=False)
        until = said.at + within
        talk = self._talk(octets(conversation))
        text = said.name + more
        entry = self._sealed(talk, text)
        while time.monotonic() < until:
            try:
                answer = self._offer(conversation, entry)
            except _LOST:
                self._hang_up()
                time.sleep(_AGAIN * (1 + self._chance.random()))
                continue
            if answer["type"] == "appended":
                said.acknowledged, said.seq = time.monotonic(), int(answer["seq"])
                return said
            entry = self._sealed_again(talk, text, answer, entry)
        return said

    def _sealed(self, talk: Talk, text: str) -> bytes:
        self._before = talk.sent, talk.last_own
        return self.scribe.seal(talk, text)

    def _sealed_again(self, talk: Talk, text: str, refused: Json, entry: bytes) -> bytes:
        """Refused means: not in the log. Under a newer epoch it is another entry (M8)."""
        if refused["code"] in ("throttled", "unavailable"):  # of the latter nobody knows whether it is there
            time.sleep(float(refused["retry_after"] or 1))
            return entry
        epoch = talk.log.last
        try:
            self.scribe.pull(talk.log.conversation)
            if talk.log.last == epoch and refused["code"] == "epoch_stale":
                self.scribe.renew(talk.log.conversation)
        except _LOST:
            time.sleep(_AGAIN)
            return entry
        talk.sent, talk.last_own = self._before
        return self._sealed(talk, text)

    def _offer(self, conversation: str, entry: bytes) -> Json:
        line = self._line or self._greet()
        self._ref += 1
        told = {"type": "append", "ref": self._ref, "conversation": conversation, "entry": b64(entry)}
        line.send(json.dumps(told))
        until = time.monotonic() + _ANSWER_WITHIN
        while (left := until - time.monotonic()) > 0:
            frame: Json = json.loads(line.recv(timeout=left))
            if frame.get("ref") == self._ref:
                return frame
        raise TimeoutError

    def _greet(self) -> ClientConnection:
        """With no place of its own: the host deals nothing to it, it pulls when it wants to read."""
        self._line = self.scribe.wire.socket()
        self._line.send(json.dumps({"type": "hello", "protocol": 1, "heads": []}))
        if json.loads(self._line.recv(timeout=_ANSWER_WITHIN))["type"] != "welcome":
            raise ValueError("no welcome")
        return self._line

    def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close_socket()

    # --- shown --------------------------------------------------------------------------------------

    def transcript(self, conversation: str, first: int = 1, last: int = ALWAYS) -> Transcript:
        """Pulled, judged and opened anew where it is not yet."""
        talk = self.scribe.pull(octets(conversation))
        lines = map(Line, talk.places, talk.texts)
        return Transcript(self.name, conversation, tuple(lines), first, last)

    def trespass(self, conversation: str) -> Transcript:
        """Of somebody who is not in it: whatever the host gives them all the same."""
        answer = self.scribe.wire.get(f"/api/entries?conversation={conversation}&after=0&limit=500")
        rows = answer.body["entries"] if answer.status == 200 else []
        return outsider(self.name, conversation, (Line(row["seq"], row["entry"]) for row in rows))

    def _talk(self, conversation: bytes) -> Talk:
        while True:
            talk = self.scribe.talks.get(conversation)
            if talk is not None and talk.log.last is not None:
                return talk
            try:
                return self.scribe.pull(conversation)
            except _LOST:
                time.sleep(_AGAIN)
