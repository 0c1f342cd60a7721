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
    code, said = outcome([*COMMANDS[name], "--port", str(free_port())], tmp_path)

    assert code != 0
    assert "DATABASE_URL: is not set" in said
    assert "CORS_ORIGINS: names no origin" in said


def test_what_cannot_even_be_read_is_told_without_a_traceback(tmp_path: Path) -> None:
    code, said = outcome([*APP, "check"], tmp_path, LOG_LEVEL="loud", DATABASE_POOL_SIZE="many")

    assert code == 1
    assert "DATABASE_POOL_SIZE: Input should be" in said
    assert "LOG_LEVEL: Input should be" in said
    assert "Traceback" not in said


def outcome(command: list[str], folder: Path, **settings: str) -> tuple[int, str]:
    settings |= {"PYTHONPATH": str(ROOT / "src"), "CORS_ORIGINS": '["*"]'}
    with running(command, folder, folder / "log", **settings) as process:
        return process.ended(), process.said()
