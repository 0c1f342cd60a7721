"""What the limiter must do, told without regard to cost: the oracle of the property tests."""

from copy import deepcopy
from fractions import Fraction

from app.throttling.tiers import Tier, Tiers


class Model:
    """Remembers the moment of each request that passed, and counts anew at every question."""

    def __init__(self, tiers: Tiers) -> None:
        self.tiers = tiers
        self.passed: list[int] = []

    def charge(self, now: int) -> bool:
        if passes := self.passes(now):
            self.passed.append(now)
        return passes

    def passes(self, now: int) -> bool:
        return all(self.weight(tier, now) + 1 <= tier.limit for tier in self.tiers.each)

    def weight(self, tier: Tier, now: int) -> Fraction:
        moments = [*self.passed, now]
        start = moments[0]
        for moment in moments:
            if moment >= start + 2 * tier.length:
                start = moment
            elif moment >= start + tier.length:
                start += tier.length
        current = sum(moment >= start for moment in self.passed)
        previous = sum(start - tier.length <= moment < start for moment in self.passed)
        return current + previous * Fraction(start + tier.length - now, tier.length)

    def room(self, now: int) -> int:
        tried = deepcopy(self)
        while tried.charge(now):
            pass
        return len(tried.passed) - len(self.passed)
