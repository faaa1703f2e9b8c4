"""Every check, in order, with its seconds; the last line counts them."""

from __future__ import annotations

import subprocess
import time
from typing import NamedTuple

from project.bootstrap.console import Fault, say
from project.bootstrap.place import BIN, PYTHON, ROOT, environment

_SEED = "20261124"


class Check(NamedTuple):
    name: str
    command: list[str]
    folder: str = "."
    scales: str = "fast full long"


def checks() -> list[Check]:
    return [*_server_checks(), *_client_checks(), *_tests()]


def _server_checks() -> list[Check]:
    return [
        Check("lint", [str(BIN / "ruff"), "check", "."]),
        Check("format", [str(BIN / "ruff"), "format", "--check", "."]),
        Check("types", [str(BIN / "mypy")]),
        Check("imports", [str(BIN / "lint-imports"), "--no-cache"]),
        Check("protocol", [str(PYTHON), "manage.py", "export_protocol", "--check"]),
    ]


def _client_checks() -> list[Check]:
    svelte = ["--fail-on-warnings", "--tsconfig", "tsconfig.svelte.json"]
    return [
        _node("client-lint", "eslint/bin/eslint.js", ".", "--max-warnings", "0"),
        _node("client-format", "prettier/bin/prettier.cjs", "--check", "."),
        _node("client-types", "typescript/bin/tsc", "-b"),
        _node("client-svelte", "svelte-check/bin/svelte-check", *svelte),
        _node("client-tests", "vitest/vitest.mjs", "run"),
    ]


def _node(name: str, program: str, *words: str) -> Check:
    return Check(name, [str(BIN / "node"), f"node_modules/{program}", *words], "frontend")


def _tests() -> list[Check]:
    # Two at a time, as many as cores; each has a server and a database of its own.
    pytest = [str(PYTHON), "-m", "pytest", "-q", "--durations=5", "-n", "2"]
    waiting = [*pytest[:-1], "3"]  # a browser mostly waits for the other one
    here = [
        *pytest,
        "-m",
        "not redis and not postgres",
        "--ignore=tests/e2e",
        "--ignore=tests/malice",
        "--ignore=tests/load",
    ]
    services = [str(PYTHON), "-m", "tests.services", "--postgres", "--redis", "--", *pytest]
    # What touches no database, or brings services of its own, has had its turn in "tests".
    done = ["tests/accounts/leaves", "tests/messaging/leaves", "tests/messaging/test_frames.py"]
    done += [f"tests/messaging/client/test_{name}.py" for name in ("vectors", "revocations")]
    served = ["tests/accounts", "tests/messaging", "tests/architecture/test_services.py"]
    served += ["--ignore=" + one for one in done]
    return [
        Check("tests", [*here, "tests"]),
        Check("tests-services", [*services, *served], scales="full long"),
        # Apart from the others: a running browser makes Django take the process for an asynchronous one.
        Check(
            "browser",
            [*waiting, "--dist", "loadfile", "tests/e2e", "tests/malice"],
            scales="full long",
        ),
    ]


def check(scale: str, only: list[str]) -> int:
    chosen = [one for one in checks() if scale in one.scales.split() and (not only or one.name in only)]
    unknown = set(only) - {one.name for one in checks()}
    if unknown or not chosen:
        raise Fault(
            "no such step: {}; there are {}".format(
                ", ".join(unknown), ", ".join(one.name for one in checks())
            )
        )
    _print_versions()
    rows = [_run(one, scale) for one in chosen]
    return _report(rows)


class Row(NamedTuple):
    name: str
    seconds: float
    ok: bool


def _run(one: Check, scale: str) -> Row:
    say("\n── {} {}".format(one.name, "─" * (70 - len(one.name))))
    started = time.monotonic()
    code = subprocess.call(
        one.command, cwd=str(ROOT / one.folder), env=environment(_told(scale)), stdin=subprocess.DEVNULL
    )
    return Row(one.name, time.monotonic() - started, code == 0)


def _told(scale: str) -> dict[str, str]:
    # The checks bring their own state: what the environment says about a real one must not reach them.
    return {
        "COLLOQUE_TEST_SCALE": scale,
        "PYTHONHASHSEED": _SEED,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "NO_COLOR": "1",
    }


def _report(rows: list[Row]) -> int:
    say("\n{:<20} {:>9}".format("step", "seconds"))
    for row in rows:
        say("{:<20} {:>9.1f}  {}".format(row.name, row.seconds, "ok" if row.ok else "FAILED"))
    failed = sum(not row.ok for row in rows)
    say(f"\n{sum(row.seconds for row in rows):.0f} s in all")
    say(f"{len(rows) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _print_versions() -> None:
    code = "from tests.versions import show; show()"
    subprocess.call([str(PYTHON), "-c", code], cwd=str(ROOT), env=environment({}))
