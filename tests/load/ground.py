"""Where measurements stand: the real server, a real browser, people who have written thousands of entries."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import services
from tests.e2e.conftest import Stage
from tests.e2e.persona import Persona
from tests.e2e.scribe import Scribe
from tests.e2e.settings import told
from tests.e2e.thread import Thread
from tests.e2e.waiting import until
from tests.running import Colloque

# A measurement writes more in a minute than a person in a year; nothing else is changed.
ROOMY = {"COLLOQUE_LIMIT_APPEND_DEVICE": "1000000,0.0001", "COLLOQUE_LIMIT_FRAMES_SOCKET": "1000000,0.0001"}


@contextmanager
def ground() -> Iterator[Stage]:
    with tempfile.TemporaryDirectory(prefix="colloque-load-") as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=services.chromium(), args=["--no-sandbox"])
        server = Colloque(Path(folder), {**told(), **ROOMY}).start()
        try:
            stage = Stage(server, browser, pool=4)
            yield stage
            stage.clear()
        finally:
            browser.close()
            server.stop()


def reader_of(stage: Stage, entries: int) -> tuple[Persona, Scribe]:
    """Somebody in a browser to whom so many messages were written before they looked."""
    reader = stage.newcomer()
    scribe = Scribe(stage.server, stage.account()).join()
    conversation = scribe.start_direct(reader.account.family)
    started = time.monotonic()
    scribe.pour(conversation, [*(text_of(number) for number in range(entries - 2)), "La dernière"])
    seconds = time.monotonic() - started
    print(f"{entries} entries written in {seconds:.0f} s ({entries / seconds:.0f} a second)")
    return reader, scribe


def to_the_last(thread: Thread) -> None:
    """Follows the catching up to its end."""
    last = thread.message("La dernière")

    def seen() -> bool:
        thread.to_end()
        return last.is_visible()

    until(seen, "the newest message", within=300)


def text_of(number: int) -> str:
    return f"Message {number} : " + "le patient va bien, il revient mardi. " * (1 + number % 5)


def table(title: str, rows: list[tuple[str, str]]) -> None:
    width = max(len(name) for name, _ in rows)
    print(f"\n{title}")
    for name, value in rows:
        print(f"  {name:<{width}}  {value}")


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def milliseconds(values: list[float]) -> str:
    return (
        f"p50 {percentile(values, 0.5):6.1f} ms   p95 {percentile(values, 0.95):6.1f} ms   "
        f"most {max(values):6.1f} ms   ({len(values)})"
    )
