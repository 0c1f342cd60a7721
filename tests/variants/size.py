"""Measures a tree of sources against the budget that the architecture sets."""

from __future__ import annotations

from pathlib import Path
from statistics import median

FILES, LINES = 140, 6_000


def report(source: Path) -> str:
    """One line on the Python files under `source`, which says where they exceed the budget."""
    lengths = [len(path.read_text("utf-8").splitlines()) for path in source.rglob("*.py")]
    within = len(lengths) <= FILES and sum(lengths) <= LINES
    return (
        f"{source.name}: {len(lengths)} files of {FILES}, {sum(lengths)} lines of {LINES}, "
        f"median {median(lengths or [0]):.0f}, longest {max(lengths, default=0)}"
        f"{'' if within else ' - OVER the budget'}"
    )
