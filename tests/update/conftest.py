"""Services before and after an update, made once; tests only read them, or work on a copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import tree
from tests.update import history, team
from tests.update.services import NAMES, Service, created
from tests.variants.rendering import render
from tests.variants.sheets import Sheet, label


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository that services come from."""
    return history.made(tmp_path_factory.mktemp("update") / "the template")


@pytest.fixture(scope="session", params=history.sheets_of_then(), ids=label)
def old_sheet(request: pytest.FixtureRequest) -> Sheet:
    """The fixture that repeats a test for every sheet of the previous release."""
    return dict(request.param)


@pytest.fixture(scope="session")
def before(template: Path, old_sheet: Sheet, tmp_path_factory: pytest.TempPathFactory) -> Service:
    """A service of the previous release that its team has changed; it adds a migration too."""
    into = tmp_path_factory.mktemp("before") / "our services"
    service = team.changed(created(template, history.THEN, old_sheet, into))
    service.write("migrations/versions/6bb2a2a7ef41_notes.py", team.REVISION)
    service.commit("Migrate notes")
    return service


@pytest.fixture(scope="session")
def updated(before: Service, tmp_path_factory: pytest.TempPathFactory) -> Service:
    """The same after `cruft update`, with nothing decided yet."""
    service = before.copy(tmp_path_factory.mktemp("updated") / "the-shop")
    done = service.cruft("update", "-y")
    assert done.returncode == 0, done.stdout + done.stderr
    return service


@pytest.fixture(scope="session")
def decided(updated: Service, tmp_path_factory: pytest.TempPathFactory) -> Service:
    """The same after the team has decided each conflict, by keeping what both have added."""
    service = updated.copy(tmp_path_factory.mktemp("decided") / "the-shop")
    service.keep_both_sides()
    service.commit("Take the template's news")
    return service


@pytest.fixture(scope="session")
def fresh(
    template: Path, old_sheet: Sheet, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, bytes]:
    """What today's template renders for the same answers."""
    return tree(render({**NAMES, **old_sheet}, tmp_path_factory.mktemp("fresh"), template))
