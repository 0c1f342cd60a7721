"""Counts are integers by the values of their labels, found by whoever publishes them."""

from collections.abc import Iterator

import pytest

from app.core import counts
from app.core.counts import Counts


@pytest.fixture
def tides() -> Iterator[Counts]:
    made = Counts("tides_total", "Tides seen.", "place", "kind")
    yield made
    counts.ALL.remove(made)


def test_each_combination_of_values_is_counted_by_itself(tides: Counts) -> None:
    tides.add("here", "high")
    tides.add("here", "low")
    tides.add("here", "high")

    assert tides.values() == {("here", "high"): 2, ("here", "low"): 1}


def test_reading_counts_nothing(tides: Counts) -> None:
    assert tides.values().get(("here", "high")) is None
    assert tides.values() == {}


def test_whoever_publishes_finds_all_by_name(tides: Counts) -> None:
    assert tides in counts.ALL
    assert (tides.name, tides.description) == ("tides_total", "Tides seen.")


def test_no_two_counts_share_a_name() -> None:
    names = [each.name for each in counts.ALL]

    assert len(names) == len(set(names))
