"""`python -m tests.load.delivery`: from sending to the answer of the host, and to the other person."""

import argparse
import json
import time

from accounts.protocol import b64
from tests.e2e.persona import Persona
from tests.e2e.scribe import Scribe
from tests.load.ground import ground, milliseconds, table


def over_the_wire(sender: Scribe, receiver: Scribe, count: int) -> tuple[list[float], list[float]]:
    """Acknowledged and delivered, in milliseconds, between two programs with one socket each."""
    conversation = sender.start_direct(receiver.account.family)
    talk = receiver.pull(conversation)
    receiver.greet([(conversation, talk.log.head)])
    acknowledged, delivered = [], []
    for number in range(count):
        entry = sender.seal(sender.talks[conversation], f"Message {number}")
        started = time.perf_counter()
        assert sender.append(conversation, entry)["type"] == "appended"
        acknowledged.append((time.perf_counter() - started) * 1000)
        seq = _heard(receiver, entry)
        delivered.append((time.perf_counter() - started) * 1000)
        receiver.live.send(json.dumps({"type": "cursor", "conversation": b64(conversation), "seq": seq}))
        sender.pull(conversation)
    return acknowledged, delivered


def _heard(receiver: Scribe, entry: bytes) -> int:
    while True:
        frame = json.loads(receiver.live.recv(timeout=30))
        if frame["type"] == "entry" and frame["entry"] == b64(entry):
            return int(frame["seq"])


def between_browsers(ines: Persona, anne_lise: Persona, count: int) -> list[float]:
    """From the Enter key to the words on the other screen, in milliseconds."""
    hers = ines.start_direct(anne_lise.account)
    hers.send("Ouverture")
    theirs = anne_lise.open_direct(ines.account)
    theirs.shows("Ouverture")
    found = []
    for number in range(count):
        hers.composer.fill(f"Message {number}")
        started = time.perf_counter()
        hers.composer.press("Enter")
        theirs.shows(f"Message {number}")
        found.append((time.perf_counter() - started) * 1000)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.load.delivery")
    parser.add_argument("--messages", type=int, default=500)
    parser.add_argument("--in-browsers", type=int, default=50)
    given = parser.parse_args()
    with ground() as stage:
        pair = [Scribe(stage.server, stage.account()).join() for _ in range(2)]
        acknowledged, delivered = over_the_wire(pair[0], pair[1], given.messages)
        for scribe in pair:
            scribe.close()
        ines, anne_lise = stage.pair()
        shown = between_browsers(ines, anne_lise, given.in_browsers)
    rows = [
        ("acknowledged", milliseconds(acknowledged)),
        ("delivered to another socket", milliseconds(delivered)),
        ("shown in another browser", milliseconds(shown)),
    ]
    table("Sending, one message after the other", rows)


if __name__ == "__main__":
    main()
