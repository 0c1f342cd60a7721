"""The limiter of one process, which takes over while Redis is away."""

from collections.abc import Callable, Sequence
from time import monotonic_ns

from app.throttling.tiers import Tiers
from app.throttling.window import Outcome, Window, judge


def _milliseconds() -> int:
    return monotonic_ns() // 1_000_000


class InProcess:
    """The same rules for this process alone: of several processes each lets through as much.

    Keeps the `most` subjects that came last, so that a crowd cannot fill the memory.
    """

    def __init__(self, most: int = 10_000, clock: Callable[[], int] = _milliseconds) -> None:
        self._most = most
        self._clock = clock
        self._windows: dict[str, Sequence[Window | None]] = {}  # the one that came last is last

    def charge(self, key: str, tiers: Tiers) -> Outcome:
        """Counts a request, or denies it and counts nothing."""
        stored = self._windows.pop(key, None) or [None] * len(tiers.each)
        outcome = judge(tiers, stored, self._clock())
        self._windows[key] = outcome.windows if outcome.passed else stored
        if len(self._windows) > self._most:
            del self._windows[next(iter(self._windows))]
        return outcome
