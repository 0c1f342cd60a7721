"""Shows what was measured: a table for people, JSON for later, a plot beside the budgets."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median
from typing import NamedTuple

import matplotlib as mpl
from matplotlib.figure import Figure

from tests.bench.run import Cost, Result

PERCENTILES = (50, 95, 99)
HEAD = ["request", "CPU us", "limit us", "ratio", "at most", "req/s"]
HEAD += [*(f"p{percent} ms" for percent in PERCENTILES), "SQL", "Redis"]


class Line(NamedTuple):
    """Something measured, and how much of it is allowed."""

    name: str
    value: float
    at_most: float
    unit: str

    @property
    def over(self) -> bool:
        """Whether it is more than allowed."""
        return self.value > self.at_most


class Costs(NamedTuple):
    """Of requests beside their limits, and of limits that nothing is held against."""

    results: list[Result]
    alone: dict[str, Cost]


def table(costs: Costs) -> str:
    """A row for each request, as Markdown, and a line of the limits."""
    rows = [HEAD, ["---"] * len(HEAD), *map(_row, costs.results)]
    limits = [f"{name} {median(cost.cpu):.0f} us" for name, cost in costs.alone.items()]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([*lines, "", f"To compare with: {', '.join(limits)}."])


def _row(each: Result) -> list[str]:
    service, least = each.service, each.least
    return [
        each.name,
        f"{median(service.cpu):.0f}",
        f"{median(least.cpu):.0f} ({each.limit})",
        f"{each.ratio:.2f}",
        f"{each.at_most:.2f}",
        f"{median(service.rate):.0f}",
        *(f"{service.percentile(percent):.1f}" for percent in PERCENTILES),
        f"{each.statements:.2f}",
        f"{each.exchanges:.2f}",
    ]


def verdicts(lines: list[Line]) -> str:
    """A row for each budget, as Markdown."""
    rows = [
        f"| {line.name} | {line.value:.2f} {line.unit} | {line.at_most:.2f} {line.unit} |"
        f" {'OVER' if line.over else 'kept'} |"
        for line in lines
    ]
    return "\n".join(["| budget | measured | at most | |", "| --- | --- | --- | --- |", *rows])


def write(folder: Path, costs: Costs, lines: list[Line]) -> None:
    """`bench.json`, `bench.md` and `bench.svg`."""
    folder.mkdir(parents=True, exist_ok=True)
    told = {
        "costs": {each.name: _told(each) for each in costs.results},
        "limits": {name: cost.cpu for name, cost in costs.alone.items()},
        "budgets": [line._asdict() | {"over": line.over} for line in lines],
    }
    (folder / "bench.json").write_text(json.dumps(told, indent=2) + "\n", "utf-8")
    (folder / "bench.md").write_text(f"{table(costs)}\n\n{verdicts(lines)}\n", "utf-8")
    plot(folder / "bench.svg", costs.results)


def _told(each: Result) -> dict[str, object]:
    percentiles = {f"p{p}_ms": each.service.percentile(p) for p in PERCENTILES}
    return {
        "cpu_us": each.service.cpu,
        "limit": each.limit,
        "limit_cpu_us": each.least.cpu,
        "ratio": each.ratio,
        "at_most": each.at_most,
        "requests_per_second": each.service.rate,
        **percentiles,
        "statements": each.statements,
        "redis_exchanges": each.exchanges,
    }


def plot(path: Path, results: list[Result]) -> None:
    """A bar for each ratio, and a mark where its budget ends."""
    figure = Figure(figsize=(8, 0.6 * len(results) + 1), layout="constrained")
    axes = figure.subplots()
    names = [f"{each.name}\n/ {each.limit}" for each in results]
    colours = ["tab:red" if each.ratio > each.at_most else "tab:blue" for each in results]
    axes.barh(names, [each.ratio for each in results], color=colours)
    for row, each in enumerate(results):
        axes.plot([each.at_most] * 2, [row - 0.4, row + 0.4], color="black")
    axes.invert_yaxis()
    axes.set_xlabel("CPU time of a request, as a multiple of the limit app's; the line: the budget")
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "bench"}):
        figure.savefig(path, metadata={"Date": None})
