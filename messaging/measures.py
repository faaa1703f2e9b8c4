"""What sockets and exchange count of themselves (accounts/measures.py says how)."""

from datetime import datetime
from typing import Final, get_args

from accounts import clock
from accounts.errors import AccountCode
from accounts.measures import REFUSED_REQUESTS, Count, Spread
from messaging.errors import LOG_CODES
from messaging.protocol import CLOSE

REFUSED_REQUESTS.know(LOG_CODES)

DELIVERY: Final = Spread(
    "colloque_delivery_seconds",
    "From just before the commit until every socket of this process was written to.",
    (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0),
)
APPENDED: Final = Count("colloque_appends_total", "Messages and leaves acknowledged on a socket.")
REFUSED_FRAMES: Final = Count(
    "colloque_frames_refused_total", "Frames that were refused.",
    label="code", values=(*get_args(AccountCode), *LOG_CODES),
)  # fmt: skip
CLOSED: Final = Count("colloque_sockets_closed_total", "Sockets closed by us.", label="why", values=CLOSE)
STALLED: Final = Count("colloque_credit_stalls_total", "Times that a socket had used its credit up.")
HINTS_SENT: Final = Count(
    "colloque_hints_sent_total", "Messages to other processes.", label="kind", values=("hints", "passing")
)
HINTS_LOST: Final = Count(
    "colloque_hints_lost_total", "The same, lost.", label="kind", values=("hints", "passing")
)
HEALED: Final = Count("colloque_sweeps_healed_total", "Sweeps that found what no hint had told in time.")
MEASURES: Final = (
    DELIVERY, APPENDED, REFUSED_FRAMES, CLOSED, STALLED, HINTS_SENT, HINTS_LOST, HEALED,
)  # fmt: skip

_WHY: Final = {code: why for why, code in CLOSE.items()}


def delivered(moved: datetime) -> None:
    """Clocks of two machines differ a little: never less than nothing."""
    DELIVERY.add(max(0.0, (clock.now() - moved).total_seconds()))


def closed(code: int) -> None:
    CLOSED.add(_WHY.get(code, ""))
