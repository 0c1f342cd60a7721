"""What must not grow with the rows is held against the fewest, and a deep page is reached."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from pathlib import Path
from struct import Struct

import pytest

from tests.bench import growth_report
from tests.bench.growth import deepened
from tests.bench.growth_report import LEVEL, SLOW, Grown

CURSOR = Struct(">8sq16s")


def rows(size: int, milliseconds: float, slow: float = 0) -> list[Grown]:
    reads = [Grown("rows", size, name, milliseconds, 2 * milliseconds, 900) for name in LEVEL]
    return [*reads, Grown("rows", size, SLOW, slow)]


@pytest.mark.parametrize(("most", "over"), [(1.2, []), (1.3, list(LEVEL))])
def test_a_read_may_take_a_fifth_longer_among_the_most_rows(most: float, over: list[str]) -> None:
    lines = growth_report.budgets([*rows(10, 1), *rows(1000, most)])

    assert [line.name for line in lines if line.over] == [f"{name}, p50" for name in over]


def test_one_statement_in_twenty_may_be_slow() -> None:
    lines = growth_report.budgets([*rows(10, 1, slow=5), *rows(1000, 1, slow=5.1)])

    assert [line.over for line in lines[-2:]] == [False, True]


def test_a_cursor_leads_to_rows_that_are_so_much_older() -> None:
    cursor = urlsafe_b64encode(CURSOR.pack(b"thislist", 9_000_000, b"r" * 16)).decode().rstrip("=")
    older = urlsafe_b64encode(CURSOR.pack(b"thislist", 2_000_000, b"r" * 16)).decode().rstrip("=")

    assert deepened(cursor, seconds=7) == older


def test_the_files_hold_what_was_measured(tmp_path: Path) -> None:
    crowd = [Grown("workers", 1, "a mix", 1, 2, 900), Grown("connections", 10, "a mix", 1, 2, 900)]
    found = [*rows(10, 1), *rows(1000, 1), *crowd]

    growth_report.write(tmp_path, found, growth_report.budgets(found))

    told = json.loads((tmp_path / "growth.json").read_text("utf-8"))
    assert told["grown"][-1]["rate"] == 900
    assert "| connections | 10 | a mix | 1.00 | 2.00 | 900 |" in growth_report.told(found, [])
    assert "workers" in (tmp_path / "growth.svg").read_text("utf-8")
