"""Starts the server and the phones' page, makes the people if they are not there, and waits."""

import os
import time
from pathlib import Path

from project.bootstrap import state
from project.bootstrap.console import Fault, say
from project.bootstrap.lock import tell
from project.bootstrap.place import DEMO
from project.bootstrap.ports import free_port
from project.demo import phones
from project.demo.seed import MAIL, PHONES, seed, stamp
from project.demo.server import Server
from project.demo.web import PhonesPage


def play(*, port: int, fresh: bool, lock: int, started: float) -> int:
    os.umask(0o077)  # for all that it starts, too
    known = stamp().holds() and not fresh
    if not known:
        state.forget()
    state.make_secrets()
    state.migrate()
    server = Server(port=free_port(port), log=DEMO / "server.log")
    try:
        if not known:
            seed(server.origin)
        page = PhonesPage(
            port=free_port(server.port + 1),
            origin=server.origin,
            admin=server.admin,
            people=phones.read(PHONES),
            mail=MAIL,
        )
        page.start()
        tell(lock, server.origin)
        _announce(server, page.origin, time.monotonic() - started)
        code = server.wait()
    finally:
        server.stop()
    raise Fault(f"the server stopped with code {code} (see {_short(DEMO / 'server.log')})")


def _announce(server: Server, page: str, seconds: float) -> None:
    say(f"\nReady after {seconds:.1f} s. All people and data are fictional.")
    say(f"\n  Colloque            {server.origin}")
    say(f"  The phones          {page}   (passwords, live one-time codes, recovery codes, mails)")
    say(f"  The administration  {server.admin}")
    say("\nSign in as two people in two browsers (or one of them in a private window). Ctrl+C stops.")


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
