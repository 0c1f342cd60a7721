"""The document on the command line is the one that the service serves."""

import json
from pathlib import Path

from app.commands.openapi import keep
from app.main import create_app
from tests.commands.conftest import Run


def test_it_is_printed_and_nothing_else(run: Run) -> None:
    result = run("openapi")

    assert result.exit_code == 0
    assert json.loads(result.stdout) == create_app().openapi()


def test_it_is_kept_beside_the_code_with_the_same_bytes_each_time(run: Run, tmp_path: Path) -> None:
    keep(tmp_path)

    assert (tmp_path / "openapi.json").read_text("utf-8") == run("openapi").stdout
