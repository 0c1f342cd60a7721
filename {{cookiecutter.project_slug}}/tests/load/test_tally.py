from io import StringIO

import pytest
from rich.console import Console

from tests.load.tally import Tally, percentile

HUNDRED = [n / 100 for n in range(1, 101)]


@pytest.mark.parametrize(
    ("times", "share", "expected"),
    [(HUNDRED, 0.5, 0.5), (HUNDRED, 0.95, 0.95), ([1.0, 2.0, 3.0], 0.4, 2.0), ([3.0], 0.5, 3.0)],
)
def test_a_percentile_is_the_nearest_rank(
    times: list[float], share: float, expected: float
) -> None:
    assert percentile(times, share) == expected


def tallied(*, good: int, bad: int) -> Tally:
    tally = Tally()
    for _ in range(good):
        tally.add("GET /things", 0.001)
    for _ in range(bad):
        tally.add("GET /things", 5.0, "503")
    return tally


def test_one_fault_in_a_thousand_requests_is_let_pass_and_two_are_named() -> None:
    assert list(tallied(good=999, bad=1).wrong()) == []
    assert list(tallied(good=998, bad=2).wrong()) == ["GET /things: 503, 2 times."]


def test_a_run_that_sent_nothing_is_wrong() -> None:
    assert list(Tally().wrong()) == ["Nothing was sent."]


def test_what_failed_is_no_success() -> None:
    assert tallied(good=3, bad=2).successes == 3


def test_the_table_has_a_line_for_each_route_and_one_for_all() -> None:
    tally = tallied(good=98, bad=2)
    tally.add("POST /things", 0.002)
    written = StringIO()

    Console(file=written, width=120).print(tally.table(10))

    lines = [line.strip("│ ").split("│") for line in written.getvalue().splitlines()]
    cells = [[cell.strip() for cell in line] for line in lines if len(line) == 7]
    assert cells == [
        ["GET /things", "100", "10.0", "1.0", "1.0", "5000.0", "2"],
        ["POST /things", "1", "0.1", "2.0", "2.0", "2.0", "0"],
        ["all", "101", "10.1", "1.0", "1.0", "5000.0", "2"],
    ]
