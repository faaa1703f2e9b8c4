"""`python -m tests.load.scrolling`: whether a list of 10,000 messages scrolls smoothly and jumps at once."""

import argparse

from tests.e2e.persona import Persona
from tests.e2e.thread import Thread
from tests.load.ground import ground, milliseconds, percentile, reader_of, table, to_the_last

_FRAMES = """async ({ seconds, step }) => {
  const log = document.querySelector('[role="log"]');
  const frames = [];
  let before = performance.now();
  const end = before + seconds * 1000;
  while (before < end) {
    const now = await new Promise(requestAnimationFrame);
    frames.push(now - before);
    before = now;
    log.scrollTop -= step;
  }
  return frames.slice(1);
}"""
_JUMP = """async (to) => {
  const log = document.querySelector('[role="log"]');
  const before = performance.now();
  log.scrollTop = to === "end" ? log.scrollHeight : 0;
  const filled = () => [...log.querySelectorAll("article")].some((row) => {
    const [there, all] = [row.getBoundingClientRect(), log.getBoundingClientRect()];
    return there.bottom > all.top && there.top < all.bottom;
  });
  do await new Promise(requestAnimationFrame); while (!filled());
  return performance.now() - before;
}"""
SLOW = 50.0  # milliseconds: a frame that an eye notices


def measure(entries: int, seconds: int) -> tuple[list[float], list[float]]:
    with ground() as stage:
        reader, scribe = reader_of(stage, entries)
        thread = reader.open_direct(scribe.account)
        to_the_last(thread)
        scribe.close()
        frames = _scroll(reader, seconds)
        jumps = _jumps(reader, thread)
    return frames, jumps


def _scroll(reader: Persona, seconds: int) -> list[float]:
    frames: list[float] = reader.page.evaluate(_FRAMES, {"seconds": seconds, "step": 120})
    return frames


def _jumps(reader: Persona, thread: Thread) -> list[float]:
    found: list[float] = [reader.page.evaluate(_JUMP, to) for to in ("start", "end") * 5]
    thread.shows("La dernière")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.load.scrolling")
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=20)
    given = parser.parse_args()
    frames, jumps = measure(given.entries, given.seconds)
    slow = sum(frame > SLOW for frame in frames)
    rows = [
        ("frame", milliseconds(frames)),
        ("frames a second", f"{1000 / percentile(frames, 0.5):.0f} at the median"),
        ("frames over 50 ms", f"{slow} of {len(frames)}"),
        ("jump to an end", milliseconds(jumps)),
    ]
    table(f"Scrolling a thread of {given.entries} entries for {given.seconds} s", rows)


if __name__ == "__main__":
    main()
