"""Processes of the service: on a copy of the project, started, awaited and ended."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2

from app.auth.keys import Algorithm, generate
from app.core.migrations import ROOT
from app.main import SETTINGS

PATIENCE = 30
KEYS = json.dumps([generate(Algorithm.HS256)])
APP = [sys.executable, "-m", "app"]
# Tests send more than anybody may; production refuses `off`.
UNTHROTTLED = {
    "THROTTLE_ANONYMOUS": "1000000/second",
    "THROTTLE_AUTHENTICATED": "1000000/second",
    "THROTTLE_LOGIN": "1000000/second",
}


class Process(subprocess.Popen[bytes]):
    """One that leads a group of its own and writes all it says to `log`.

    Nothing is configured but that it is not throttled, and `settings`.
    """

    def __init__(self, command: Sequence[str], folder: Path, log: Path, **settings: str) -> None:
        self.log = log
        with log.open("ab") as output:
            super().__init__(
                command,
                cwd=folder,
                env=_environment(folder) | settings,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def said(self) -> str:
        """Everything so far."""
        return self.log.read_text("utf-8")

    def ended(self) -> int:
        """Its exit code, within bounds."""
        return self.wait(PATIENCE)


@contextmanager
def running(command: Sequence[str], folder: Path, log: Path, **settings: str) -> Iterator[Process]:
    """The process, and nothing of its group after the block."""
    with Process(command, folder, log, **settings) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def copied(folder: Path) -> Path:
    """A project of one's own there, with everything that the service needs to run."""
    for part in ("src", "migrations"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def free_port() -> int:
    """One that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def get(port: int, path: str, **headers: str) -> httpx2.Response:
    """The answer of the service on this port."""
    with httpx2.Client(verify=False, trust_env=False, timeout=PATIENCE) as client:
        return client.get(f"http://127.0.0.1:{port}{path}", headers=headers)


def ready(process: Process, port: int) -> None:
    """Returns once the service is; fails, with what the process said, if it will not be."""

    def answers() -> bool:
        assert process.poll() is None, process.said()
        with suppress(httpx2.TransportError):
            return get(port, "/health/ready").status_code == 200
        return False

    assert within(answers), process.said()


def gone(group: int) -> bool:
    """Whether no process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


def within(condition: Callable[[], bool]) -> bool:
    """Whether it comes true in time."""
    deadline = time.monotonic() + PATIENCE
    while not (met := condition()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return met


def _environment(folder: Path) -> dict[str, str]:
    ours = {name.upper() for kind in SETTINGS for name in kind.model_fields}
    kept = {k: v for k, v in os.environ.items() if k.removesuffix("_FILE") not in ours}
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return kept | UNTHROTTLED | {"PYTHONPATH": str(folder / "src"), "PATH": programs}
