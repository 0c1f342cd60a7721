"""Shows what was tried, one row a variant: on the terminal, and in files for CI."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tests.variants.build import Outcome

HEAD = ("variant", "files", "seconds", "checks")


def table(outcomes: Sequence[Outcome]) -> str:
    """The rows under their heads, in columns as wide as they need."""
    rows = [HEAD, *map(row, outcomes)]
    widths = [max(len(line[column]) for line in rows) for column in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in rows
    )


def markdown(outcomes: Sequence[Outcome]) -> str:
    """The same as a table of Markdown, and each fault in full."""
    rows = [HEAD, ("---",) * len(HEAD), *map(row, outcomes)]
    lines = [f"| {' | '.join(cells)} |" for cells in rows]
    faults = [f"\n```\n{each.label}\n{each.fault}\n```" for each in outcomes if each.fault]
    return "\n".join([*lines, *faults]) + "\n"


def write(outcomes: Sequence[Outcome], folder: Path) -> None:
    """Writes variants.json and variants.md there."""
    folder.mkdir(parents=True, exist_ok=True)
    told = [asdict(each) | {"locked": sorted(each.locked)} for each in outcomes]
    (folder / "variants.json").write_text(json.dumps(told, indent=2) + "\n", "utf-8")
    (folder / "variants.md").write_text(markdown(outcomes), "utf-8")


def row(outcome: Outcome) -> tuple[str, str, str, str]:
    """One outcome as the words of its row."""
    checks = ", ".join(outcome.passed)
    if outcome.fault:
        checks += f"{', ' if checks else ''}FAILED {outcome.fault.partition(':')[0]}"
    return (
        outcome.label,
        str(outcome.files or "-"),
        f"{outcome.seconds:.1f}" if outcome.seconds else "-",
        checks or "not run",
    )
