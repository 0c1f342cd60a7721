"""Timings are counts in buckets, found by whoever publishes them."""

from collections.abc import Iterator

import pytest

from app.core import timings
from app.core.timings import BOUNDS, Timings


@pytest.fixture
def errands() -> Iterator[Timings]:
    made = Timings("errand_seconds", "Errands run.", "kind")
    yield made
    timings.ALL.remove(made)


def test_what_takes_as_long_as_an_edge_stays_below_it(errands: Timings) -> None:
    for seconds in (0.0001, 0.2, 0.21, 99):
        errands.add(seconds, "short")

    counts = errands.values()["short",].counts
    met = {bound: count for bound, count in zip((*BOUNDS, None), counts, strict=True) if count}
    assert met == {0.0005: 1, 0.2: 1, 0.5: 1, None: 1}
    assert errands.values()["short",].seconds == pytest.approx(99.4101)


def test_each_label_has_a_histogram_of_its_own(errands: Timings) -> None:
    errands.add(1, "short")
    errands.add(2, "long")

    assert {kind: each.seconds for kind, each in errands.values().items()} == {
        ("short",): 1,
        ("long",): 2,
    }


def test_whoever_publishes_finds_all_by_name(errands: Timings) -> None:
    assert errands in timings.ALL
    assert (errands.name, errands.labels) == ("errand_seconds", ("kind",))
