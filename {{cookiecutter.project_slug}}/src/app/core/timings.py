"""How long things took in this process: plain counts in buckets, for whoever publishes them."""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field

BOUNDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0)
"""The upper edges of the buckets, in seconds; one more holds what took longer."""

ALL: list["Timings"] = []


@dataclass(slots=True)
class Histogram:
    """How many fell into each bucket, and the seconds of all together."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    seconds: float = 0.0


class Timings:
    """Histograms, told apart by their labels' values; `name` says the unit, as `errand_seconds`.

    Added up here because OpenTelemetry's histogram costs a request 25 us more. As with `Counts`,
    values come from the code and never from a request.
    """

    def __init__(self, name: str, description: str, *labels: str) -> None:
        self.name = name
        self.description = description
        self.labels = labels
        self._histograms: defaultdict[tuple[str, ...], Histogram] = defaultdict(Histogram)
        ALL.append(self)

    def add(self, seconds: float, *values: str) -> None:
        """Counts one that took so long; a value for each label, in their order."""
        histogram = self._histograms[values]
        histogram.counts[bisect_left(BOUNDS, seconds)] += 1
        histogram.seconds += seconds

    def values(self) -> dict[tuple[str, ...], Histogram]:
        """By the labels' values, in their order; what never happened is missing."""
        return self._histograms.copy()
