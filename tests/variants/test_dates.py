"""Tests that the date which fixes versions moves, and nothing else."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.variants.dates import LATE, move
from tests.variants.rendering import SOURCE, TEMPLATE


def test_both_dates_move_to_the_newest_that_is_safe(tmp_path: Path) -> None:
    folders = [TEMPLATE, SOURCE]
    copies = [tmp_path / folder.name for folder in folders]
    for folder, copy in zip(folders, copies, strict=True):
        copy.mkdir()
        text = (folder / "pyproject.toml").read_text("utf-8")
        old = tomllib.loads(text)["tool"]["uv"]["exclude-newer"]
        (copy / "pyproject.toml").write_text(text.replace(old, "2020-01-01"), "utf-8")
    date = move(*copies)
    assert timedelta() <= datetime.now(UTC) - LATE - datetime.fromisoformat(date) < timedelta(1)
    for folder, copy in zip(folders, copies, strict=True):
        before, after = (
            tomllib.loads((each / "pyproject.toml").read_text("utf-8")) for each in (folder, copy)
        )
        assert after["tool"]["uv"].pop("exclude-newer") == date
        assert before["tool"]["uv"].pop("exclude-newer")
        assert after == before
