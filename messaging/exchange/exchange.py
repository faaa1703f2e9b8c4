"""One for each process and running loop: hears what moved, deals it to the open sockets, tells the others.

Delivery is catch-up. Nothing here is needed for truth: a hint that never comes is healed by the sweep, and
what the exchange does not deal, a socket pulls.
"""

import asyncio
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

import structlog
from channels.layers import get_channel_layer

from messaging import hints
from messaging.exchange import presence, whispers
from messaging.exchange.deal import Dealer
from messaging.exchange.hear import hear, pass_on, publish, reaches
from messaging.exchange.marks import Marks
from messaging.exchange.moved import Moved
from messaging.exchange.outlets import Outlets
from messaging.exchange.passing import Passing
from messaging.exchange.presence import Presence
from messaging.exchange.single import refuse_a_second_process
from messaging.exchange.supervise import Supervisor
from messaging.exchange.sweep import Sweeper
from messaging.exchange.whispers import Whispers
from messaging.exchange.worker import Worker
from messaging.exchange.writing import Writing
from messaging.hints import Hint

_log = structlog.get_logger("messaging")
_running: WeakKeyDictionary[asyncio.AbstractEventLoop, "Exchange"] = WeakKeyDictionary()


class Exchange:
    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.reader, self._writer = Worker("read"), Worker("write")
        self.outlets = Outlets()
        self.moved, self._to_tell = Moved(), Moved()
        self.dealer = Dealer(self.outlets, self.reader, self.moved)
        self.writing = Writing(self._writer)
        self._sweeper = Sweeper(self.outlets, self.reader, self.moved, self.dealer.head_of)
        self._marks = Marks(self.outlets, self.reader, self.moved)
        self._passing = Passing()
        self.whispers = Whispers(self.outlets, self.reader, self._passing)
        self.presence = Presence(self.outlets, self.reader, self._passing)
        self.tasks = Supervisor()

    def start(self) -> None:
        layer = get_channel_layer()
        hints.listen(self._told)
        self.tasks.keep("hear", lambda: hear(layer, self.moved, self._passed))
        self.tasks.keep("publish", lambda: publish(layer, self._to_tell))
        self.tasks.keep("pass", lambda: pass_on(layer, self._passing))
        self.tasks.keep("deal", self.dealer.run)
        self.tasks.keep("sweep", self._sweeper.run)
        self.tasks.keep("mark", self._marks.run)
        self.tasks.keep("whisper", self.whispers.run)
        self.tasks.keep("present", self.presence.run)
        self.tasks.keep("write", self.writing.run)

    async def stop(self) -> None:
        hints.stop_listening(self._told)
        await self.tasks.stop()
        self.writing.refuse_what_waits()
        await asyncio.gather(self.reader.stop(), self._writer.stop())
        _running.pop(self._loop, None)

    def _told(self, hint: Hint) -> None:
        """From whatever thread committed: ours deal at once, the others are told when the layer is there."""
        self._loop.call_soon_threadsafe(self._spread, hint)

    def _passed(self, message: Mapping[str, Any]) -> None:
        hearers = {whispers.KIND: self.whispers.hear, presence.KIND: self.presence.hear}
        for what, whose, place, word in self._passing.read(message):
            if what in hearers:
                hearers[what](whose, place, word)

    def _spread(self, hint: Hint) -> None:
        self.moved.add(hint)
        self._to_tell.add(hint)


def exchange_here() -> Exchange:
    """Started by the first socket or append: Daphne has no start-up hook. Raises SecondProcess."""
    loop = asyncio.get_running_loop()
    found = _running.get(loop)
    if found is None:
        refuse_a_second_process()
        found = _running[loop] = Exchange()
        found.start()
        _log.info("exchange.started")
    return found


async def layer_takes() -> bool:
    """Whether the other processes can be told anything."""
    return await reaches(get_channel_layer())


def exchange_if_running() -> Exchange | None:
    return _running.get(asyncio.get_running_loop())
