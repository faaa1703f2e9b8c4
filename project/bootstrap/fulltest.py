"""Every check, in order, with its seconds; the last line counts them."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from project.bootstrap.console import Fault, say
from project.bootstrap.place import BIN, PYTHON, ROOT, environment

_SEED = "20261124"


class Check(NamedTuple):
    name: str
    command: list[str]
    folder: str = "."
    scales: str = "fast full long"
    cores: int = 2


def checks(scale: str) -> list[Check]:
    return [*_server_checks(), *_client_checks(), *_tests(scale)]


def _server_checks() -> list[Check]:
    return [
        _one_core("lint", BIN / "ruff", "check", "."),
        _one_core("format", BIN / "ruff", "format", "--check", "."),
        _one_core("types", BIN / "mypy"),
        _one_core("imports", BIN / "lint-imports", "--no-cache"),
        _one_core("protocol", PYTHON, "manage.py", "export_protocol", "--check"),
    ]


def _one_core(name: str, program: Path, *words: str) -> Check:
    return Check(name, [str(program), *words], cores=1)


def _client_checks() -> list[Check]:
    svelte = ["--fail-on-warnings", "--tsconfig", "tsconfig.svelte.json"]
    return [
        _node("client-lint", "eslint/bin/eslint.js", ".", "--max-warnings", "0"),
        _node("client-format", "prettier/bin/prettier.cjs", "--check", "."),
        _node("client-types", "typescript/bin/tsc", "-b"),
        _node("client-svelte", "svelte-check/bin/svelte-check", *svelte),
        _node("client-tests", "vitest/vitest.mjs", "run")._replace(cores=2),
    ]


def _node(name: str, program: str, *words: str) -> Check:
    return Check(name, [str(BIN / "node"), f"node_modules/{program}", *words], "frontend", cores=1)


# Each has servers of its own and is run apart: browsers confuse Django, measurements wait for nobody.
_APART = ["e2e", "malice", "faults", "backup", "load"]
# Where PostgreSQL or Redis may decide otherwise: rows that lock, constraints, sockets, hints.
_SERVED = ["messaging", "architecture/test_services.py"]
_SERVED += [
    f"accounts/test_{name}.py"
    for name in ("factors", "keys", "new_start", "pairing", "paper", "sessions", "sign_in", "vault")
]
# Of those, what touches no database or brings services of its own has had its turn in "tests".
_HAD = ["messaging/leaves", "messaging/test_frames.py", "messaging/test_contest.py"]
_HAD += [f"messaging/client/test_{name}.py" for name in ("vectors", "revocations")]


def _tests(scale: str) -> list[Check]:
    # Two at a time, as many as cores; each has a server and a database of its own.
    pytest = [str(PYTHON), "-m", "pytest", "-q", "--durations=5", "-n", "2"]
    waiting = [*pytest[:-1], "3", "--dist", "loadfile"]  # a browser mostly waits for the other one
    here = [*pytest, "-m", "not redis and not postgres", *_leaving_out(_APART), "tests"]
    services = [str(PYTHON), "-m", "tests.services", "--postgres", "--redis", "--", *pytest]
    served = ["accounts", *_SERVED[:2]] if scale == "long" else _SERVED
    return [
        Check("tests", here),
        Check("tests-services", [*services, *_leaving_out(_HAD), *_under(served)], scales="full long"),
        Check("restoring", [*pytest[:-2], "tests/backup"], scales="full long"),
        # One cluster for all of them; what it does to its processes is the work.
        Check("faults", [*pytest[:-2], "tests/faults"], scales="long"),
        Check("browser", [*waiting, *_under(["e2e", "malice"])], scales="full long"),
    ]


def _under(places: list[str]) -> list[str]:
    return [f"tests/{place}" for place in places]


def _leaving_out(places: list[str]) -> list[str]:
    return [f"--ignore={place}" for place in _under(places)]


def check(scale: str, only: list[str]) -> int:
    known = checks(scale)
    chosen = [one for one in known if scale in one.scales.split() and (not only or one.name in only)]
    unknown = set(only) - {one.name for one in known}
    if unknown or not chosen:
        raise Fault(
            "no such step: {}; there are {}".format(", ".join(unknown), ", ".join(one.name for one in known))
        )
    _print_versions()
    started = time.monotonic()
    return _report(_run_all(chosen, scale), time.monotonic() - started)


class Row(NamedTuple):
    name: str
    seconds: float
    ok: bool


def _run_all(chosen: list[Check], scale: str) -> list[Row]:
    """What needs one core goes two at a time, then what needs both, one after the other."""
    small = [one for one in chosen if one.cores == 1]
    with ThreadPoolExecutor(2) as pool:
        rows = [_shown(row, said) for row, said in pool.map(lambda one: _heard(one, scale), small)]
    return rows + [_run(one, scale) for one in chosen if one.cores > 1]


def _heard(one: Check, scale: str) -> tuple[Row, bytes]:
    started = time.monotonic()
    done = subprocess.run(
        one.command,
        cwd=str(ROOT / one.folder),
        env=environment(_told(scale)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return Row(one.name, time.monotonic() - started, done.returncode == 0), done.stdout


def _shown(row: Row, said: bytes) -> Row:
    _title(row.name)
    sys.stdout.write(said.decode("utf-8", "replace"))
    sys.stdout.flush()
    return row


def _run(one: Check, scale: str) -> Row:
    _title(one.name)
    started = time.monotonic()
    code = subprocess.call(
        one.command, cwd=str(ROOT / one.folder), env=environment(_told(scale)), stdin=subprocess.DEVNULL
    )
    return Row(one.name, time.monotonic() - started, code == 0)


def _title(name: str) -> None:
    say("\n── {} {}".format(name, "─" * (70 - len(name))))


def _told(scale: str) -> dict[str, str]:
    # The checks bring their own state: what the environment says about a real one must not reach them.
    return {
        "COLLOQUE_TEST_SCALE": scale,
        "PYTHONHASHSEED": _SEED,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "NO_COLOR": "1",
    }


def _report(rows: list[Row], seconds: float) -> int:
    say("\n{:<20} {:>9}".format("step", "seconds"))
    for row in rows:
        say("{:<20} {:>9.1f}  {}".format(row.name, row.seconds, "ok" if row.ok else "FAILED"))
    failed = sum(not row.ok for row in rows)
    say(f"\n{seconds:.0f} s in all")
    say(f"{len(rows) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _print_versions() -> None:
    code = "from tests.versions import show; show()"
    subprocess.call([str(PYTHON), "-c", code], cwd=str(ROOT), env=environment({}))
