"""Two processes that share a Redis and a number, and what can happen between them, step by step."""

from app.core.cache import Cache, Look
from app.core.errors import Unavailable
from tests.core.fake_redis import age
from tests.core.interleaving import Fate, SteppedRedis, Steps


class TwoProcesses:
    """The number only grows, so that older means smaller. All looks are of it.

    Whatever can happen takes two numbers that say to whom, and for how many steps.
    """

    def __init__(self, *looks: Look[int]) -> None:
        self.number = 0
        self.kept: dict[str, bytes] = {}
        self.steps = Steps()
        self.ways = [SteppedRedis(self.kept, self.steps) for _ in range(2)]
        self.caches = [Cache(way, self._pause) for way in self.ways]
        self.known_to_all = 0
        self.known_to = [0, 0]
        self.faults: list[str] = []
        self._looks = looks

    async def a_read_begins(self, who: int, _: int) -> None:
        await self.steps.begin(self._read(who % 2, self._looks[who // 2 % len(self._looks)]))

    async def a_write_begins(self, who: int, _: int) -> None:
        await self.steps.begin(self._write(who % 2))

    async def somebody_goes_on(self, who: int, steps: int) -> None:
        await self.steps.go(who, steps)

    async def all_come_to_an_end_and_everybody_looks(self, *_: int) -> None:
        await self.steps.finish()
        for process in (0, 1):
            for look in self._looks:
                await self.steps.begin(self._read(process, look))
        await self.steps.finish()

    async def a_step_is_lost(self, who: int, steps: int) -> None:
        await self.steps.go(who, steps, last=Fate.LOST)

    async def a_step_is_given_up_and_done_later(self, who: int, steps: int) -> None:
        await self.steps.go(who, steps, last=Fate.LATE)

    async def somebody_is_cancelled(self, who: int, _: int) -> None:
        await self.steps.cancel(who)

    async def a_key_is_evicted(self, which: int, _: int) -> None:
        for key in sorted(self.kept)[which : which + 1]:
            del self.kept[key]

    async def redis_is_flushed(self, *_: int) -> None:
        self.kept.clear()

    async def entries_grow_old(self, *_: int) -> None:
        age(self.kept)

    async def the_cache_is_cleared(self, who: int, _: int) -> None:
        await self.steps.begin(self.caches[who % 2].clear())

    async def a_breaker_opens(self, who: int, _: int) -> None:
        for tell in self.ways[who % 2].breaker.opened:
            tell()

    def learn(self) -> None:
        """What a process owed is paid once it believes its cache again: all may know it then."""
        for cache, known in zip(self.caches, self.known_to, strict=True):
            if cache.ready:
                self.known_to_all = max(self.known_to_all, known)

    async def _read(self, process: int, look: Look[int]) -> None:
        least = max(self.known_to_all, self.known_to[process])
        found = await self.caches[process].get(look, self._load)
        if found < least:
            self.faults.append(f"{look.key} was {found} in process {process} after {least}")

    async def _load(self) -> int:
        if await self.steps.next() is not Fate.DONE:
            raise Unavailable
        found = self.number
        await self.steps.next()
        return found

    async def _write(self, process: int) -> None:
        await self.steps.next()
        self.number += 1
        written = self.number
        try:
            await self.caches[process].outdate(*(look.key for look in self._looks))
        finally:  # whoever is cancelled here has committed, and may tell
            self.known_to[process] = max(self.known_to[process], written)

    async def _pause(self, _: float) -> None:
        await self.steps.next()
