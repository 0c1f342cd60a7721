"""The service under every server that people use: it answers, logs and stops as it should."""

import json
import signal
import sys
from pathlib import Path

import pytest

from app.core.migrations import ROOT
from tests.system.processes import APP, KEYS, Process, free_port, get, ready, running

pytestmark = pytest.mark.system

PYTHON = [sys.executable, "-m"]
# uvicorn and what is made of it end by the signal itself, once they have finished their work.
BY_SIGNAL = -signal.SIGTERM
SERVERS = {
    "uvicorn": ([*PYTHON, "uvicorn", "app.main:app", "--port"], BY_SIGNAL),
    "gunicorn": ([*PYTHON, "gunicorn", "app.main:app", "--worker-class=asgi", "--bind"], 0),
    "fastapi dev": ([*PYTHON, "fastapi", "dev", "--port"], 0),
    "fastapi run": ([*PYTHON, "fastapi", "run", "--host=127.0.0.1", "--port"], BY_SIGNAL),
    "app serve": ([*APP, "serve", "--port"], 0),
    "app serve --workers": ([*APP, "serve", "--workers=2", "--port"], 0),
}


def of_health(process: Process) -> list[str]:
    return [
        line
        for line in process.said().splitlines()
        if "/health" in line.replace("/health/ready", "")
    ]


@pytest.mark.parametrize("name", SERVERS)
def test_it_answers_logs_each_request_once_and_stops_when_told(
    name: str, servers: dict[str, str], tmp_path: Path
) -> None:
    command, code = SERVERS[name]
    port = free_port()
    where = f"127.0.0.1:{port}" if name == "gunicorn" else str(port)
    settings = {**servers, "JWT_KEYS": KEYS}
    with running([*command, where], ROOT, tmp_path / "log", **settings) as process:
        ready(process, port)
        assert get(port, "/health", **{"X-Request-ID": "mine"}).status_code == 200

        process.terminate()

        assert process.ended() == code, process.said()
    (line,) = of_health(process)
    logged = json.loads(line)
    expected = {"event": "request", "method": "GET", "path": "/health", "status_code": 200}
    assert logged | expected | {"request_id": "mine"} == logged
    assert {"duration_ms", "timestamp", "user_id"} <= logged.keys()
