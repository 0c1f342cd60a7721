"""Real servers from the wheel; each starts in a twentieth of a second."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

from app.embedded import valkey
from app.embedded.valkey import EmbeddedValkeyUnavailable, address, binary, serve

pytestmark = pytest.mark.system

STARTER = Path(__file__).with_name("valkey_starter.py")


@contextmanager
def client(url: str) -> Iterator[Redis]:
    with Redis.from_url(url, decode_responses=True) as client:
        yield client


def socket_of(url: str) -> Path:
    return Path(url.removeprefix("unix://"))


def gone(url: str) -> bool:
    with client(url) as redis:
        try:
            redis.ping()
        except RedisError:
            return not socket_of(url).parent.exists()
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
            assert starter.stdout is not None
            assert starter.stdout.readline() == "up\n"
            yield starter
        finally:
            starter.kill()


def test_it_is_reached_by_its_owner_through_a_private_socket_only(tmp_path: Path) -> None:
    with serve(tmp_path) as url, client(url) as redis:
        assert redis.config_get("port") == {"port": "0"}
        assert redis.info("server")["valkey_version"].startswith("9")
        assert socket_of(url).parent.stat().st_mode & 0o777 == 0o700
        assert socket_of(url).stat().st_mode & 0o777 == 0o700


def test_it_keeps_nothing(tmp_path: Path) -> None:
    with serve(tmp_path) as url, client(url) as redis:
        redis.set("key", "value")
        assert redis.config_get("save", "appendonly") == {"save": "", "appendonly": "no"}
    assert gone(url)
    with serve(tmp_path) as url, client(url) as redis:
        assert redis.get("key") is None


def test_a_killed_starter_takes_its_server_along_and_the_next_start_is_free(tmp_path: Path) -> None:
    with another_starter(tmp_path) as starter:
        url = address(tmp_path) or ""
        assert not gone(url)
        starter.kill()
        starter.wait()
        with serve(tmp_path) as next_url, client(next_url) as redis:
            assert redis.ping()
        assert within(5, lambda: gone(url))


def test_the_address_of_a_running_server_is_known_beside_it(tmp_path: Path) -> None:
    assert address(tmp_path / "never-served") is None
    with serve(tmp_path) as url:
        assert address(tmp_path) == url
    assert address(tmp_path) is None


def test_a_second_start_is_refused_with_the_folder_and_the_way_out(tmp_path: Path) -> None:
    with serve(tmp_path) as url:
        with pytest.raises(EmbeddedValkeyUnavailable) as error, serve(tmp_path):
            pass
        assert not gone(url)
    assert f"{tmp_path} is already in use by process {os.getpid()}" in str(error.value)
    assert "REDIS_URL" in str(error.value)


def test_two_run_side_by_side(tmp_path: Path) -> None:
    with serve(tmp_path / "one") as one, serve(tmp_path / "other") as other:
        with client(one) as redis:
            redis.set("mine", "x")
        with client(other) as redis:
            assert redis.get("mine") is None


def test_a_server_that_dies_early_shows_the_end_of_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(valkey, "NOTHING_KEPT", ["--no-such-option", "1"])
    dies = pytest.raises(EmbeddedValkeyUnavailable, match="no-such-option")
    with dies as error, serve(tmp_path):
        pass
    assert str(tmp_path / "valkey.log") in str(error.value)


def test_without_the_wheel_one_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedValkeyUnavailable, match=r"no_wheel.* Windows .*set REDIS_URL"):
        binary("no_wheel")
