"""One installed service for all of these tests, which each leave as they found it."""

from __future__ import annotations

import pytest

from tests.variants import interpreters
from tests.variants.contract import git
from tests.variants.rendering import render
from tests.variants.variant import Variant


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Variant:
    """A service from the defaults, committed, with two resources that others may refer to."""
    variant = Variant(render({}, tmp_path_factory.mktemp("scaffold")), {}, interpreters.obtain())
    variant.run("uv", "sync", "-q")
    git(variant, "init", "--quiet", "--initial-branch=main")
    add(variant, "folder", "name:str:80", "--soft-delete")
    add(variant, "project", "name:str:80:unique", "--owned")
    commit(variant)
    return variant


def add(service: Variant, *words: str) -> None:
    """Runs `add-resource`. Raises CheckFailedError."""
    service.run("uv", "run", "--no-sync", "add-resource", *words, "--dirty")


def commit(service: Variant) -> None:
    """All that is there."""
    git(service, "add", "--all")
    git(service, "commit", "--quiet", "--message=So far")


def reset(service: Variant) -> None:
    """To what was committed."""
    git(service, "reset", "--quiet", "--hard")
    git(service, "clean", "--quiet", "-d", "--force")
