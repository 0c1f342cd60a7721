"""How much is let through: limits for short and long spans that must all hold."""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Self

OFF = "off"
FORM = "requests/[count]second, minute, hour or day, such as 5/second;20/10minutes"

_UNITS = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}
_TIER = re.compile(r"(\d{1,7})/(\d{0,5})(second|minute|hour|day)s?")
# Both together keep what the algorithm multiplies exact in the doubles that Lua counts with.
_MOST_REQUESTS = 1_000_000
_MOST_SECONDS = 86_400


@dataclass(frozen=True)
class Tier:
    """At most so many requests in so many seconds."""

    limit: int
    seconds: int

    def __post_init__(self) -> None:
        if not (0 < self.limit <= _MOST_REQUESTS and 0 < self.seconds <= _MOST_SECONDS):
            raise ValueError("a tier lets 1 to 1000000 requests through in at most a day")

    @cached_property
    def name(self) -> str:
        """As the settings spell it, so that whoever reads a header finds the line to change."""
        unit, size = next(item for item in _UNITS.items() if self.seconds % item[1] == 0)
        count = self.seconds // size
        return f"{self.limit}/{unit}" if count == 1 else f"{self.limit}/{count}{unit}s"

    @cached_property
    def length(self) -> int:
        """The span in milliseconds, the unit of all times in this room."""
        return self.seconds * 1000


@dataclass(frozen=True)
class Tiers:
    """Tiers of different lengths, in the order of the settings; none when throttling is off."""

    each: tuple[Tier, ...] = ()

    def __post_init__(self) -> None:
        if len({tier.seconds for tier in self.each}) < len(self.each):
            raise ValueError("two tiers have the same length")

    @classmethod
    def parse(cls, text: str) -> Self:
        """From the form of the settings, see FORM. Raises ValueError."""
        compact = text.replace(" ", "").lower()
        return cls() if compact == OFF else cls(tuple(map(_tier, compact.split(";"))))

    @cached_property
    def described(self) -> bytes:
        """The value of `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers, 3)."""
        return ", ".join(
            f'"{tier.name}";q={tier.limit};w={tier.seconds}' for tier in self.each
        ).encode()

    @cached_property
    def arguments(self) -> tuple[int, ...]:
        """Limit and length of each, one after the other, as the script wants them."""
        return tuple(chain.from_iterable((tier.limit, tier.length) for tier in self.each))


def _tier(text: str) -> Tier:
    if not (found := _TIER.fullmatch(text)):
        raise ValueError("must read like 5/second")
    limit, count, unit = found.groups()
    return Tier(int(limit), int(count or 1) * _UNITS[unit])
