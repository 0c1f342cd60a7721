"""Starts what is measured as in production: servers, the service, and the limit apps beside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil

from tests.variants.service import environment as surroundings
from tests.variants.service import free_port, get, stop

BESIDE = Path(__file__).with_name("beside")
PATIENCE = 60.0
THROTTLES = ("THROTTLE_ANONYMOUS", "THROTTLE_AUTHENTICATED", "THROTTLE_LOGIN")
MANY = "1000000/second;1000000/10seconds;1000000/minute"


@dataclass(frozen=True)
class Server:
    """A process that answers on a port of this machine."""

    port: int
    process: subprocess.Popen[bytes]

    def cpu_seconds(self) -> float:
        """What the process and its workers have used so far."""
        return sum(used.user + used.system for used in (p.cpu_times() for p in self._all()))

    def megabytes(self) -> float:
        """Their resident memory."""
        return sum(process.memory_info().rss for process in self._all()) / 2**20

    def pin(self, cores: list[int]) -> None:
        """Keeps them on these cores."""
        for process in self._all():
            process.cpu_affinity(cores)

    def _all(self) -> list[psutil.Process]:
        first = psutil.Process(self.process.pid)
        return [first, *first.children(recursive=True)]


@dataclass(frozen=True)
class Stage:
    """A rendered and installed service, and the servers it works on."""

    folder: Path
    python: str
    settings: dict[str, str]

    def run(self, *command: str) -> str:
        """The output of a command of the service's environment."""
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment(), check=True, stdout=subprocess.PIPE
        )
        return done.stdout.decode()

    @contextmanager
    def service(self, *options: str) -> Iterator[Server]:
        """The service in production, with everything on."""
        with self._serving(["app", "serve"], options, "service.log", "/health/ready") as server:
            yield server

    @contextmanager
    def limits(self) -> Iterator[Server]:
        """The limit apps."""
        command = ["uvicorn", "limits:app", "--app-dir", str(BESIDE), "--no-access-log"]
        with self._serving(command, [], "limits.log", "/bare") as server:
            yield server

    @contextmanager
    def _serving(
        self, command: list[str], options: Sequence[str], log: str, ready: str
    ) -> Iterator[Server]:
        port = free_port(0)
        with self.folder.with_name(log).open("wb") as output:
            process = subprocess.Popen(
                [*command, "--port", str(port), *options],
                cwd=self.folder,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                _wait(process, f"http://127.0.0.1:{port}{ready}", output.name)
                yield Server(port, process)
            finally:
                stop(process)

    def environment(self) -> dict[str, str]:
        """That of a shell in which the service's own environment is active."""
        ours = surroundings(self.python)
        programs = self.folder / ".venv" / ("Scripts" if sys.platform == "win32" else "bin")
        path = os.pathsep.join([str(programs), ours.get("PATH", "")])
        return ours | self.settings | {"PATH": path, "NO_PROXY": "127.0.0.1"}


def _wait(process: subprocess.Popen[bytes], url: str, log: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while get(url)[0] != HTTPStatus.OK:
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{url} does not answer: {Path(log).read_text('utf-8')[-2000:]}")
        time.sleep(0.01)


@contextmanager
def staged(folder: Path, python: str) -> Iterator[Stage]:
    """Installs the service in `folder`, and starts its servers."""
    env = surroundings(python)
    subprocess.run(["uv", "sync", "-q"], cwd=folder, env=env, check=True)
    stage = Stage(folder, python, {"ENVIRONMENT": "production"})
    with _servers(stage) as addresses, _collector() as traces:
        stage.settings.update(
            addresses,
            JWT_KEYS=stage.run("app", "generate-key").strip(),
            PUBLIC_URL="https://bench.example.com",
            OTEL_EXPORTER_OTLP_ENDPOINT=traces,
            **dict.fromkeys(THROTTLES, MANY),
        )
        stage.run("app", "migrate")
        yield stage


@contextmanager
def _servers(stage: Stage) -> Iterator[dict[str, str]]:
    """PostgreSQL and Valkey from the service's own wheels; their addresses, as settings."""
    command = ["python", str(BESIDE / "servers.py"), str(stage.folder.with_name("servers"))]
    with subprocess.Popen(
        command,
        env=stage.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        told = process.stdout.readline() if process.stdout else b""
        try:
            yield json.loads(told)
        finally:
            process.communicate()  # the end of its input is its end


@contextmanager
def _collector() -> Iterator[str]:
    """Takes traces and forgets them; gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Forgetful)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class _Forgetful(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""
