"""A socket whose server fails to send, or waits for ever, delays and harms nobody else."""

import asyncio
from typing import Any

from messaging.exchange.writer import EXTENSION, QueueWriter, writer_of


async def test_a_failing_send_ends_the_writer_and_nothing_piles_up() -> None:
    async def fails(message: dict[str, Any]) -> None:
        raise ConnectionError

    writer = QueueWriter(fails, lambda: None, most=1000)
    writer.put("one")
    await asyncio.sleep(0.01)
    for _ in range(1000):
        writer.put("more")
    assert len(writer._waiting) == 0


async def test_a_send_that_waits_holds_up_no_other_socket() -> None:
    stuck, sent = asyncio.Event(), []

    async def waits(message: dict[str, Any]) -> None:
        await stuck.wait()

    async def sends(message: dict[str, Any]) -> None:
        sent.append(message["text"])

    slow, quick = (QueueWriter(send, lambda: None, most=1000) for send in (waits, sends))
    for text in ("one", "two", "three"):
        slow.put(text)
        quick.put(text)
    await asyncio.sleep(0.01)
    assert sent == ["one", "two", "three"]
    slow.stop()
    quick.stop()


async def test_a_close_takes_the_place_of_what_waits() -> None:
    sent: list[dict[str, Any]] = []

    async def sends(message: dict[str, Any]) -> None:
        sent.append(message)

    writer = QueueWriter(sends, lambda: None, most=1000)
    writer.put("never seen after a revocation")
    writer.close(4401)
    await asyncio.sleep(0.01)
    assert sent == [{"type": "websocket.close", "code": 4401}]
    writer.stop()


async def test_what_waits_is_bounded_and_too_much_is_said_once() -> None:
    stuck, full = asyncio.Event(), []

    async def waits(message: dict[str, Any]) -> None:
        await stuck.wait()

    writer = QueueWriter(waits, lambda: full.append(True), most=1000)
    for _ in range(100):
        writer.put("x" * 400)
    assert full == [True]
    assert sum(len(message["text"]) for message in writer._waiting) <= 1000
    writer.stop()


async def test_what_was_sent_waits_no_more() -> None:
    sent, full = [], []

    async def sends(message: dict[str, Any]) -> None:
        sent.append(message["text"])

    writer = QueueWriter(sends, lambda: full.append(True), most=1000)
    for _ in range(20):
        writer.put("x" * 400)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    await asyncio.sleep(0.01)
    assert (len(sent), full) == (20, [])
    writer.stop()


async def test_nothing_follows_a_close() -> None:
    sent: list[dict[str, Any]] = []

    async def sends(message: dict[str, Any]) -> None:
        sent.append(message)

    writer = QueueWriter(sends, lambda: None, most=1000)
    writer.close(4408)
    writer.put("late")
    await asyncio.sleep(0.01)
    assert sent == [{"type": "websocket.close", "code": 4408}]
    writer.stop()


async def test_straight_to_the_wire_what_waits_is_bounded_and_nothing_follows() -> None:
    written, full, sent = list[str](), [], list[dict[str, Any]]()

    async def sends(message: dict[str, Any]) -> None:
        sent.append(message)

    def write(text: str) -> int:
        written.append(text)
        return 400 * len(written)  # the other end reads nothing

    scope = {"extensions": {EXTENSION: write}}
    writer = writer_of(scope, sends, lambda: full.append(True), most=1000)
    for text in ("one", "two", "three", "four"):
        writer.put(text)
    assert (written, full) == (["one", "two", "three"], [True])
    writer.close(4408)
    writer.put("late")
    await asyncio.sleep(0.01)
    assert (written[3:], sent) == ([], [{"type": "websocket.close", "code": 4408}])


async def test_another_server_gets_a_task_and_its_own_send() -> None:
    async def sends(message: dict[str, Any]) -> None:
        """Never called."""

    writer = writer_of({}, sends, lambda: None, most=1000)
    assert isinstance(writer, QueueWriter)
    writer.stop()
