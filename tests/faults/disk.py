"""F19: the disk of the database is full, later has room again. Needs root, to mount a small one."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from accounts.protocol import b64
from tests.e2e.people import invite
from tests.e2e.settings import told
from tests.faults.cluster import ROOMY
from tests.faults.pen import Pen
from tests.faults.registry import Outcome, outcome, played
from tests.faults.stage import Scene, Stage
from tests.faults.transcript import Said
from tests.running import Colloque
from tests.services import Postgres

_ROOM = 48  # MiB beside what is there already
_FULL = b"No space left on device"


class Disk:
    """A file system of its own, so small that one file fills it."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder = folder
        self._size = size

    def __enter__(self) -> "Disk":
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={self._size}m,mode=700", "tmpfs", self.folder], check=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        subprocess.run(["umount", self.folder], check=True)

    def fill(self) -> None:
        with (self.folder / "ballast").open("ab", buffering=0) as ballast:
            for piece in (2**20, 4096, 1):
                with contextlib.suppress(OSError):
                    while True:
                        ballast.write(b"\0" * piece)

    def free(self) -> None:
        (self.folder / "ballast").unlink()


@played("F19", "the disk of the database is full, PostgreSQL's and SQLite's")
def disk_full(stage: Stage, seed: int) -> Outcome:
    scene = stage.scene("F19", seed)
    if os.geteuid() != 0:
        scene.demand(False, "a small file system can only be mounted by root")
    scene.traffic.start()
    scene.wait(0.5)
    with moved(stage.cluster.postgres) as disk:
        scene.wait(1)
        failed = _failures(stage.cluster.postgres)
        disk.fill()
        scene.wait(scene.lasting(30, full=5))
        failed = _failures(stage.cluster.postgres) - failed
        disk.free()
        scene.remarks.append(f"PostgreSQL found no room {failed} times")
        scene.demand(failed > 0, "PostgreSQL had room all the time")
        scene.wait(1)
    record = scene.record(ended=time.monotonic())
    _sqlite(scene)
    return outcome(scene, record)


@contextmanager
def moved(postgres: Postgres) -> Iterator[Disk]:
    """Its files stand on a small disk meanwhile."""
    kept = postgres.data.with_name("kept")
    postgres.stop()
    postgres.data.rename(kept)
    postgres.data.mkdir()
    with Disk(postgres.data, _used(kept) + _ROOM) as disk:
        _copy(kept, postgres.data)
        postgres.start()
        try:
            yield disk
        finally:
            postgres.stop()
            shutil.rmtree(kept)
            kept.mkdir()
            _copy(postgres.data, kept)
    postgres.data.rmdir()
    kept.rename(postgres.data)
    postgres.start()


def _sqlite(scene: Scene) -> None:
    """A server of its own; whoever writes is told clearly, and what was taken stays."""
    with tempfile.TemporaryDirectory(prefix="colloque-disk-") as name, Disk(Path(name), _ROOM) as disk:
        server = Colloque(disk.folder, {**told(), **ROOMY}).start()
        try:
            writer, reader = [
                Pen(name, one, server) for name, one in zip("ab", invite(server, 2), strict=True)
            ]
            for pen in (writer, reader):
                pen.join()
            conversation = b64(writer.scribe.start_direct(reader.account.family))
            refused, said = _written_through(disk, writer, conversation)
            shown = reader.transcript(conversation).names
            for pen in (writer, reader):
                pen.close()
        finally:
            server.stop()
    scene.remarks.append(f"SQLite refused {refused} times")
    scene.demand(refused > 0, "SQLite had room all the time")
    expected = [one.name for one in said if one.acknowledged is not None]
    scene.demand(shown == expected, f"of SQLite {shown} is shown, {expected} was acknowledged")
    scene.demand(said[-1].acknowledged is not None, "SQLite did not go on when there was room again")


def _written_through(disk: Disk, writer: Pen, conversation: str) -> tuple[int, list[Said]]:
    said = [writer.say(conversation, number) for number in range(1, 6)]
    disk.fill()
    until, refused = time.monotonic() + 10, 0
    while said[-1].acknowledged is not None and time.monotonic() < until:
        said.append(writer.say(conversation, len(said) + 1, within=1.0))
        refused += said[-1].acknowledged is None
    disk.free()
    said.append(writer.say(conversation, len(said) + 1, within=15.0))
    return refused, said


def _failures(postgres: Postgres) -> int:
    return postgres.log.read_bytes().count(_FULL)


def _used(folder: Path) -> int:
    """In MiB."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) // 2**20 + 1


def _copy(source: Path, target: Path) -> None:
    subprocess.run(["cp", "-a", f"{source}/.", str(target)], check=True)
