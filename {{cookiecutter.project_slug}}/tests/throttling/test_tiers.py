"""Limits as people write them."""

import pytest
from hypothesis import given

from app.throttling.tiers import Tier, Tiers
from tests.throttling import arrivals


@pytest.mark.parametrize(
    ("text", "tiers"),
    [
        ("3/second", [Tier(3, 1)]),
        ("3/second;20/10seconds;100/minute", [Tier(3, 1), Tier(20, 10), Tier(100, 60)]),
        (" 5 / Second ; 20/2 minutes", [Tier(5, 1), Tier(20, 120)]),
        ("1000000/day;7/hour", [Tier(1_000_000, 86_400), Tier(7, 3600)]),
        ("off", []),
    ],
)
def test_tiers_are_read_in_their_order(text: str, tiers: list[Tier]) -> None:
    assert Tiers.parse(text) == Tiers(tuple(tiers))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3",
        "3/",
        "3/second;",
        "0/second",
        "-1/second",
        "1.5/second",
        "3/0seconds",
        "3/fortnight",
        "3 per second",
        "1000001/second",
        "3/2days",
        "3/second;5/1second",
        "60/minute;1/60seconds",
        "off;3/second",
    ],
)
def test_what_would_limit_nothing_or_cannot_be_counted_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Tiers.parse(text)


@given(tiers=arrivals.tiers)
def test_a_tier_is_named_as_it_would_be_written(tiers: Tiers) -> None:
    assert Tiers.parse(";".join(tier.name for tier in tiers.each)) == tiers


def test_a_name_uses_the_largest_unit_that_fits() -> None:
    assert [Tier(1, seconds).name for seconds in (1, 90, 120, 86_400)] == [
        "1/second",
        "1/90seconds",
        "1/2minutes",
        "1/day",
    ]
