"""Tests that a revision which services may have applied never changes again."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.conftest import SOURCE
from tests.variants.rendering import TEMPLATE

VERSIONS = f"{SOURCE.name}/migrations/versions"
RELEASE = Path(__file__).with_name("previous_release").read_text("utf-8").strip()
DEEPER = f"git has no {RELEASE[:7]} here, the previous release; fetch it: git fetch --unshallow"


def git(*words: str) -> bytes | None:
    """What git says; None when it cannot."""
    command = ["git", *words]
    asked = subprocess.run(command, cwd=TEMPLATE, capture_output=True, check=False)
    return None if asked.returncode else asked.stdout


def released() -> list[str]:
    """The names of the revisions of the previous release."""
    listed = git("ls-tree", "--name-only", f"{RELEASE}:{VERSIONS}")
    assert listed is not None, DEEPER
    return listed.decode().split()


def test_a_released_revision_keeps_every_byte() -> None:
    """Databases have run it: what it did not do then belongs into a new revision."""
    names = released()
    assert names
    for name in names:
        now = TEMPLATE / VERSIONS / name
        assert now.exists(), f"{name} was released: databases are at it, so it has to stay"
        then = git("show", f"{RELEASE}:{VERSIONS}/{name}")
        assert now.read_bytes() == then, f"{name} was released: write a new revision instead"
