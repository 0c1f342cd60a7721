"""Counters of failed logins without a database."""

from collections.abc import Sequence

from app.auth.repository import FailureRepository


class FailuresInMemory(FailureRepository):
    """Counts in a dict; whatever is locked stays so for `left` seconds."""

    def __init__(self) -> None:
        self.counts: dict[bytes, int] = {}
        self.locked: set[bytes] = set()
        self.left = 29.2
        self.delays: set[tuple[int, int]] = set()

    async def wait(self, keys: Sequence[bytes]) -> float:
        return self.left if self.locked & set(keys) else 0

    async def add(self, key: bytes, *, allowed: int, first: int, longest: int) -> bool:
        self.delays.add((first, longest))
        self.counts[key] = self.counts.get(key, 0) + 1
        if self.counts[key] >= allowed:
            self.locked.add(key)
        return key in self.locked

    async def remove(self, keys: Sequence[bytes]) -> None:
        for key in keys:
            self.counts.pop(key, None)
            self.locked.discard(key)
