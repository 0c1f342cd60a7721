"""What a client is told about its limits (draft-ietf-httpapi-ratelimit-headers)."""

from dataclasses import dataclass

from app.throttling.tiers import Tiers
from app.throttling.window import Outcome, remaining, reopens


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request passes, or in how many seconds one does; raw headers for the answer."""

    allowed: bool
    retry_after: int = 0
    headers: tuple[tuple[bytes, bytes], ...] = ()


UNLIMITED = Verdict(allowed=True)


def verdict(tiers: Tiers, outcome: Outcome) -> Verdict:
    """Tells of the tier that is nearest to its limit; of several, the one that stays so longest.

    `r` is how many more requests would pass, `t` the seconds until there is one more. For a
    request that was denied that is when one passes: no other tier denies it longer.
    """
    now = outcome.now
    windows = list(zip(tiers.each, outcome.windows, strict=True))
    left = [remaining(tier, window, now) for tier, window in windows]
    least = max(0, min(left))
    grows, name = max(
        (reopens(tier, window, least + 1), tier.name)
        for (tier, window), requests in zip(windows, left, strict=True)
        if requests <= least
    )
    seconds = -((now - grows) // 1000)  # rounded up, never a moment too early
    headers = (
        (b"ratelimit-policy", tiers.described),
        (b"ratelimit", f'"{name}";r={least};t={seconds}'.encode()),
    )
    if outcome.passed:
        return Verdict(allowed=True, headers=headers)
    retry = (b"retry-after", str(seconds).encode())
    return Verdict(allowed=False, retry_after=seconds, headers=(*headers, retry))
