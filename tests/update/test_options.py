"""Tests that an option is turned on and off later, by `--variables-to-update`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import tree
from tests.update import history, team
from tests.update.services import NAMES, Service, created
from tests.variants.rendering import render
from tests.variants.sheets import Sheet, code_options, questions

pytestmark = pytest.mark.update

ROUTER = "src/app/products/router.py"


def turned(service: Service, sheet: Sheet) -> Service:
    """The service with these answers from now on, committed."""
    done = service.cruft("update", "-y", "--variables-to-update", json.dumps(sheet))
    assert done.returncode == 0, done.stdout + done.stderr
    service.commit("Answer otherwise")
    return service


def test_any_answer_may_be_changed_and_changed_back(template: Path, tmp_path: Path) -> None:
    options = code_options(questions())
    first, last = ({name: values[end] for name, values in options.items()} for end in (0, -1))
    service = created(template, history.TODAY, {}, tmp_path / "services")
    at_first = service.files()
    expected = tree(render({**NAMES, **last}, tmp_path / "fresh", template))
    assert turned(service, last).files() == expected != at_first
    assert turned(service, first).files() == at_first


def test_what_a_team_changed_outlives_the_option_that_brought_it(
    template: Path, tmp_path: Path
) -> None:
    service = team.changed(created(template, history.TODAY, {}, tmp_path / "services"))
    changed = service.text(ROUTER)
    turned(service, {"example": False})
    assert service.text(ROUTER) == changed
    assert not (service.folder / ROUTER).with_name("service.py").exists()


def test_without_it_an_option_goes_as_a_whole_when_its_changed_files_go_first(
    template: Path, tmp_path: Path
) -> None:
    service = team.changed(created(template, history.TODAY, {}, tmp_path / "services"))
    service.git("rm", "-q", ROUTER)
    service.commit("Give up our changes of the products' routes")
    turned(service, {"example": False})
    assert [name for name in service.files() if "/products/" in name or "rej" in name] == []
