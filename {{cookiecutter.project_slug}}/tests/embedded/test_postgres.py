"""Real servers from the wheel; most tests share one folder, as a later start is the quick one."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from app.embedded.postgres import (
    START_SECONDS,
    EmbeddedPostgresUnavailable,
    address,
    binary,
    serve,
)
from app.embedded.postgres_wheel import as_server_user

pytestmark = pytest.mark.system

STARTER = Path(__file__).with_name("starter.py")


def sql(url: str, statement: str) -> str:
    command: list[str | Path] = [binary("psql"), url.replace("+asyncpg", ""), "-XAtqc", statement]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return answer.stdout.strip()


def socket_folder(url: str) -> Path:
    return Path(str(make_url(url).query["host"]))


def server_pid(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().split()[0])


def ended(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return met


@contextmanager
def another_starter(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that serves on `folder`; killed at the end, if it still lives."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command: list[str | Path] = [sys.executable, STARTER, folder]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, text=True, env=environment) as starter:  # noqa: S603
        try:
            yield starter
        finally:
            starter.kill()


@contextmanager
def a_row_committed_by(starter: subprocess.Popen[str]) -> Iterator[None]:
    """Holds while the starter's child lives."""
    assert starter.stdout is not None
    child = int(starter.stdout.readline())
    yield
    os.kill(child, signal.SIGKILL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that was served before."""
    folder = tmp_path_factory.mktemp("served")
    with serve(folder, durable=False):
        return folder


def test_sqlalchemy_reaches_a_private_server_in_utf8_and_utc(folder: Path) -> None:
    async def settings(url: str) -> list[str]:
        engine = create_async_engine(url)
        async with engine.connect() as connection:
            names = ("listen_addresses", "server_encoding", "timezone", "server_version_num")
            found = [str(await connection.scalar(text(f"show {name}"))) for name in names]
        await engine.dispose()
        return found

    with serve(folder) as url:
        *private, version = asyncio.run(settings(url))
        assert private == ["", "UTF8", "UTC"]
        assert version.startswith("18")
        assert socket_folder(url).stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(("durable", "expected"), [(True, "on"), (False, "off")])
def test_only_a_durable_server_waits_for_the_disk(
    folder: Path, *, durable: bool, expected: str
) -> None:
    with serve(folder, durable=durable) as url:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            assert sql(url, f"show {name}") == expected


def test_an_ordinary_stop_keeps_the_rows_and_leaves_nothing_running(folder: Path) -> None:
    with serve(folder) as url:
        pid = server_pid(folder)
        sql(url, "drop table if exists kept; create table kept (id int)")
    assert ended(pid)
    assert not socket_folder(url).exists()
    with serve(folder) as url:
        assert sql(url, "select count(*) from kept") == "0"


def test_a_killed_starter_takes_its_server_along_and_loses_no_row(folder: Path) -> None:
    with another_starter(folder) as starter, a_row_committed_by(starter):
        pid, sockets = server_pid(folder), socket_folder(address(folder) or "")
        assert sockets.exists()
        starter.kill()
        starter.wait()
        with serve(folder) as url:
            assert ended(pid)
            assert within(5, lambda: not sockets.exists())
            assert sql(url, "select id from kept") == "1"


@pytest.mark.system
def test_a_start_recovers_from_a_crash_of_everything(folder: Path) -> None:
    with another_starter(folder) as starter, a_row_committed_by(starter):
        sockets = socket_folder(address(folder) or "")
        starter.send_signal(signal.SIGSTOP)
        os.killpg(os.getpgid(server_pid(folder)), signal.SIGKILL)  # the keeper's group
        starter.kill()
    shutil.rmtree(sockets)  # nobody was left to do it
    assert address(folder) is None
    pid_file = folder / "data" / "postmaster.pid"
    sleep = [*as_server_user(Path("/bin/sleep")), "60"]
    with subprocess.Popen(sleep) as stranger:  # noqa: S603 - a program of the same user
        # The number of the dead server is by now that of somebody else.
        _, *lines = pid_file.read_text().splitlines(keepends=True)
        pid_file.write_text("".join([f"{stranger.pid}\n", *lines]))
        try:
            with serve(folder) as url:
                assert sql(url, "select id from kept") == "1"
        finally:
            stranger.kill()


@pytest.mark.system
def test_a_start_makes_anew_what_a_killed_first_start_left_half_made(tmp_path: Path) -> None:
    with another_starter(tmp_path):
        assert within(5, (tmp_path / "data.new" / "base").exists)
    with serve(tmp_path, durable=False) as url:
        assert sql(url, "select 1") == "1"
    assert not (tmp_path / "data.new").exists()


def test_the_address_of_a_running_server_is_known_beside_it(folder: Path) -> None:
    assert address(folder) is None
    with serve(folder, durable=False) as url:
        assert address(folder) == url
    assert address(folder) is None
    assert address(folder / "never-served") is None


def test_a_second_start_is_refused_with_the_folder_and_the_process(folder: Path) -> None:
    refused = pytest.raises(EmbeddedPostgresUnavailable)
    with serve(folder, durable=False) as url:
        with refused as error, serve(folder):
            pass
        assert sql(url, "select 1") == "1"
    assert f"{folder} is already in use by process {os.getpid()}: stop it" in str(error.value)
    assert "DATABASE_URL" in str(error.value)


@pytest.mark.system
def test_two_run_side_by_side_however_deep_their_folders_are(folder: Path, tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    deep = private.joinpath(*["deep"] * 30)
    with serve(folder, durable=False) as one, serve(deep, durable=False) as other:
        sql(one, "drop table if exists kept; create table kept (id int)")
        assert sql(other, "select to_regclass('kept')") == ""
    assert len(str(deep)) > 108
    assert private.stat().st_mode & 0o777 == 0o700


def test_ctrl_c_in_a_terminal_does_not_reach_the_server(folder: Path) -> None:
    with serve(folder, durable=False):
        assert os.getsid(server_pid(folder)) != os.getsid(0)


def test_a_port_that_the_environment_names_is_not_ours(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "7777")
    with serve(folder, durable=False) as url:
        assert sql(url, "show port") == "5432"


def test_a_temporary_folder_too_deep_for_sockets_is_passed_by(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path.joinpath(*["deep"] * 20)
    deep.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    with serve(folder, durable=False) as url:
        assert sql(url, "select 1") == "1"


def test_a_server_that_dies_early_shows_the_end_of_its_log(folder: Path) -> None:
    with serve(folder, durable=False) as url:
        sql(url, "alter system set shared_preload_libraries = 'no_such_library'")
    dies = pytest.raises(EmbeddedPostgresUnavailable, match="no_such_library")
    began = time.monotonic()
    try:
        with dies as error, serve(folder):
            pass
        assert time.monotonic() - began < START_SECONDS / 4
        assert str(folder / "postgres.log") in str(error.value)
    finally:
        (folder / "data" / "postgresql.auto.conf").write_text("")


def test_a_cluster_that_cannot_be_made_shows_the_end_of_the_log(tmp_path: Path) -> None:
    (tmp_path / "data.new").write_text("a file in the way")
    with pytest.raises(EmbeddedPostgresUnavailable, match=r"data\.new"), serve(tmp_path):
        pass
    assert not (tmp_path / "data").exists()


def test_a_folder_that_cannot_be_used_is_named_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    no_folder = pytest.raises(EmbeddedPostgresUnavailable, match=r"file/data.*DATABASE_URL")
    with no_folder, serve(tmp_path / "file" / "data"):
        pass
