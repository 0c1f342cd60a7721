"""Commands that reach out of their process: to psql and to files of the project."""

import json
from pathlib import Path

import pytest

from tests.system.processes import APP, running

pytestmark = pytest.mark.system


def test_db_opens_psql_on_the_configured_database(
    project: Path, address: str, tmp_path: Path
) -> None:
    greeting = tmp_path / "psqlrc"  # what psql does first, before it reads its input
    greeting.write_text("SELECT 'at ' || current_database();")

    settings = {"DATABASE_URL": address, "PSQLRC": str(greeting)}
    with running([*APP, "db"], project, tmp_path / "log", **settings) as process:
        assert process.ended() == 0, process.said()

    assert " at test_" in process.said()


def test_openapi_is_written_beside_the_code_with_the_same_bytes_by_each_process(
    project: Path, tmp_path: Path
) -> None:
    written: list[str] = []
    for seed in ("1", "2", "3"):  # in which order a process goes through its sets
        command = [*APP, "openapi", "--write"]
        with running(command, project, tmp_path / "log", PYTHONHASHSEED=seed) as process:
            assert process.ended() == 0, process.said()
        written.append((project / "openapi.json").read_text("utf-8"))

    assert "/health/ready" in json.loads(written[0])["paths"]
    assert len(set(written)) == 1
