"""Tests that a service is waited for, and that nothing of it outlives its trial."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.variants import service

SERVER = """
import fcntl, http.server, os, signal, subprocess, sys
held = os.open("lock", os.O_CREAT | os.O_RDWR)
fcntl.flock(held, fcntl.LOCK_SH)
if "deaf" in sys.argv:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], pass_fds=[held])
class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/busy" and not os.path.exists("asked"):
            open("asked", "w").close()
            self.send_response(429)
            self.send_header("Retry-After", "1")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(os.environ.get("DATABASE_URL", "none").encode())
print("serving", flush=True)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[-1])), Answers).serve_forever()
"""
"""A server with a child; both hold a lock, which the system takes back when the last one ends."""
fcntl = pytest.importorskip("fcntl", reason="Windows has no process groups")


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """Gives pytest its own signal handlers back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def alive(folder: Path) -> bool:
    """Whether one of the server's processes still runs, with a moment for killed ones to end."""
    with (folder / "lock").open() as lock:
        for _ in range(100):
            with suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return False
            time.sleep(0.01)
    return True


def test_a_service_is_ready_when_given_and_gone_afterwards(tmp_path: Path) -> None:
    with service.running(tmp_path, "", command=[sys.executable, "-c", SERVER]) as served:
        assert service.get(f"{served.address}/")[0] == 200
        assert alive(tmp_path)
    assert not alive(tmp_path)


def test_a_service_that_ignores_the_interrupt_is_ended_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "STOPPED_WITHIN", 0.2)
    with service.running(tmp_path, "", command=[sys.executable, "-c", SERVER, "deaf"]):
        pass
    assert not alive(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_ends_us_stops_the_service_also_in_a_background_job(
    number: signal.Signals, tmp_path: Path
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def interrupted() -> None:
        with service.running(tmp_path, "", command=[sys.executable, "-c", SERVER]):
            os.kill(os.getpid(), number)
            signal.pause()

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not alive(tmp_path)


def test_a_service_that_ends_at_its_start_is_reported(tmp_path: Path) -> None:
    with (
        pytest.raises(service.ServiceNotReadyError, match="ended with 7"),
        service.running(tmp_path, "", command=[sys.executable, "-c", "raise SystemExit(7)"]),
    ):
        pytest.fail("it was given although it never ran")


def test_the_output_goes_to_the_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with (
        log.open("w") as output,
        service.running(tmp_path, "", output, [sys.executable, "-c", SERVER]),
    ):
        assert "serving" in log.read_text("utf-8")


def test_a_trial_never_reaches_a_database_that_is_somebodys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://production")
    with service.running(tmp_path, "", command=[sys.executable, "-c", SERVER]) as served:
        assert service.get(served.address)[1] == b"none"


def test_a_service_that_asks_for_patience_gets_it(tmp_path: Path) -> None:
    with service.running(tmp_path, "", command=[sys.executable, "-c", SERVER]) as served:
        began = time.monotonic()

        assert service.get(f"{served.address}/busy")[0] == 200
        assert time.monotonic() - began >= 1


def test_a_taken_port_is_left_to_its_owner() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert service.free_port(port) not in {0, port}
    assert service.free_port(port) == port


def test_uv_is_told_which_python_and_nothing_of_our_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("UV_PROJECT_ENVIRONMENT", "/ours")
    told = service.environment("/some/python")
    assert told["UV_PYTHON"] == "/some/python"
    assert "UV_PROJECT_ENVIRONMENT" not in told
    assert told["PATH"] == os.environ["PATH"]
