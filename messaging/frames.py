"""Frames as they come: sized before parsed, parsed strictly, counted when bad (F8)."""

import time
from collections import deque

import msgspec
import structlog

from accounts.limits import limit
from messaging.measures import REFUSED_FRAMES
from messaging.protocol import FromClient

_decoder = msgspec.json.Decoder(FromClient)
_log = structlog.get_logger("messaging")
_MINUTE = 60.0


def read_frame(text: str | None) -> FromClient | None:
    """None for whatever is no frame."""
    if text is None or len(text) > limit("frame_bytes"):
        return None
    try:
        frame: FromClient = _decoder.decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    return frame


class BadFrames:
    """Of one socket: each sort of refusal is logged once, and too many in a minute are the end."""

    def __init__(self) -> None:
        self._logged: set[tuple[str, str]] = set()
        self._at: deque[float] = deque(maxlen=limit("bad_frames_minute") + 1)

    def log(self, kind: str, code: str) -> None:
        REFUSED_FRAMES.add(code)
        if (kind, code) not in self._logged:
            self._logged.add((kind, code))
            _log.info("frame.refused", source=kind, code=code)

    def too_many(self) -> bool:
        """Counts one; whether that is one more than a minute bears."""
        now = time.monotonic()
        self._at.append(now)
        return len(self._at) == self._at.maxlen and now - self._at[0] < _MINUTE
