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


def test_openapi_is_written_beside_the_code_and_is_the_same_every_time(
    project: Path, tmp_path: Path
) -> None:
    """A set has another order in each process, unless its hash is seeded."""
    written = []
    for seed in ("1", "2"):
        command = [*APP, "openapi", "--write"]
        with running(command, project, tmp_path / seed, PYTHONHASHSEED=seed) as process:
            assert process.ended() == 0, process.said()
        written.append((project / "openapi.json").read_text("utf-8"))

    assert "/health/ready" in json.loads(written[0])["paths"]
    assert written[0] == written[1]
