"""Stops asking what does not answer; single questions find out when it does again."""

import time
from collections.abc import Callable


class Breaker:
    """Opens after `failures` in a row; then lets one trial through every `pause` seconds.

    Whoever was let in says how it went: `succeeded` or `failed`; who never does gives way in time.
    """

    def __init__(
        self, failures: int = 3, pause: float = 1, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.opened: list[Callable[[], None]] = []
        self._limit = failures
        self._pause = pause
        self._clock = clock
        self._failures = 0
        self._trial_at: float | None = None  # None: closed

    @property
    def is_open(self) -> bool:
        """Whether most are turned away at the moment."""
        return self._trial_at is not None

    def lets_in(self) -> bool:
        """Whether to ask now; the answer stands for one question."""
        if self._trial_at is None:
            return True
        now = self._clock()
        if now < self._trial_at:
            return False
        self._trial_at = now + self._pause  # the next one's turn, should this one never tell
        return True

    def succeeded(self) -> bool:
        """Closes it; whether it was open."""
        was_open = self.is_open
        self._failures = 0
        self._trial_at = None
        return was_open

    def failed(self) -> bool:
        """Counts, and opens it after the last one too many; whether it did so now."""
        self._failures += 1
        if self.is_open or self._failures < self._limit:
            return False
        self._trial_at = self._clock() + self._pause
        for tell in self.opened:
            tell()
        return True
