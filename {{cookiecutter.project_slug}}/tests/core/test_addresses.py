"""A client does not escape its counters by changing what costs it nothing to change."""

import pytest

from app.core.addresses import network


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8::ffff:1", "2001:db8::/64"),
        ("2001:DB8:0:0:1::", "2001:db8::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("a-socket", "a-socket"),
        (None, ""),
    ],
)
def test_an_address_counts_as_what_a_subscriber_has_at_least(
    address: str | None, counted: str
) -> None:
    assert network(address) == counted


@pytest.mark.parametrize("address", ["fe80::1", "::ffff:203.0.113.7"])
def test_the_zone_of_an_address_neither_lengthens_nor_changes_what_it_counts_as(
    address: str,
) -> None:
    assert network(f"{address}%{'z' * 1000}") == network(address)
