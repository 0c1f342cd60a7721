"""Where processes of the service find what they need."""

from pathlib import Path

import pytest

from tests.system.processes import copied


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The whole service in a folder of its own, for those who change it."""
    return copied(tmp_path / "project")
