"""Whatever is accepted becomes code that passes every check; the rest leaves nothing behind."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.scaffold.conftest import add, reset
from tests.scaffold.wishes import wishes
from tests.variants.contract import git
from tests.variants.variant import CheckFailedError, Variant

pytestmark = pytest.mark.installs

ALTOGETHER = (
    ("ruff", "check"),
    ("ruff", "format", "--check"),
    ("mypy",),
    ("lint-imports",),
    ("pytest", "--numprocesses=0", "-q", "tests/core/test_migrations.py"),
)
TRIED = 2
"""Of each round, so many have their own tests run."""


@settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(wishes(), min_size=15, max_size=15, unique_by=lambda words: words[0]))
def test_what_is_accepted_passes_every_check(
    installed: Variant, wished: Sequence[tuple[str, ...]]
) -> None:
    try:
        accepted = [words for words in wished if is_accepted(installed, words)]
        folders = [path for path in new(installed) if path.startswith("tests/")]
        assert len(folders) == len(accepted) > TRIED
        for command in (*ALTOGETHER, ("pytest", "--numprocesses=0", "-q", *folders[:TRIED])):
            installed.run("uv", "run", "--no-sync", *command)
    finally:
        reset(installed)


def is_accepted(service: Variant, words: Sequence[str]) -> bool:
    """Whether it was written; a refusal says why, and changes nothing."""
    before, refusal = state(service), ""
    try:
        add(service, *words)
    except CheckFailedError as error:
        refusal = str(error)
    if refusal:
        assert "Nothing was changed:\n- " in refusal
        assert state(service) == before
    return not refusal


def state(service: Variant) -> str:
    """What is not committed."""
    return git(service, "status", "--porcelain", "--untracked-files=all")


def new(service: Variant) -> list[str]:
    """The folders that are not committed."""
    lines = git(service, "status", "--porcelain").splitlines()
    return [line[3:] for line in lines if line.startswith("??") and line.endswith("/")]
