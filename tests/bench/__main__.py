"""Renders the default service, measures it beside its limits, and holds it to its budgets."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from functools import partial
from pathlib import Path

from tests.bench import report, run
from tests.bench.measured import prepared
from tests.bench.report import Costs, Line
from tests.bench.stage import BESIDE, Stage, staged
from tests.variants import interpreters
from tests.variants.rendering import render

PRODUCTS = 10_000


def measured(stage: Stage, rounds: int, count: int) -> tuple[Costs, list[Line]]:
    """The costs of the requests, and every budget with what was measured of it."""
    start = min(run.cold_start(stage) for _ in range(3))
    with stage.service() as service, stage.limits() as limits:
        wanted = asyncio.run(prepared(service, limits, partial(filled, stage)))
        with run.apart(service, limits):
            results, alone = asyncio.run(run.measure(service, limits, wanted, rounds, count))
        user = next(each for each in wanted.beside_limits if each.name == "current user")
        beside = asyncio.run(run.beside_logins(service, user.requests, count))
        memory = service.megabytes()
    ratios = [Line(each.name, each.ratio, each.at_most, f"x {each.limit}") for each in results]
    tails = [
        Line(
            f"p95: {each.name}",
            each.service.percentile(95) / each.service.percentile(50),
            2,
            "x p50",
        )
        for each in results
    ]
    return Costs(results, alone), [
        *ratios,
        *tails,
        Line(f"current user's p95 beside {run.LOGINS} logins", beside, 2, "x idle"),
        Line("memory of one worker after the run", memory, 150, "MB"),
        Line("cold start to the first 200", start, 1.2, "s"),
    ]


def filled(stage: Stage) -> None:
    """The catalogue, as far as it is not; and PostgreSQL knows how much there is of everything."""
    stage.run("python", str(BESIDE / "rows.py"), str(PRODUCTS))


def main(words: list[str]) -> int:
    """The exit code: 1 when a budget is exceeded."""
    parser = argparse.ArgumentParser(prog="nox -s bench --", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two short rounds: within 90 s")
    parser.add_argument("--into", type=Path, default=Path("bench"), help="where the files go")
    options = parser.parse_args(words)
    rounds, count = (2, 1000) if options.quick else (7, 3000)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        project = render({}, Path(folder).resolve())
        with staged(project, interpreters.obtain()) as stage:
            filled(stage)
            costs, lines = measured(stage, rounds, count)
    report.write(options.into, costs, lines)
    print(f"\n{report.table(costs)}\n\n{report.verdicts(lines)}\n\nKept in {options.into}/")
    return int(any(line.over for line in lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
