"""Tests that the checks of a variant see the service that was rendered."""

from __future__ import annotations

import pytest

from tests.variants.checks import AS_RENDERED, CHANGED, STAGES


@pytest.mark.parametrize("stage", ["installed", "system", "measured", "all"])
def test_what_leaves_another_service_behind_comes_last(stage: str) -> None:
    names = list(STAGES[stage])
    assert names[-len(CHANGED) :] == list(CHANGED)


@pytest.mark.parametrize("stage", ["installed", "system", "measured", "all"])
def test_nothing_is_asked_of_an_environment_before_it_is_there(stage: str) -> None:
    names = list(STAGES[stage])
    assert min(map(names.index, AS_RENDERED)) > names.index("install")
