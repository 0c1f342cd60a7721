"""Finds the links of a Markdown page that lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")


def prose(page: Path) -> str:
    """The page without its blocks of code."""
    return BLOCK.sub("", page.read_text("utf-8"))


def anchors(page: Path) -> set[str]:
    """The fragments that lead to the headings of a page, as a Markdown viewer spells them."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken(page: Path) -> Iterator[str]:
    """Each relative link whose file, or whose heading there, does not exist."""
    links = LINK.findall(prose(page))
    for path, _, fragment in (link.partition("#") for link in links if "://" not in link):
        target = page.parent / path if path else page
        if not target.exists():
            yield f"{page.name}: {path} leads nowhere"
        elif fragment and fragment not in anchors(target):
            yield f"{page.name}: {path} has no #{fragment}"
