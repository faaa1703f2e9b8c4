"""`demo` and `fulltest`: what each sets up, in which order, and what it then starts."""

from __future__ import annotations

import argparse
import time

from project.bootstrap import client, python
from project.bootstrap.console import Fault, complain, say
from project.bootstrap.lock import alone
from project.bootstrap.place import VAR


def run(name: str, words: list[str]) -> int:
    try:
        python.need_new_python()
        return demo(words) if name == "demo" else fulltest(words)
    except Fault as fault:
        return complain(fault)
    except KeyboardInterrupt:
        say("\nstopped")
        return 130


def set_up(with_tests: bool) -> None:
    with alone(VAR / "set-up.lock", "another start is under way; wait for it or stop it"):
        python.virtual_environment()
        python.packages(with_tests)
        client.node_packages(with_tests)
        client.build()
        client.build_headless()


def demo(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="manage.py demo", description="Set up, fill with fictional people, serve."
    )
    parser.add_argument("--port", type=int, default=8000, help="first port to try (default 8000)")
    parser.add_argument(
        "--fresh", action="store_true", help="throw away the fictional people and make them anew"
    )
    options = parser.parse_args(words)
    with alone(VAR / "demo.lock", "the demo is already running") as lock:
        started = time.monotonic()
        say("Colloque: setting up")
        set_up(with_tests=False)
        from project.demo.play import play  # the rest may use what only a new Python has

        return play(port=options.port, fresh=options.fresh, lock=lock, started=started)


def fulltest(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="manage.py fulltest", description="Set up and run every check.")
    scale = parser.add_mutually_exclusive_group()
    scale.add_argument(
        "--fast", action="store_const", dest="scale", const="fast", help="no browser, no PostgreSQL"
    )
    scale.add_argument("--long", action="store_const", dest="scale", const="long", help="the full counts")
    parser.add_argument("--only", metavar="STEP", action="append", default=[], help="run only these steps")
    options = parser.parse_args(words)
    say("Colloque: setting up")
    set_up(with_tests=True)
    from project.bootstrap.fulltest import check

    return check(options.scale or "full", options.only)
