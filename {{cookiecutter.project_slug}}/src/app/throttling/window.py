"""The sliding-window counter, in Python: the rules of `sliding_window.lua`, and what follows.

A tier counts in windows of its own length. The first begins with a subject's first request, so
that a burst after quiet passes in full. The requests of the window before weigh as much as that
window overlaps the span that ends now, which takes them to be spread evenly: what two counts can
tell, where the exact answer needs a list of every request. All times are milliseconds.
"""

from collections.abc import Iterable, Sequence
from math import ceil
from typing import NamedTuple, Self

from app.throttling.tiers import Tier, Tiers

type Reply = tuple[int, int, Sequence[Sequence[int]]]


class Window(NamedTuple):
    """Requests that passed since `start`, and in the window before it."""

    start: int
    current: int
    previous: int


class Outcome(NamedTuple):
    """What became of a request at a time, and the windows of its tiers after it."""

    passed: bool
    now: int
    windows: Sequence[Window]

    @classmethod
    def read(cls, reply: Reply) -> Self:
        """From what the script returns."""
        passed, now, windows = reply
        return cls(passed == 1, now, [Window(*window) for window in windows])


def judge(tiers: Tiers, stored: Iterable[Window | None], now: int) -> Outcome:
    """Counts a request in every window, or in none if one is used up; None: never used."""
    windows = [rolled(tier, window, now) for tier, window in zip(tiers.each, stored, strict=True)]
    passed = all(
        remaining(tier, window, now) >= 1 for tier, window in zip(tiers.each, windows, strict=True)
    )
    if passed:
        windows = [window._replace(current=window.current + 1) for window in windows]
    return Outcome(passed, now, windows)


def rolled(tier: Tier, window: Window | None, now: int) -> Window:
    """The window that `now` falls into; a clock that was set back begins a new one."""
    if window is None or not 0 <= now - window.start < 2 * tier.length:
        return Window(now, 0, 0)
    if now - window.start >= tier.length:
        return Window(window.start + tier.length, 0, window.current)
    return window


def remaining(tier: Tier, window: Window, now: int) -> int:
    """How many requests would pass right now; negative when limits were lowered meanwhile."""
    overlap = window.start + tier.length - now
    return tier.limit - window.current - ceil(window.previous * overlap / tier.length)


def reopens(tier: Tier, window: Window, requests: int) -> int:
    """The moment from which so many requests pass, when fewer do now and none comes until then."""
    weighing, room = window.previous, tier.limit - window.current - requests
    end = window.start + tier.length
    if room < 0:  # not before the next window, in which this one's count weighs less and less
        weighing, room, end = window.current, tier.limit - requests, end + tier.length
    return end - room * tier.length // weighing
