"""Tests that lanes work beside each other, and that a check which measures has the machine."""

from __future__ import annotations

import threading
import time

import pytest

from tests.variants.build import Outcome
from tests.variants.lanes import Seats, fulfilled
from tests.variants.orders import Order


def test_a_python_that_is_not_here_is_told_for_each_of_its_variants() -> None:
    orders = [Order({"example": answer}, "system", None) for answer in (True, False)]
    outcomes = sorted(fulfilled(orders), key=lambda outcome: outcome.label)
    assert outcomes == [Outcome("example=no"), Outcome("example=yes")]


@pytest.mark.parametrize(("check", "most"), [("system", 2), ("measured", 1)])
def test_checks_work_beside_each_other_and_those_that_measure_alone(check: str, most: int) -> None:
    seats, now, seen = Seats(2), [0], [0]
    together = threading.Barrier(most)

    def work() -> None:
        with seats.taken(check):
            now[0] += 1
            seen.append(now[0])
            together.wait(5)
            time.sleep(0.01)  # whoever could come in meanwhile has the time to
            now[0] -= 1

    lanes = [threading.Thread(target=work) for _ in range(4)]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join(10)
    assert max(seen) == most
