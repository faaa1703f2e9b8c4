"""`python -m tests.load.first_screen`: how soon a reload shows threads and messages from the local store."""

import argparse
import time

from tests.e2e.persona import Persona
from tests.e2e.waiting import until
from tests.load.ground import ground, milliseconds, reader_of, table, to_the_last

# Notes when the list, and when the newest message is on the screen, on the page's own clock.
_NOTE = """(() => {
  const seen = (globalThis.__seen = {});
  const look = () => {
    const list = document.querySelector('a[href^="#/fil/"]');
    const words = [...document.querySelectorAll("article .words")].map((one) => one.textContent);
    const message = words.includes("La dernière");
    if (list !== null) seen.list ??= performance.now();
    if (message) seen.message ??= performance.now();
    if (seen.message === undefined) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()"""


def measure(entries: int, times: int) -> dict[str, list[float]]:
    with ground() as stage:
        reader, scribe = reader_of(stage, entries)
        started = time.monotonic()
        to_the_last(reader.open_direct(scribe.account))
        reader.until_unread(scribe.account, 0)
        print(f"caught up after {time.monotonic() - started:.1f} s more")
        scribe.close()
        reader.page.add_init_script(_NOTE)
        rounds = [_reload(reader) for _ in range(times)]
    return {name: [one[name] for one in rounds] for name in ("list", "message")}


def _reload(reader: Persona) -> dict[str, float]:
    reader.page.reload()

    def seen() -> dict[str, float] | None:
        told: dict[str, float] = reader.page.evaluate("globalThis.__seen")
        return told if "message" in told else None

    found = until(seen, "the newest message", within=60)
    assert found is not None
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.load.first_screen")
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=10)
    given = parser.parse_args()
    found = measure(given.entries, given.times)
    rows = [
        ("list of threads", milliseconds(found["list"])),
        ("newest message", milliseconds(found["message"])),
    ]
    table(f"First screen after a reload, {given.entries} entries in the store", rows)


if __name__ == "__main__":
    main()
