"""Counts of what happened in this process: plain integers, for whoever publishes them to read."""

from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType

ALL: list["Counts"] = []


class Counts:
    """How often something happened since the process started, told apart by its labels' values.

    A request pays for one addition; a metrics library is asked only when somebody scrapes. Every
    value that is passed becomes a series for good, so values come from the code and never from
    a request. To be made once, at a module's level, and added to on the event loop only.
    """

    def __init__(self, name: str, description: str, *labels: str) -> None:
        self.name = name
        self.description = description
        self.labels = labels
        self._values: defaultdict[tuple[str, ...], int] = defaultdict(int)
        ALL.append(self)

    def add(self, *values: str) -> None:
        """Counts one; a value for each label, in their order."""
        self._values[values] += 1

    def values(self) -> Mapping[tuple[str, ...], int]:
        """By the labels' values, in their order; what never happened is missing. A live view."""
        return MappingProxyType(self._values)
