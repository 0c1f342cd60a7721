"""One starter per folder; the servers are small Python programs, or just a lock that one holds."""

import fcntl
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import IO

import pytest

from app.embedded.lifeline import FolderInUse, claimed, kept

pytestmark = pytest.mark.system


@contextmanager
def a_server_whose_starter_is_gone(log: Path) -> Iterator[IO[bytes]]:
    with log.open("ab") as inherited:
        fcntl.flock(inherited, fcntl.LOCK_EX)
        yield inherited


def test_a_folder_has_one_starter_at_a_time(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with claimed(tmp_path, log=log), pytest.raises(FolderInUse), claimed(tmp_path, log=log):
        pass
    with claimed(tmp_path, log=log):
        pass


def test_a_new_folder_is_private(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    with claimed(folder, log=folder / "log"):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_each_start_empties_the_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("of the last start")
    with claimed(tmp_path, log=log):
        assert log.read_text() == ""


def test_a_start_waits_for_the_last_server_to_end(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with a_server_whose_starter_is_gone(log) as server:
        Timer(0.2, server.close).start()
        with claimed(tmp_path, log=log):
            assert server.closed


def test_a_start_gives_up_on_a_server_that_does_not_end(tmp_path: Path) -> None:
    log = tmp_path / "log"
    gives_up = pytest.raises(FolderInUse, match="whose starter is gone")
    with (
        a_server_whose_starter_is_gone(log),
        gives_up as error,
        claimed(tmp_path, log=log, patience=0.05),
    ):
        pass
    assert str(log) in str(error.value)


def test_a_server_has_ended_when_its_block_has(tmp_path: Path) -> None:
    slow = (
        "import signal, time; signal.signal(2, lambda *_: time.sleep(0.2)); print('up', flush=True)"
    )
    log = tmp_path / "log"
    with claimed(tmp_path, log=log) as output:
        command = [sys.executable, "-c", f"{slow}; signal.pause(); print('down')"]
        with kept(command, output=output, stop=signal.SIGINT):
            while log.read_text() != "up\n":
                pass
        assert log.read_text() == "up\ndown\n"
