"""A signed-in socket that does what a client's does: applies in order, returns credit, pulls, marks."""

import asyncio
import json
import re
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from accounts.protocol import PROTOCOL, b64, octets
from messaging.client.entries import make_marker
from messaging.client.session import ClientSession
from messaging.protocol import SUBPROTOCOL
from tests.load.crowd import TEXT, Team
from tests.load.volley import Shot
from tests.load.wire import Line, connect, framed

_ENTRY: Final = re.compile(rb'\{"type":"entry","conversation":"([\w-]{43})","seq":(\d+)')
_ACK: Final = re.compile(rb'\{"type":"appended","ref":(\d+),"conversation":"[\w-]{43}","seq":(\d+)')
# As the browser's client does: at once, then together what came meanwhile.
_GATHERED: Final = 16
_EVERY: Final = 0.25
_MARK_EVERY: Final = 1.0


class _Place:
    """Of one conversation in one socket."""

    def __init__(self, team: Team, at: int) -> None:
        self.team, self.at = team, at
        self.returned, self.returned_at, self.is_planned = at, 0.0, False
        self.counter, self.is_marking, self.is_pulling = int(time.time() * 1000), False, False


class Seat:
    def __init__(self, client: ClientSession, teams: Sequence[Team], *, marks: bool = True) -> None:
        self.client = client
        self.faults: list[str] = []
        self.pulls = 0
        self._marks = marks
        self._places = {team.key.encode(): _Place(team, team.reached.n) for team in teams}
        self._asked: dict[int, tuple[Shot, bytes]] = {}
        self._ref = 0
        self._welcome = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self.line: Line

    async def sit(self, port: int) -> "Seat":
        origin = f"http://localhost:{port}"
        headers = {
            "Origin": origin, "Cookie": self.client.api.cookie, "Sec-WebSocket-Protocol": SUBPROTOCOL,
        }  # fmt: skip
        self._api = self.client.api.at(origin)
        self.line = await connect(port, "/ws", headers, self._hear)
        heads = [[key.decode(), place.at] for key, place in self._places.items()]
        self._tell({"type": "hello", "protocol": PROTOCOL, "heads": heads})
        await asyncio.wait_for(self._welcome.wait(), 30)
        return self

    def look(self, team: Team) -> None:
        self._tell({"type": "look", "conversation": team.key})

    def shot(self, team: Team) -> Shot:
        """Sealed and signed now, sent later."""
        self._ref += 1
        entry = team.sealed(self.client, TEXT)
        frame = {"type": "append", "ref": self._ref, "conversation": team.key, "entry": b64(entry)}
        shot = Shot(team, self.line, framed(json.dumps(frame).encode()))
        self._asked[self._ref] = shot, entry
        return shot

    def leave(self) -> None:
        for task in self._tasks:
            task.cancel()
        self.line.close()

    def _hear(self, payload: bytes) -> None:
        if found := _ENTRY.match(payload):
            self._entry(self._places[found[1]], int(found[2]))
        elif found := _ACK.match(payload):
            self._acked(int(found[1]), int(found[2]))
        elif payload.startswith(b'{"type":"behind"'):
            self._behind(json.loads(payload))
        elif payload.startswith(b'{"type":"welcome"'):
            self._welcomed(json.loads(payload))
        elif payload.startswith(b'{"type":"refused"'):
            self._refused(json.loads(payload))

    def _entry(self, place: _Place, seq: int) -> None:
        if seq != place.at + 1:
            self.faults.append(f"entry {seq} after {place.at}")
        self._apply(place, seq)

    def _apply(self, place: _Place, seq: int) -> None:
        place.at = seq
        place.team.note(seq)
        if not place.is_pulling:  # then once for the page
            self._return_soon(place)
        if self._marks and not place.is_marking:
            place.is_marking = True
            asyncio.get_running_loop().call_later(_MARK_EVERY, self._mark, place)

    def _acked(self, ref: int, seq: int) -> None:
        shot, entry = self._asked.pop(ref)
        shot.acked, shot.seq = time.monotonic(), seq
        assert isinstance(shot.room, Team)
        shot.room.accepted(seq, entry)

    def _refused(self, frame: Mapping[str, Any]) -> None:
        self.faults.append(str(frame["code"]))
        if frame["ref"] in self._asked:
            self._asked.pop(frame["ref"])[0].refused = True

    def _return_soon(self, place: _Place) -> None:
        waited = time.monotonic() - place.returned_at
        if waited >= _EVERY or place.at - place.returned >= _GATHERED:
            self._return(place)
        elif not place.is_planned:
            place.is_planned = True
            asyncio.get_running_loop().call_later(_EVERY - waited, self._return, place)

    def _return(self, place: _Place) -> None:
        place.is_planned = False
        if place.returned < place.at:
            place.returned, place.returned_at = place.at, time.monotonic()
            self._tell({"type": "cursor", "conversation": place.team.key, "seq": place.at})

    def _mark(self, place: _Place) -> None:
        place.is_marking = False
        reached = place.team.reached
        if reached.n <= place.team.start or self.line.closed.is_set():
            return
        place.counter += 1
        client = self.client
        marker = make_marker(place.team.id, client.chain, client.device, place.counter, (reached,) * 3)
        self._tell({"type": "marker", "ref": 0, "marker": b64(marker)})

    def _welcomed(self, frame: Mapping[str, list[tuple[str, int, str]]]) -> None:
        self._welcome.set()
        for key, head, _ in frame["heads"]:
            place = self._places.get(key.encode())
            if place is not None and place.at < head:
                self._pull_soon(place)

    def _behind(self, frame: Mapping[str, str]) -> None:
        self._pull_soon(self._places[frame["conversation"].encode()])

    def _pull_soon(self, place: _Place) -> None:
        if not place.is_pulling:
            place.is_pulling = True
            task = asyncio.create_task(self._pull(place))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pull(self, place: _Place) -> None:
        self.pulls += 1
        head = place.at + 1
        try:
            while place.at < head:
                page = await self._api.entries(place.team.id, place.at)
                for row in page["entries"]:
                    self._entry(place, row["seq"])
                    place.team.accepted(row["seq"], octets(row["entry"]))
                head = page["head"]
        finally:
            place.is_pulling = False
        self._return(place)

    def _tell(self, frame: Mapping[str, object]) -> None:
        self.line.send(framed(json.dumps(frame).encode()))
