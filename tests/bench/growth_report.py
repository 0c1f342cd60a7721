"""Shows how cost grows: a table, JSON, and a plot with a panel for each thing that grows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import matplotlib as mpl
from matplotlib.figure import Figure

from tests.bench.report import Line, verdicts

LEVEL = ("product by id", "first page of products", "first page of orders", "deep page of orders")
"""What must not grow with the rows by more than a fifth."""
SLOW = "statements over 50 ms, %"


class Grown(NamedTuple):
    """What a request took at one size: p50 and p95 in ms, requests/s; or a plain value."""

    by: str
    size: int
    name: str
    value: float = 0
    p95: float | None = None
    rate: float | None = None


def budgets(found: list[Grown]) -> list[Line]:
    """What is to stay level from the fewest rows to the most."""
    rows = [each for each in found if each.by == "rows"]
    fewest, most = min(each.size for each in rows), max(each.size for each in rows)
    value = {(each.name, each.size): each.value for each in rows}
    return [
        *(
            Line(f"{name}, p50", value[name, most] / value[name, fewest], 1.2, f"x {fewest} rows'")
            for name in LEVEL
        ),
        *(Line(f"{SLOW} at {size} rows", value[SLOW, size], 5, "%") for size in (fewest, most)),
    ]


def told(found: list[Grown], lines: list[Line]) -> str:
    """Both tables, as Markdown."""
    head = [
        "| by | size | request | p50 ms | p95 ms | req/s |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    rows = [
        f"| {each.by} | {each.size} | {each.name} "
        f"| {each.value:.2f} | {each.p95:.2f} | {each.rate:.0f} |"
        for each in found
        if each.p95 is not None and each.rate is not None
    ]
    return "\n".join([*head, *rows, "", verdicts(lines)])


def write(folder: Path, found: list[Grown], lines: list[Line]) -> None:
    """`growth.json`, `growth.md` and `growth.svg`."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = {
        "grown": [each._asdict() for each in found],
        "budgets": [line._asdict() | {"over": line.over} for line in lines],
    }
    (folder / "growth.json").write_text(json.dumps(kept, indent=2) + "\n", "utf-8")
    (folder / "growth.md").write_text(told(found, lines) + "\n", "utf-8")
    plot(folder / "growth.svg", [each for each in found if each.p95 is not None])


def plot(path: Path, found: list[Grown]) -> None:
    """p50 by rows; requests/s by workers and by connections."""
    figure = Figure(figsize=(12, 4), layout="constrained")
    panels = figure.subplots(1, 3)
    for axes, by in zip(panels, ("rows", "workers", "connections"), strict=True):
        shown = [each for each in found if each.by == by]
        for name in dict.fromkeys(each.name for each in shown):
            line = [each for each in shown if each.name == name]
            sizes, heights = [each.size for each in line], list(_heights(line))
            axes.plot(sizes, heights, marker="o", label=name)
        if by != "workers":
            axes.set_xscale("log")
        axes.set_xlabel(by)
        axes.set_ylabel("p50 in ms" if by == "rows" else "requests/s")
        axes.set_ylim(bottom=0)
        axes.legend(fontsize="small")
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "growth"}):
        figure.savefig(path, metadata={"Date": None})


def _heights(line: Iterable[Grown]) -> Iterable[float]:
    for each in line:
        yield each.value if each.by == "rows" or each.rate is None else each.rate
