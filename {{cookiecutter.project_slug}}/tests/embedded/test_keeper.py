"""The keeper, run as the script it is, with small Python programs for servers."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from app.embedded.lifeline import KEEPER

pytestmark = pytest.mark.system

OBEDIENT = "import signal; print('up', flush=True); signal.pause()"
DEAF = (
    f"import signal; signal.signal(2, signal.SIG_IGN); signal.signal(3, signal.SIG_IGN); {OBEDIENT}"
)


@contextmanager
def keeper_of(program: str, *folders: Path) -> Iterator[subprocess.Popen[bytes]]:
    options: list[str | Path] = ["SIGINT", "0.1", *folders, "--", sys.executable, "-c", program]
    keeper = subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, "-I", "-S", KEEPER, *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # an obedient server in Python tells of its interruption
        start_new_session=True,
    )
    with keeper:
        try:
            assert keeper.stdout is not None
            assert keeper.stdout.readline() == b"up\n"
            yield keeper
        finally:
            with suppress(ProcessLookupError):
                os.killpg(keeper.pid, signal.SIGKILL)


def ended_with_its_server(keeper: subprocess.Popen[bytes]) -> bool:
    keeper.wait(5)
    try:
        os.killpg(keeper.pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.parametrize("program", [OBEDIENT, DEAF], ids=["obedient", "deaf"])
def test_a_server_ends_when_the_pipe_does(program: str) -> None:
    with keeper_of(program) as keeper:
        assert keeper.stdin is not None
        keeper.stdin.close()
        assert ended_with_its_server(keeper)


def test_a_byte_ends_the_server_although_the_pipe_stays_open() -> None:
    with keeper_of(OBEDIENT) as keeper:
        assert keeper.stdin is not None
        keeper.stdin.write(b".")
        keeper.stdin.flush()
        assert ended_with_its_server(keeper)


def test_a_keeper_told_to_terminate_takes_its_server_along() -> None:
    with keeper_of(OBEDIENT) as keeper:
        keeper.send_signal(signal.SIGTERM)
        assert ended_with_its_server(keeper)


def test_a_keeper_ends_when_its_server_does_and_removes_what_it_was_told_to(tmp_path: Path) -> None:
    sockets, data = tmp_path / "sockets", tmp_path / "data"
    for folder in (sockets, data):
        folder.mkdir()
        (folder / "file").touch()
    with keeper_of("print('up', flush=True)", sockets) as keeper:
        assert ended_with_its_server(keeper)
    assert not sockets.exists()
    assert data.exists()
