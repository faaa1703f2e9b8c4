"""The short way out (project/sockets.py): at once if nothing waits, in order if something does, bounded."""

import pytest
from twisted.internet.abstract import FileDescriptor
from twisted.internet.task import Clock
from websockets.frames import Frame, Opcode
from websockets.streams import StreamReader

from project.sockets import _waiting, _write, framed


class Narrow(FileDescriptor):
    """Twisted's own buffer over a system that takes so many bytes and no more."""

    connected = 1

    def __init__(self, room: int) -> None:
        super().__init__(reactor=Clock())  # type: ignore[arg-type]  # it is only told of
        self.room, self.sent = room, b""

    def writeSomeData(self, data: bytes) -> int:
        taken = data[: self.room]
        self.room -= len(taken)
        self.sent += bytes(taken)
        return len(taken)

    def startWriting(self) -> None:
        """Nobody asks it to write by itself."""

    def stopWriting(self) -> None:
        """As above."""


@pytest.mark.parametrize("length", [0, 1, 125, 126, 65_535, 65_536])
def test_a_frame_is_read_as_it_was_meant(length: int) -> None:
    reader = StreamReader()
    reader.feed_data(framed(b"x" * length))
    parsing = Frame.parse(reader.read_exact, mask=False)
    with pytest.raises(StopIteration) as done:
        next(parsing)
    assert done.value.value == Frame(Opcode.TEXT, b"x" * length)


def test_what_fits_waits_nowhere() -> None:
    transport = Narrow(100)
    assert _write(transport, b"one") == 0
    assert (transport.sent, _waiting(transport)) == (b"one", 0)


def test_what_does_not_fit_waits_and_the_rest_behind_it() -> None:
    transport = Narrow(5)
    assert _write(transport, b"one two") == 2
    assert _write(transport, b"three") == 7
    assert transport.sent == b"one t"
    transport.room = 100
    transport.doWrite()  # type: ignore[no-untyped-call]
    assert (transport.sent, _waiting(transport)) == (b"one twothree", 0)
    assert _write(transport, b"four") == 0
    assert transport.sent == b"one twothreefour"


@pytest.mark.parametrize("state", ["disconnected", "leaving"])
def test_a_transport_that_ends_takes_nothing(state: str) -> None:
    transport = Narrow(100)
    transport.connected = int(state != "disconnected")
    transport.disconnecting = int(state == "leaving")
    assert _write(transport, b"late") == 0
    assert transport.sent == b""
