"""Makes every vector from a fixed seed: `python -m tests.vectors.generate`; `--check` only compares."""

import json
import sys
from pathlib import Path

from tests.vectors.making import (
    codec,
    consent,
    contents,
    joining,
    judging,
    keylog,
    markers,
    objects,
    pairing,
    pins,
    recovery,
    sealing,
    states,
    table,
    teams,
    wraps,
)
from tests.vectors.making.case import Cases
from tests.vectors.making.world import world_file

FOLDER = Path(__file__).parent
MAKERS = {
    "codec": codec.cases,
    "objects": objects.cases,
    "keylog": lambda: {**keylog.cases(), **pins.cases()},
    "consent": consent.cases,
    "recovery": recovery.cases,
    "pairing": pairing.cases,
    "sealing": sealing.cases,
    "epochs": wraps.epoch_cases,
    "messages": contents.message_cases,
    "judging": judging.cases,
    "teams": teams.cases,
    "joining": joining.cases,
    "markers": markers.marker_cases,
    "state": states.state_cases,
    "table": table.cases,
    "vault": sealing.vault_cases,
}


def written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def all_files() -> dict[Path, str]:
    files = {FOLDER / "world.json": written(world_file())}
    for folder, make in MAKERS.items():
        made: Cases = make()
        files |= {FOLDER / folder / f"{name}.json": written(case) for name, case in made.items()}
    return files


def differences(files: dict[Path, str]) -> list[str]:
    there = {FOLDER / "world.json", *(path for folder in MAKERS for path in (FOLDER / folder).glob("*.json"))}
    wrong = [path for path, text in files.items() if not path.exists() or path.read_text() != text]
    return sorted(str(path.relative_to(FOLDER)) for path in {*wrong, *(there - files.keys())})


def write(files: dict[Path, str]) -> None:
    for folder in MAKERS:
        (FOLDER / folder).mkdir(exist_ok=True)
        for path in (FOLDER / folder).glob("*.json"):
            if path not in files:
                path.unlink()
    for path, text in files.items():
        path.write_text(text)


if __name__ == "__main__":
    made = all_files()
    if "--check" in sys.argv:
        sys.exit(f"differ: {found}" if (found := differences(made)) else 0)
    write(made)
    print(len(made), "files")
