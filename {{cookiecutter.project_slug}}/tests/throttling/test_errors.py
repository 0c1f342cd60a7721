"""The refusal carries what a client needs to do better."""

from app.throttling.errors import RateLimited
from app.throttling.verdict import Verdict


def test_it_says_when_to_come_back_and_which_limits_there_are() -> None:
    refused = RateLimited(
        Verdict(
            allowed=False,
            retry_after=7,
            headers=((b"ratelimit", b'"1/minute";r=0;t=7'), (b"retry-after", b"7")),
        )
    )

    assert (refused.status, refused.code) == (429, "rate_limited")
    assert refused.headers == {"ratelimit": '"1/minute";r=0;t=7', "retry-after": "7"}
