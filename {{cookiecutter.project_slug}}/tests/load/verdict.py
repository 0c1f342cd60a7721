"""Whether a service that worked for long holds more than it did at first."""

from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from statistics import median

from rich.table import Table

from app.core.redis import RedisSettings
from app.core.settings import DatabaseSettings
from tests.load.gauges import Gauges

MOST_MEMORY = 1.05
# Pools open a connection when they first need one more, and never close it again.
POOLS: dict[str, tuple[Callable[[Gauges], int], int]] = {
    "PostgreSQL": (
        attrgetter("postgresql"),
        DatabaseSettings.model_fields["database_pool_size"].default,
    ),
    "Redis": (attrgetter("redis"), RedisSettings.model_fields["redis_pool_size"].default),
}
_memory, _others = attrgetter("memory"), attrgetter("others")


def thirds(samples: Sequence[Gauges]) -> tuple[Sequence[Gauges], Sequence[Gauges]]:
    """The first and the last, after the fifth in which the service still warms up."""
    warm = samples[len(samples) // 5 :]
    size = max(len(warm) // 3, 1)
    return warm[:size], warm[-size:]


def growth(samples: Sequence[Gauges]) -> Iterator[str]:
    """A sentence for 5 % of memory or more, for a descriptor, for a connection beyond a pool."""
    (memory, grown), (held, holds) = _medians(samples, _memory), _medians(samples, _others)
    if grown >= memory * MOST_MEMORY:
        yield f"Memory grew by {grown / memory - 1:.1%}."
    if holds > held:
        yield f"There were {held:g} other descriptors at first, and {holds:g} in the end."
    for server, (count, pool) in POOLS.items():
        if (most := _medians(samples, count)[1]) > pool:
            yield f"There were {most:g} connections to {server}, of a pool of {pool}."


def table(samples: Sequence[Gauges]) -> Table:
    """The medians of both thirds."""
    shown = Table("", "first third", "last third", title="What the service holds")
    shown.add_row("memory, MB", *(f"{each / 2**20:.1f}" for each in _medians(samples, _memory)))
    for server, (count, _) in POOLS.items():
        shown.add_row(f"connections to {server}", *_shown(samples, count))
    shown.add_row("other descriptors", *_shown(samples, _others))
    return shown


def _medians(samples: Sequence[Gauges], of: Callable[[Gauges], int]) -> tuple[float, float]:
    first, last = thirds(samples)
    return median(map(of, first)), median(map(of, last))


def _shown(samples: Sequence[Gauges], of: Callable[[Gauges], int]) -> Iterator[str]:
    return map("{:g}".format, _medians(samples, of))
