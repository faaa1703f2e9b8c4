"""F13: a line that is open and silent."""

import time

from tests.faults.registry import fault
from tests.faults.stage import Scene

NOTICED_WITHIN = 45.0
REQUESTS_WAIT = 25.0  # a little over what a client gives a request


@fault("F13", "black hole: half open, noticed within 45 s")
def swallowed(scene: Scene) -> None:
    """Who writes notices when an answer stays away; who only reads, by the beat. Requests that were under way
    are given up later than the socket: until then it is not over."""
    network, screens = scene.cluster.network, scene.company.screens
    began, started = int(time.time()) + 1, time.monotonic()
    silenced = network.swallow()
    waiting = screens
    while waiting and time.monotonic() - started < NOTICED_WITHIN:
        scene.wait(0.5)
        waiting = [one for one in waiting if not one.is_online_since(began)]
    scene.remarks.append(f"{silenced} connections, noticed within {time.monotonic() - started:.0f} s")
    scene.demand(silenced >= len(screens), f"only {silenced} connections were open")
    scene.wait(max(0.0, REQUESTS_WAIT - (time.monotonic() - started)))
    late = ", ".join(one.name for one in waiting)
    scene.demand(not late, f"not noticed within {NOTICED_WITHIN:.0f} s by {late}")
