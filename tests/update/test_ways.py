"""Tests of the ways that docs/updating.md describes for services that began otherwise."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import tree
from tests.update import history, team
from tests.update.services import NAMES, Service, created, cruft
from tests.variants.rendering import render

pytestmark = pytest.mark.update


@pytest.fixture
def unlinked(template: Path, tmp_path: Path) -> Service:
    """A service of the previous release that was rendered without cruft."""
    released = tmp_path / "released"
    history.git(template, "worktree", "add", "-q", str(released), history.THEN)
    service = Service(render(NAMES, tmp_path / "services", released))
    history.git(template, "worktree", "remove", "--force", str(released))
    service.git("init", "-q", "-b", "main")
    service.commit("Begin")
    return service


def test_a_service_that_was_rendered_without_cruft_is_linked_and_updated(
    unlinked: Service, template: Path, tmp_path: Path
) -> None:
    answers = ("--extra-context", json.dumps(NAMES))
    linked = cruft(unlinked.folder, "link", "-y", "-c", history.THEN, *answers, str(template))
    assert linked.returncode == 0, linked.stderr
    assert unlinked.shown() == []
    unlinked.commit("Link the template")
    assert unlinked.cruft("check").returncode == 1
    assert unlinked.cruft("update", "-y").returncode == 0
    assert unlinked.files() == tree(render(NAMES, tmp_path / "fresh", template))


def test_without_a_commit_of_the_untouched_render_conflicts_are_files_of_their_own(
    template: Path, tmp_path: Path
) -> None:
    made = team.changed(created(template, history.THEN, {}, tmp_path / "services"))
    service = Service(tmp_path / "squashed")
    shutil.copytree(made.folder, service.folder, ignore=shutil.ignore_patterns(".git"))
    service.git("init", "-q", "-b", "main")
    service.commit("Begin")

    service.cruft("update", "-y")
    rejected = service.text("src/app/main.py.rej")
    assert "+    api_keys," in rejected
    assert "    notes,\n" in service.text("src/app/main.py")
    assert service.conflicts() == []
