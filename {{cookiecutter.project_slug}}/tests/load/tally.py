"""What was seen under load: times and faults by route, and the table that shows them."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from math import ceil

from rich.table import Table

MOST_FAULTS = 0.001
_COLUMNS = ("requests", "a second", "p50 ms", "p95 ms", "p99 ms", "faults")


def percentile(times: Sequence[float], share: float) -> float:
    """The nearest rank: the least of the sorted times that `share` of them do not exceed."""
    return times[max(ceil(share * len(times)), 1) - 1]


class Tally:
    """Times in seconds; a fault is any answer but a success, by its status or its exception."""

    def __init__(self) -> None:
        self.times: defaultdict[str, array[float]] = defaultdict(lambda: array("d"))
        self.faults: Counter[tuple[str, str]] = Counter()

    def add(self, route: str, seconds: float, fault: str = "") -> None:
        """Counts one request; without a fault it went well."""
        self.times[route].append(seconds)
        if fault:
            self.faults[route, fault] += 1

    def __len__(self) -> int:
        return sum(map(len, self.times.values()))

    @property
    def successes(self) -> int:
        """How many went well."""
        return len(self) - self.faults.total()

    def table(self, seconds: float) -> Table:
        """By route, and in all."""
        table = Table("route", *_COLUMNS, title=f"{seconds:.0f} seconds")
        table.columns[0].no_wrap = True
        for column in table.columns[1:]:
            column.justify = "right"
        for route in sorted(self.times):
            table.add_row(route, *self._row([route], seconds))
        if self.times:
            table.add_section()
            table.add_row("all", *self._row(self.times, seconds))
        return table

    def wrong(self) -> Iterator[str]:
        """A sentence for each kind of fault, if there were too many of them, or no request."""
        if not self.times:
            yield "Nothing was sent."
        if self.faults.total() > MOST_FAULTS * len(self):
            for (route, fault), times in self.faults.most_common():
                yield f"{route}: {fault}, {times} times."

    def _row(self, routes: Collection[str], seconds: float) -> list[str]:
        times = sorted(each for route in routes for each in self.times[route])
        faults = sum(n for (route, _), n in self.faults.items() if route in routes)
        shares = [f"{percentile(times, share) * 1000:.1f}" for share in (0.5, 0.95, 0.99)]
        return [str(len(times)), f"{len(times) / seconds:.1f}", *shares, str(faults)]
