"""Tests that a render of the previous release installs the same versions today as then."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.update import history
from tests.update.installed import locked
from tests.update.services import created
from tests.variants.pins import names, noted

pytestmark = pytest.mark.update


def test_a_render_of_then_locks_the_versions_of_then(template: Path, tmp_path: Path) -> None:
    pins = history.released("show", f"{history.RELEASE}:tests/variants/tested_versions.txt")
    then = noted(pins.decode())
    found: set[str] = set()
    for number, sheet in enumerate(history.sheets_of_then()):
        found |= locked(created(template, history.THEN, sheet, tmp_path / str(number)))
    assert names(found) == names(then)
    if late := sorted(found - then):
        pytest.xfail(f"the index shows others of before that date, since then: {', '.join(late)}")
