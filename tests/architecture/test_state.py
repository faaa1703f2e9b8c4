"""What lies in the state folder (keys, mails, the embedded database) is for the server's own user only."""

import os
import stat
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from project.bootstrap.lock import alone
from project.checks import state_is_closed
from tests.running import Colloque


def codes(folder: Path, settings: Settings) -> list[str | None]:
    settings.STATE = folder
    return [fault.id for fault in state_is_closed(None)]


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o701, 0o770])
def test_a_folder_that_others_may_enter_stops_the_start(
    mode: int, tmp_path: Path, settings: Settings
) -> None:
    tmp_path.chmod(mode)
    assert codes(tmp_path, settings) == ["colloque.E006"]


def test_a_closed_folder_and_none_are_fine(tmp_path: Path, settings: Settings) -> None:
    tmp_path.chmod(0o700)
    assert codes(tmp_path, settings) == codes(tmp_path / "none", settings) == []


def test_a_checkout_keeps_its_state_closed(tmp_path: Path) -> None:
    with alone(tmp_path / "var" / "demo.lock", "busy"):
        assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700


@pytest.mark.django_db(transaction=True)
def test_the_worker_writes_for_nobody_else() -> None:
    before = os.umask(0o022)
    call_command("worker", "--once")
    assert os.umask(before) == 0o077


def test_the_server_writes_for_nobody_else(tmp_path: Path) -> None:
    server = Colloque(tmp_path, {}).start()
    try:
        assert "Umask:\t0077" in Path(f"/proc/{server.pid}/status").read_text()
    finally:
        server.stop()
