"""The in-memory layer reaches one process only: a second one on the same state would miss every hint."""

import fcntl
import os
from pathlib import Path

from channels.layers import InMemoryChannelLayer, get_channel_layer
from django.conf import settings


class SecondProcess(RuntimeError):
    def __init__(self) -> None:
        super().__init__("another process serves from this folder; several need REDIS_URL")


_held: int | None = None  # for the life of the process: the system lets go when it ends, however it ends


def refuse_a_second_process() -> None:
    global _held
    if _held is not None or not isinstance(get_channel_layer(), InMemoryChannelLayer):
        return
    folder = Path(settings.STATE)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(folder / "exchange.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(file)
        raise SecondProcess from None
    _held = file
