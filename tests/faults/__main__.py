"""`python -m tests.faults --faults F1,F5 --seeds 1-4`: plays them and prints what came of it."""

import argparse
import os
import sys
import time
from pathlib import Path

from tests import scale as scales
from tests.faults.registry import Fault, faults
from tests.faults.report import Row, markdown, plain, total
from tests.faults.stage import Stage, stage


def main() -> int:
    given = _arguments()
    if given.long:
        os.environ["COLLOQUE_TEST_SCALE"] = "long"
    known = faults()
    chosen = given.faults.split(",") if given.faults else list(known)
    with stage(scales.chosen(), given.processes) as here:
        rows = [_play(known[key], _seeds(given.seeds), here) for key in chosen]
    print(f"\n{plain(rows)}\n\n{total(rows)}")
    if given.markdown:
        given.markdown.write_text(f"{markdown(rows)}\n\n{total(rows)}\n")
    return int(any(row.violations for row in rows))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.faults")
    parser.add_argument("--faults", help="F1,F5; all unless said")
    parser.add_argument("--seeds", default="1", help="3, or 1-4")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--long", action="store_true", help="as long as each fault says")
    parser.add_argument("--markdown", type=Path, help="write the table there too")
    return parser.parse_args()


def _seeds(told: str) -> list[int]:
    first, _, last = told.partition("-")
    return list(range(int(first), int(last or first) + 1))


def _play(fault: Fault, seeds: list[int], here: Stage) -> Row:
    if fault.not_run:
        return Row(fault.key, fault.title, [], [], 0.0, fault.not_run)
    started = time.monotonic()
    outcomes = []
    for seed in seeds:
        outcomes.append(fault.play(here, seed))
        print(f"{fault.key} seed {seed}: {outcomes[-1].acknowledged} acknowledged", flush=True)
        for violation in outcomes[-1].violations:
            print(f"  {violation}", flush=True)
    return Row(fault.key, fault.title, seeds, outcomes, time.monotonic() - started)


if __name__ == "__main__":
    sys.exit(main())
