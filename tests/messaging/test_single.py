"""One process with the in-memory layer: a second would miss every hint, so it is refused."""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from channels.layers import InMemoryChannelLayer
from django.conf import settings

from messaging.exchange import single
from messaging.exchange.single import SecondProcess, refuse_a_second_process


@pytest.fixture
def lock(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Held as by another process: the system tells open files apart, not who opened them."""
    monkeypatch.setattr(single, "_held", None)
    monkeypatch.setattr(single, "get_channel_layer", InMemoryChannelLayer)
    monkeypatch.setattr(settings, "STATE", Path(settings.STATE) / "another")
    settings.STATE.mkdir(exist_ok=True)
    file = os.open(settings.STATE / "exchange.lock", os.O_RDWR | os.O_CREAT)
    yield file
    os.close(file)
    if single._held is not None:
        os.close(single._held)


def test_a_second_process_is_refused(lock: int) -> None:
    fcntl.flock(lock, fcntl.LOCK_EX)
    with pytest.raises(SecondProcess, match="REDIS_URL"):
        refuse_a_second_process()
    fcntl.flock(lock, fcntl.LOCK_UN)
    refuse_a_second_process()


def test_the_same_process_may_ask_again(lock: int) -> None:
    refuse_a_second_process()
    refuse_a_second_process()
