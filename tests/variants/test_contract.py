"""Tests that a service whose session minds neither drift nor a break is found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.variants import contract
from tests.variants.variant import CheckFailedError, Variant

DRIFT = "openapi.json is not what the code says"
BREAK = "This breaks clients"
NAME, FIELD, _ = contract.FIELD


@dataclass(frozen=True)
class Scripted(Variant):
    """A variant whose session says this of a changed field, once it is written and before."""

    drift: str
    broken: str

    def run(self, *command: str, **_: str) -> str:
        """Stands in for uv and git; the session is the only thing that may fail."""
        code, document = self.folder / NAME, self.folder / "document"
        if command == contract.WRITE:
            document.write_bytes(code.read_bytes())
        if command == contract.SESSION and FIELD not in code.read_text("utf-8"):
            written = code.read_bytes() == document.read_bytes()
            if said := self.broken if written else self.drift:
                raise CheckFailedError(said)
        return ""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A service of one file, which holds the field."""
    file = tmp_path / NAME
    file.parent.mkdir(parents=True)
    file.write_text(f"class TokenPair:\n    {FIELD}\n", "utf-8")
    return tmp_path


def test_a_session_that_minds_both_passes_and_the_file_is_as_before(folder: Path) -> None:
    before = (folder / NAME).read_text("utf-8")
    contract.holds_to_its_document(Scripted(folder, {}, "", DRIFT, BREAK))
    assert (folder / NAME).read_text("utf-8") == before


@pytest.mark.parametrize(
    ("drift", "broken", "said"),
    [
        ("", BREAK, "does not mind"),
        (DRIFT, "", "does not mind"),
        ("no such file", BREAK, "no such file"),
    ],
)
def test_a_session_that_does_not_fails_the_check(
    drift: str, broken: str, said: str, folder: Path
) -> None:
    with pytest.raises(CheckFailedError, match=said):
        contract.holds_to_its_document(Scripted(folder, {}, "", drift, broken))
