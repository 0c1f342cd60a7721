"""Whether a service that worked for long holds more than it did at first."""

from collections.abc import Iterator, Sequence
from operator import attrgetter
from statistics import median

from rich.table import Table

from tests.load.gauges import Gauges

MOST_MEMORY = 1.05
_COUNTS = {
    "descriptors": attrgetter("descriptors"),
    "connections to PostgreSQL": attrgetter("postgresql"),
    "connections to Redis": attrgetter("redis"),
}
_memory = attrgetter("memory")
type Ends = tuple[Sequence[Gauges], Sequence[Gauges]]


def thirds(samples: Sequence[Gauges]) -> Ends:
    """The first and the last, after the fifth in which the service still warms up."""
    warm = samples[len(samples) // 5 :]
    size = max(len(warm) // 3, 1)
    return warm[:size], warm[-size:]


def growth(samples: Sequence[Gauges]) -> Iterator[str]:
    """A sentence for each thing that grew: memory by 5 % or more, a count at all."""
    first, last = thirds(samples)
    before, after = median(map(_memory, first)), median(map(_memory, last))
    if after >= before * MOST_MEMORY:
        yield f"Memory grew by {after / before - 1:.1%}."
    for name, count in _COUNTS.items():
        if (now := median(map(count, last))) > (then := median(map(count, first))):
            yield f"There were {then:g} {name} at first, and {now:g} in the end."


def table(samples: Sequence[Gauges]) -> Table:
    """The medians that decide."""
    shown = Table("", "first third", "last third", title="What the service holds")
    ends = thirds(samples)
    shown.add_row("memory, MB", *(f"{median(map(_memory, end)) / 2**20:.1f}" for end in ends))
    for name, count in _COUNTS.items():
        shown.add_row(name, *(f"{median(map(count, end)):g}" for end in ends))
    return shown
