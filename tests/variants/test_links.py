"""Tests that a link of a page is followed to its heading."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.variants.links import broken


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        ("other.md", ""),
        ("other.md#a-heading-twice", ""),
        ("#this-one", ""),
        ("https://example.com/nowhere", ""),
        ("gone.md", "page.md: gone.md leads nowhere"),
        ("other.md#none", "page.md: other.md has no #none"),
    ],
)
def test_a_link_leads_to_a_file_and_its_heading(link: str, fault: str, tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# A heading, twice\n", "utf-8")
    page = tmp_path / "page.md"
    page.write_text(f"# This one\n[here]({link})\n```text\n[no link](none)\n```\n", "utf-8")
    assert "".join(broken(page)) == fault
