"""A process that nobody configured refuses to start, and says everything that is missing."""

import sys
from pathlib import Path

import pytest

from app.core.migrations import ROOT
from tests.system.processes import APP, KEYS, free_port, ready, running

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


def test_it_may_find_all_its_secrets_in_files(servers: dict[str, str], tmp_path: Path) -> None:
    folder, database, port = tmp_path / "secrets", tmp_path / "database", free_port()
    folder.mkdir()
    (folder / "jwt_keys").write_text(f"{KEYS}\n")
    (folder / "REDIS_URL").write_text(servers["REDIS_URL"])
    database.write_text(f"{servers['DATABASE_URL']}\n")
    settings = {name: servers[name] for name in servers if not name.endswith("_URL")}
    settings |= {"SECRETS_DIR": str(folder), "DATABASE_URL_FILE": str(database)}

    command = [*APP, "serve", "--port", str(port)]
    with running(command, ROOT, tmp_path / "log", **settings) as process:
        ready(process, port)


def test_a_file_that_cannot_be_read_is_told_without_a_traceback(tmp_path: Path) -> None:
    code, said = outcome([*APP, "check"], tmp_path, DATABASE_URL_FILE=str(tmp_path))

    assert code == 1
    assert f"DATABASE_URL: {tmp_path} cannot be read: Is a directory" in said
    assert "Traceback" not in said


def outcome(command: list[str], folder: Path, **settings: str) -> tuple[int, str]:
    settings |= {"PYTHONPATH": str(ROOT / "src"), "CORS_ORIGINS": '["*"]'}
    with running(command, folder, folder / "log", **settings) as process:
        return process.ended(), process.said()
