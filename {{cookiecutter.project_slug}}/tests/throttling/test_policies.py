"""Who is counted for a request."""

from uuid import UUID

import pytest

from app.throttling.policies import DEFAULT, LOGIN, Policy
from app.throttling.settings import ThrottleSettings
from app.throttling.tiers import Tiers

ADA = UUID(int=1)
SETTINGS = ThrottleSettings(
    throttle_anonymous="1/second",
    throttle_authenticated="2/second",
    throttle_login="3/second",
    _env_file=None,
)


@pytest.mark.parametrize(
    ("policy", "user", "address", "subject", "tiers"),
    [
        (DEFAULT, None, "203.0.113.7", "address:203.0.113.7", "1/second"),
        (DEFAULT, None, "2001:db8::7", "address:2001:db8::/64", "1/second"),
        (DEFAULT, None, None, "address:", "1/second"),
        (DEFAULT, ADA, "203.0.113.7", f"user:{ADA}", "2/second"),
        (LOGIN, None, "203.0.113.7", "address:203.0.113.7", "3/second"),
        (LOGIN, ADA, "203.0.113.7", "address:203.0.113.7", "3/second"),
    ],
)
def test_a_user_is_counted_before_an_address_but_not_at_the_login(
    policy: Policy, user: UUID | None, address: str | None, subject: str, tiers: str
) -> None:
    assert policy.subject(user, address) == subject
    assert policy.tiers(SETTINGS, subject) == Tiers.parse(tiers)


def test_an_address_as_long_as_a_client_likes_makes_a_short_subject() -> None:
    assert len(DEFAULT.subject(None, "fe80::1%" + "z" * 10_000)) < 60
