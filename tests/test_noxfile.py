"""Tests what a session hands on of the command that it runs."""

from __future__ import annotations

from typing import cast

import nox
import pytest

import noxfile
from tests.variants.supply import UNANSWERED


class Ended:
    """A session whose command ends with this code."""

    def __init__(self, code: int) -> None:
        self.code = code

    def install(self, *_: str) -> None:
        """Nothing is needed."""

    def run(self, *_: str) -> None:
        """Does as nox does."""
        if self.code:
            raise nox.command.CommandFailed("failed", return_code=self.code)


@pytest.mark.parametrize("code", [1, UNANSWERED])
def test_an_audit_that_nobody_answers_ends_unlike_one_that_finds_something(code: int) -> None:
    with pytest.raises(SystemExit) as ended:
        noxfile.audit(cast(nox.Session, Ended(code)))
    assert ended.value.code == code


def test_an_audit_that_finds_nothing_ends_well() -> None:
    noxfile.audit(cast(nox.Session, Ended(0)))
