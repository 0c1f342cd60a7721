"""What was measured is told in a table, kept in files, and held against its budgets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bench import report
from tests.bench.report import Costs, Line
from tests.bench.run import Cost, Result, percentile


def a_result(cpu: float, at_most: float) -> Result:
    service = Cost([cpu, cpu, 10 * cpu], [4000, 5000, 6000], [0.001, 0.002, 0.003])
    return Result("a page", "bytes", at_most, service, Cost([100, 100, 100]), 1.5, 0.25)


def test_a_ratio_compares_the_medians() -> None:
    assert a_result(150, 1.6).ratio == 1.5


@pytest.mark.parametrize(("percent", "value"), [(50, 50), (95, 95), (99, 99), (100, 100)])
def test_a_percentile_is_a_value_that_was_measured(percent: int, value: float) -> None:
    assert percentile([float(number) for number in range(1, 101)], percent) == value


def test_the_table_shows_each_request_beside_its_limit() -> None:
    shown = report.table(Costs([a_result(150, 1.6)], {"bare route": Cost([60, 70, 80])}))

    assert shown.splitlines()[2] == (
        "| a page | 150 | 100 (bytes) | 1.50 | 1.60 | 5000 | 2.0 | 3.0 | 3.0 | 1.50 | 0.25 |"
    )
    assert shown.splitlines()[-1] == "To compare with: bare route 70 us."


def test_a_budget_is_kept_up_to_its_last_bit() -> None:
    kept, over = Line("start", 1.2, 1.2, "s"), Line("start", 1.21, 1.2, "s")

    assert (kept.over, over.over) == (False, True)
    assert "OVER" in report.verdicts([over])
    assert "OVER" not in report.verdicts([kept])


def test_the_files_hold_what_was_measured(tmp_path: Path) -> None:
    result = a_result(300, 1.6)

    report.write(tmp_path, Costs([result], {}), [Line("a page", result.ratio, 1.6, "x bytes")])

    told = json.loads((tmp_path / "bench.json").read_text("utf-8"))
    assert told["costs"]["a page"]["ratio"] == 3
    assert told["budgets"] == [
        {"name": "a page", "value": 3, "at_most": 1.6, "unit": "x bytes", "over": True}
    ]
    assert "a page" in (tmp_path / "bench.svg").read_text("utf-8")
