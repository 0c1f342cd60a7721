"""Tests that a revision which services may have applied never changes again."""

from __future__ import annotations

from tests.update.history import RELEASE, released
from tests.variants.rendering import SOURCE, TEMPLATE

VERSIONS = f"{SOURCE.name}/migrations/versions"


def test_a_released_revision_keeps_every_byte() -> None:
    """Databases have run it: what it did not do then belongs into a new revision."""
    names = released("ls-tree", "--name-only", f"{RELEASE}:{VERSIONS}").decode().split()
    assert names
    for name in names:
        now = TEMPLATE / VERSIONS / name
        assert now.exists(), f"{name} was released: databases are at it, so it has to stay"
        then = released("show", f"{RELEASE}:{VERSIONS}/{name}")
        assert now.read_bytes() == then, f"{name} was released: write a new revision instead"
