"""A copy of the project for those who change it."""

from pathlib import Path

import pytest

from tests.system.processes import copied


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The whole service in a folder of its own."""
    return copied(tmp_path / "project")
