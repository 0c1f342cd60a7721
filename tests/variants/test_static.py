"""Tests what is looked at without an installation, where no broken template shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.variants.static import linked, once_for_the_same_code
from tests.variants.variant import CheckFailedError, Variant


def variant(folder: Path, code: str) -> Variant:
    """A service of one module."""
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "main.py").write_text(code, "utf-8")
    return Variant(folder, {}, "")


def test_the_same_code_is_looked_at_once_unless_it_failed(tmp_path: Path) -> None:
    seen: list[str] = []

    def look(found: Variant) -> None:
        code = (found.folder / "src" / "main.py").read_text("utf-8")
        seen.append(code)
        if code == "bad":
            raise CheckFailedError(code)

    check = once_for_the_same_code(look)
    for number, code in enumerate(("good", "good", "other")):
        check(variant(tmp_path / str(number), code))
    for name in "ab":
        with pytest.raises(CheckFailedError):
            check(variant(tmp_path / name, "bad"))
    assert seen == ["good", "other", "bad", "bad"]


def test_a_link_of_any_page_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "page.md").write_text("[here](../README.md)\n", "utf-8")
    with pytest.raises(CheckFailedError, match=r"page\.md: \.\./README\.md leads nowhere"):
        linked(Variant(tmp_path, {}, ""))
