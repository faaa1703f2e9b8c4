"""`python -m tests.faults --faults F1,F5 --seeds 1-4`: plays them and prints what came of it."""

import argparse
import os
import signal
import sys
from pathlib import Path

from tests import scale as scales
from tests.faults.registry import faults
from tests.faults.report import Row, markdown, plain, total
from tests.faults.stage import stage


def main() -> int:
    given = _arguments()
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit(143)
    )  # ended from outside, it still takes everything down
    if given.long:
        os.environ["COLLOQUE_TEST_SCALE"] = "long"
    known = faults()
    chosen = given.faults.split(",") if given.faults else list(known)
    with stage(scales.chosen(), given.processes) as here:
        here.siege = given.siege
        rows = [Row.of(known[key], _seeds(given.seeds), here) for key in chosen]
    print(f"\n{plain(rows)}\n\n{total(rows)}")
    if given.markdown:
        given.markdown.write_text(f"{markdown(rows)}\n\n{total(rows)}\n")
    return int(any(row.violations for row in rows))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.faults")
    parser.add_argument("--faults", help="F1,F5; all unless said")
    parser.add_argument("--seeds", default="1", help="3, or 1-4")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--siege", type=int, default=0, help="seconds that `kills` lasts")
    parser.add_argument("--long", action="store_true", help="as long as each fault says")
    parser.add_argument("--markdown", type=Path, help="write the table there too")
    return parser.parse_args()


def _seeds(told: str) -> list[int]:
    first, _, last = told.partition("-")
    return list(range(int(first), int(last or first) + 1))


if __name__ == "__main__":
    sys.exit(main())
