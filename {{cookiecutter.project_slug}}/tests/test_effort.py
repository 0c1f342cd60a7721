"""Effort goes down to one try, and no further."""

import pytest

from tests import effort


@pytest.mark.parametrize(("percent", "tries"), [(100, 50), (20, 10), (300, 150), (1, 1), (0, 1)])
def test_a_share_of_the_usual_tries_is_made(
    percent: int, tries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effort, "PERCENT", percent)
    assert effort.tries(50) == tries
