"""A process that nobody configured refuses to start, and says everything that is missing."""

import sys
from pathlib import Path

import pytest

from app.core.migrations import ROOT
from tests.system.processes import APP, free_port, running

pytestmark = pytest.mark.system

COMMANDS = {
    "app serve": [*APP, "serve"],
    "app serve --workers": [*APP, "serve", "--workers=2"],
    "uvicorn": [sys.executable, "-m", "uvicorn", "app.main:app"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_it_names_every_fault_and_ends(name: str, tmp_path: Path) -> None:
    command = [*COMMANDS[name], "--port", str(free_port())]
    with running(command, tmp_path, tmp_path / "log", PYTHONPATH=str(ROOT / "src"), CORS_ORIGINS='["*"]') as process:
        assert process.ended() != 0

    assert "DATABASE_URL: is not set" in process.said()
    assert "CORS_ORIGINS: names no origin" in process.said()
