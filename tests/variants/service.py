"""Starts a rendered service as its owner would, and stops all of it again."""

from __future__ import annotations

import http
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

NOT_INHERITED = (
    "VIRTUAL_ENV",
    "UV_PROJECT_ENVIRONMENT",
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONDONTWRITEBYTECODE",
)
"""What would mislead uv in the service's folder, or make each of many starts compile it anew."""
OTHER_SERVERS = ("ENVIRONMENT", "DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL")
"""With these set, a trial would write to a database that is somebody's."""
DEV = ("uv", "run", "--no-sync", "app", "dev")  # what it needs was installed before
READY_WITHIN = 60.0
STOPPED_WITHIN = 15.0
PATIENCE = 10
"""How often a request that came too early is sent."""


class ServiceNotReadyError(Exception):
    """The service ended, or did not become ready in time."""


def overrides(python: str) -> dict[str, str | None]:
    """What makes our environment that of a shell in the service's folder; None: not there."""
    return {**dict.fromkeys(NOT_INHERITED), "UV_PYTHON": python}


def environment(python: str) -> dict[str, str]:
    """Our environment, as a shell in the service's folder would have it, with `python` for uv."""
    changed = {**os.environ, **overrides(python)}
    return {key: value for key, value in changed.items() if value is not None}


@dataclass(frozen=True)
class Running:
    """A service that answers at `address`, and the process that ends with it."""

    address: str
    process: subprocess.Popen[bytes]


def interrupt_when_ended() -> None:
    """Makes whatever ends us raise KeyboardInterrupt, so that the service ends too.

    A shell's background jobs ignore Ctrl-C, and would hand that down; `nohup` is left its way.
    """
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number and (name != "SIGHUP" or signal.getsignal(number) != signal.SIG_IGN):
            signal.signal(number, signal.default_int_handler)


@contextmanager
def running(
    folder: Path,
    python: str,
    log: IO[str] | None = None,
    command: Sequence[str] = DEV,
    port: int = 8000,
) -> Iterator[Running]:
    """Runs `command` on this port, or a free one; gives it once it is ready, and stops it then.

    Its output goes to `log`, else to the terminal. Raises ServiceNotReadyError.
    """
    interrupt_when_ended()
    port = free_port(port)
    settings = environment(python)
    process = subprocess.Popen(
        [*command, "--port", str(port)],
        cwd=folder,
        env={key: value for key, value in settings.items() if key not in OTHER_SERVERS},
        stdout=log,
        stderr=subprocess.STDOUT if log else None,
        start_new_session=True,  # so that Ctrl-C reaches it once, from stop()
    )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until_ready(process, address)
        yield Running(address, process)
    finally:
        stop(process)


def free_port(preferred: int) -> int:
    """`preferred` if nothing listens there, else one that the system picks."""
    for port in (preferred, 0):
        with socket.socket() as probe, suppress(OSError):
            if sys.platform != "win32":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise ServiceNotReadyError("No port is free on 127.0.0.1.")


def wait_until_ready(process: subprocess.Popen[bytes], address: str) -> None:
    """Returns at the first 200 of the readiness check. Raises ServiceNotReadyError."""
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ServiceNotReadyError(f"The service ended with {process.returncode} at its start.")
        if get(f"{address}/health/ready")[0] == 200:
            return
        time.sleep(0.05)
    raise ServiceNotReadyError(f"{address}/health/ready: no 200 within {READY_WITHIN:.0f} s.")


def get(url: str, bearer: str = "") -> tuple[int, bytes]:
    """Status and body, asked with the token if one is given; status 0 when nobody answers."""
    return answered(url, None, {"Authorization": f"Bearer {bearer}"} if bearer else {})


def post(url: str, body: object, bearer: str = "") -> tuple[int, bytes]:
    """The same, for a request with `body` as JSON."""
    credential = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    headers = {"Content-Type": "application/json", **credential}
    return answered(url, json.dumps(body).encode(), headers)


def answered(url: str, data: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
    """What the service says; an error has a status and a body too.

    Where it asks for patience it gets it: a trial sends more in a second than its limits allow.
    """
    for _ in range(PATIENCE):
        status, body, wait = asked(url, data, headers)
        if status != http.HTTPStatus.TOO_MANY_REQUESTS:
            break
        time.sleep(wait)
    return status, body


def asked(url: str, data: bytes | None, headers: dict[str, str]) -> tuple[int, bytes, int]:
    """Status, body and the seconds of `Retry-After`."""
    try:
        request = urllib.request.Request(url, data, headers)  # noqa: S310
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return answer.status, answer.read(), 0
    except urllib.error.HTTPError as error:
        return error.code, error.read(), int(error.headers.get("Retry-After", 0))
    except OSError:
        return 0, b"", 0


def stop(process: subprocess.Popen[bytes]) -> None:
    """Interrupts the service and waits for it, within bounds; a second Ctrl-C ends it at once.

    Whatever it started and left behind is killed.
    """
    with suppress(KeyboardInterrupt, subprocess.TimeoutExpired):
        signal_all(process, "SIGINT")
        process.wait(STOPPED_WITHIN)
    signal_all(process, "SIGKILL")
    process.wait()


def signal_all(process: subprocess.Popen[bytes], name: str) -> None:
    """Signals the process and what it started; Windows knows only the end of the one process."""
    with suppress(ProcessLookupError):
        if sys.platform == "win32":
            process.terminate()
        else:
            os.killpg(process.pid, getattr(signal, name))
