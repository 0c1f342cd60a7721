"""Renders: of the real template once per answer sheet, and of small templates made for one test."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.variants.rendering import SOURCE, TEMPLATE, render
from tests.variants.sheets import Sheet, code_options, covering, label, questions

Files = Mapping[str, str | bytes]
MakesTemplate = Callable[..., Path]


@pytest.fixture(scope="session", params=covering(code_options(questions())), ids=label)
def sheet(request: pytest.FixtureRequest) -> Sheet:
    """The fixture that repeats a test for every sheet of the covering array."""
    return dict(request.param)


@pytest.fixture(scope="session")
def rendered(sheet: Sheet, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a service rendered from the sheet; tests only read it."""
    return render(sheet, tmp_path_factory.mktemp("rendered"))


@pytest.fixture
def small_template(tmp_path: Path) -> MakesTemplate:
    """Makes a template of our hooks, our questions with changes, and a few files."""

    def make(files: Files | None = None, **changes: object) -> Path:
        root = tmp_path / "template"
        shutil.copytree(TEMPLATE / "hooks", root / "hooks")
        asked = {**questions(), "_features": {}, "_overlays": {}, **changes}
        (root / "cookiecutter.json").write_text(json.dumps(asked), "utf-8")
        for name, content in (files or {"README.md": "A file.\n"}).items():
            path = root / SOURCE.name / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return root

    return make


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below the folder, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
