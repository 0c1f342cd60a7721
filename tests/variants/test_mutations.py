"""Breaks a copy of the template in five places: a check finds each, and says what it is."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.variants import interpreters
from tests.variants.checks import INSTALLED
from tests.variants.rendering import SOURCE, TEMPLATE, render
from tests.variants.sheets import Sheet, code_options, covering, questions
from tests.variants.static import STATIC
from tests.variants.variant import Check, CheckFailedError, Variant, command

TAG = "  # feature: example"
Edit = Callable[[str], str]


class Copy:
    """A template to break, in a folder of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "template"
        self.service = self.root / SOURCE.name
        shutil.copytree(SOURCE, self.service)
        shutil.copytree(TEMPLATE / "hooks", self.root / "hooks")
        shutil.copy(TEMPLATE / "cookiecutter.json", self.root)

    @staticmethod
    def edit(file: Path, edit: Edit) -> None:
        """Changes the file, which must make a difference."""
        before = file.read_text("utf-8")
        assert edit(before) != before
        file.write_text(edit(before), "utf-8")

    def rendered(self, name: str, *, example: bool = True) -> Variant:
        """A service rendered from what the template is now."""
        sheet: Sheet = covering(code_options(questions()))[0] | {"example": example}
        return Variant(render(sheet, self.root.parent / name, self.root), sheet, sys.executable)


@pytest.fixture
def template(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def finds(check: Check, variant: Variant, reason: str) -> None:
    """The check fails, for this reason."""
    with pytest.raises(CheckFailedError) as failed:
        check(variant)
    assert reason in str(failed.value)


def without(words: str) -> Edit:
    """Leaves out the lines that hold these words."""

    def edited(text: str) -> str:
        return "".join(line for line in text.splitlines(keepends=True) if words not in line)

    return edited


def test_a_tag_that_is_missing_leaves_a_line(template: Copy) -> None:
    line = "    orders,"
    template.edit(template.service / "src/app/main.py", lambda text: text.replace(line + TAG, line))
    found = template.rendered("service", example=False)
    finds(STATIC["residue"], found, ": orders,")


def test_a_path_that_the_manifest_forgets_leaves_a_folder(template: Copy) -> None:
    manifest = template.root / "cookiecutter.json"
    questions = json.loads(manifest.read_text("utf-8"))
    questions["_features"]["example"].remove("src/app/orders")
    manifest.write_text(json.dumps(questions), "utf-8")
    found = template.rendered("service", example=False)
    finds(STATIC["residue"], found, "src/app/orders/router.py")


def test_an_option_that_nothing_uses_is_code_that_nothing_runs(template: Copy) -> None:
    STATIC["reach"](template.rendered("whole"))
    template.edit(template.service / "src/app/main.py", without(TAG))
    finds(STATIC["reach"], template.rendered("broken"), "app.products.router")


@pytest.mark.installs
def test_a_dependency_that_is_missing_is_named(template: Copy) -> None:
    """Needs what a service imports: the names of packages are not those of modules."""
    STATIC["dependencies"](template.rendered("whole"))
    template.edit(template.service / "pyproject.toml", without('"structlog>='))
    finds(STATIC["dependencies"], template.rendered("broken"), "'structlog' imported but")


@pytest.mark.installs
def test_a_limiter_that_is_not_asked_fails_the_tests_of_the_service(template: Copy) -> None:
    template.edit(
        template.service / "src/app/gate/gate.py",
        lambda text: text.replace("        _obey(request, verdict)\n", ""),
    )
    folder = template.rendered("service").folder
    broken = Variant(folder, {}, interpreters.obtain())
    INSTALLED["install"](broken)
    test = "tests/gate/test_gate.py::test_a_denied_request_hears_why_and_for_how_long"
    tests = command("uv", "run", "pytest", "--numprocesses=0", test)
    finds(tests, broken, f"FAILED {test}")
