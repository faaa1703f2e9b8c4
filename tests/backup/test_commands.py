"""`backup`, `restore`, `rehearse` as whoever runs the server meets them, on both databases."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tests.conftest import StartColloque
from tests.e2e.people import invite
from tests.e2e.scribe import Scribe
from tests.e2e.settings import told
from tests.running import Colloque
from tests.services import ROOT

_ACT = """INSERT INTO accounts_action (at, actor, what, outcome, sort, target, address)
    VALUES ('{at}', '{id}', 'suspended', 'done', 'person', 'factice', '127.0.0.1')"""
_COUNT = "SELECT count(*) FROM messaging_entry"
_HISTORIES = "SELECT n, id FROM accounts_history ORDER BY n"
_SIGNED_IN = "SELECT count(*) FROM accounts_session WHERE ended_at IS NULL"


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def server(request: pytest.FixtureRequest, start_colloque: StartColloque) -> Iterator[Colloque]:
    server = start_colloque(backend=request.param, told=told())
    ines, anne_lise = (Scribe(server, account).join() for account in invite(server, 2))
    talk = ines.start_direct(anne_lise.account.family)
    ines.send(talk, "un")
    ines.close()
    yield server
    server.stop()


def refused(server: Colloque, *words: str) -> str:
    answer = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *words],
        env=server._told, capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert answer.returncode != 0, answer.stdout
    return answer.stderr


def asked(server: Colloque, said: str) -> list[tuple[object, ...]]:
    """Straight from the database: Django need not start for it."""
    url = server._told.get("DATABASE_URL")
    if url is not None:
        with psycopg.connect(url, autocommit=True) as base:
            answer = base.execute(said.encode())
            return answer.fetchall() if answer.description else []
    with closing(sqlite3.connect(server.folder / "colloque.sqlite3", timeout=20)) as file, file:
        return file.execute(said).fetchall()


def test_a_backup_is_nobody_elses_to_read_and_takes_no_other_files_place(
    server: Colloque, tmp_path: Path
) -> None:
    file = tmp_path / "backup"
    assert "COLLOQUE_AT_REST_KEY" in server.manage("backup", str(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    assert "File exists" in refused(server, "backup", str(file))
    assert file.read_bytes() == before
    assert "No such file" in refused(server, "backup", str(tmp_path / "nowhere" / "backup"))


def test_a_restoration_is_refused_unless_it_is_meant_and_whole_and_alone(
    server: Colloque, tmp_path: Path
) -> None:
    file, foreign, cut = tmp_path / "backup", tmp_path / "foreign", tmp_path / "cut"
    server.manage("backup", str(file))
    foreign.write_bytes(file.read_bytes()[: 64 * 1024 + 7])
    cut.write_bytes(file.read_bytes()[:-100])  # its list of contents is whole
    before = asked(server, _COUNT), asked(server, _HISTORIES)
    assert "Add --yes" in refused(server, "restore", str(file))
    assert "--already" in refused(server, "restore", "--yes")
    assert "stop" in refused(server, "restore", str(file), "--yes")
    server.stop()
    assert "not a whole one" in refused(server, "restore", str(foreign), "--yes")
    assert "not a whole one" in refused(server, "restore", str(cut), "--yes")
    assert "Traceback" not in refused(server, "restore", str(tmp_path / "nowhere"), "--yes")
    assert (asked(server, _COUNT), asked(server, _HISTORIES)) == before
    server.restart()


def test_t1_a_restoration_says_what_is_whole_and_what_must_be_done_again(
    server: Colloque, tmp_path: Path
) -> None:
    file = tmp_path / "backup"
    server.manage("backup", str(file))
    asked(server, _ACT.format(at=datetime.now(UTC).isoformat(" "), id=uuid4().hex))
    server.stop()
    said = server.manage("restore", str(file), "--yes")
    assert said.startswith("Whole: 3 conversations, 4 entries, 2 key logs.")
    assert "Compte suspendu: person factice" in said
    [(first, _), (second, id)] = asked(server, _HISTORIES)
    assert (first, second) == (1, 2)
    assert "Compte suspendu" not in server.manage("restore", "--already", "--yes")
    [_, kept, (third, another)] = asked(server, _HISTORIES)
    assert (kept, third) == ((2, id), 3)
    assert another != id
    server.restart()


def test_a_rehearsal_proves_a_backup_and_leaves_nothing(server: Colloque) -> None:
    before = asked(server, _HISTORIES)
    said = server.manage("rehearse").splitlines()
    assert [line.split()[0] for line in said] == ["backup", "restore", "check", "compare", "removed"]
    assert "3 conversations, 4 entries, 2 key logs" in said[2]
    assert asked(server, _HISTORIES) == before
    assert _databases(server) == 0


def test_a_rehearsal_fails_for_a_log_that_does_not_add_up(server: Colloque, tmp_path: Path) -> None:
    """Nothing after it finds this server whole."""
    nothing = "'\\x" + "00" * 32 + "'" if "DATABASE_URL" in server._told else "zeroblob(32)"
    asked(server, f"UPDATE messaging_entry SET h = {nothing} WHERE seq = 2")
    assert "entry 2" in refused(server, "rehearse")
    assert _databases(server) == 0


def test_t1_sessions_end_even_if_what_was_restored_does_not_add_up(server: Colloque, tmp_path: Path) -> None:
    """Last: whoever starts the server all the same lets nobody in by a session of the backup."""
    file = tmp_path / "backup"
    asked(server, "UPDATE accounts_session SET ended_at = NULL")
    server.manage("backup", str(file))
    before = asked(server, _HISTORIES)
    server.stop()
    assert "entry 2" in refused(server, "restore", str(file), "--yes")
    assert asked(server, _SIGNED_IN) == [(0,)]
    assert len(asked(server, _HISTORIES)) == len(before) + 1
    server.restart()


def _databases(server: Colloque) -> int:
    """Left over by rehearsals."""
    if "DATABASE_URL" not in server._told:
        return sum(1 for name in os.listdir("/tmp") if name.startswith("colloque-rehearsal-"))
    left = asked(server, "SELECT datname FROM pg_database WHERE datname LIKE 'colloque_rehearsal_%'")
    return len(left)
