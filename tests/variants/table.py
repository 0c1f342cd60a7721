"""Prints what was tried: one row a variant."""

from __future__ import annotations

from collections.abc import Sequence

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
