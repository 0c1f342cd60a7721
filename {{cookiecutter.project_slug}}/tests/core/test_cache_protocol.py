"""Whatever happens in whatever order, nobody is told less than they may know already.

Two processes share a Redis. Readers and writers go on one step at a time, in any order: every
command, every reply, a commit, a load's reading and its end. Any command may get lost, or be done
after it was given up; keys are evicted, everything is flushed, requests are cancelled, entries
grow old, and the source goes away. The one rule: who begins to read after a writer's answer sees
what that wrote, or something later. The one exception: a writer that could not tell Redis of it
owes that; until it has paid, only its own process must know.
"""

import asyncio
from collections.abc import Awaitable

from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from pydantic import TypeAdapter

from app.core.cache import Cache, Kind, Look
from app.core.errors import Unavailable
from tests.core.fake_redis import age, all_waiting
from tests.core.interleaving import Fate, SteppedRedis, Steps

KIND = Kind("number", TypeAdapter(int), stale=60)
LOOKS = (Look(KIND, "row", ("row",)), Look(KIND, "list", ("list",)))  # of the same number

PROCESSES = some.integers(0, 1)
ANYBODY = some.integers(0, 5)

type Known = dict[Look[int], int]


class Protocol(RuleBasedStateMachine):
    """What is read and written is one number, which only grows: older means smaller."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.steps = Steps()
        self.number = 0
        self.kept: dict[str, bytes] = {}
        self.ways = [SteppedRedis(self.kept, self.steps) for _ in range(2)]
        self.caches = [Cache(way, self._pause) for way in self.ways]
        self.known_to_all = 0
        self.known_to = [0, 0]
        self.faults: list[str] = []

    def teardown(self) -> None:
        self._run(self.steps.end())
        self.loop.close()

    @initialize(cluster=some.booleans())
    def on_one_server_or_a_cluster(self, *, cluster: bool) -> None:
        for way in self.ways:
            way.cluster = cluster

    @rule(process=PROCESSES, look=some.sampled_from(LOOKS))
    def somebody_reads(self, process: int, look: Look[int]) -> None:
        self._run(self.steps.begin(self._read(process, look)))

    @rule(process=PROCESSES)
    def somebody_writes(self, process: int) -> None:
        self._run(self.steps.begin(self._write(process)))

    @rule(who=ANYBODY, steps=some.integers(1, 9))
    def somebody_goes_on(self, who: int, steps: int) -> None:
        self._run(self.steps.go(who, steps))

    @rule(who=ANYBODY, steps=some.integers(1, 4), fate=some.sampled_from(Fate))
    def something_fails(self, who: int, steps: int, fate: Fate) -> None:
        self._run(self.steps.go(who, steps, last=fate))

    @rule()
    def all_come_to_an_end_and_everybody_looks_again(self) -> None:
        self._run(self._quiet())

    @rule(who=ANYBODY)
    def somebody_is_cancelled(self, who: int) -> None:
        self._run(self.steps.cancel(who))

    @rule(which=some.integers(0, 4))
    def a_key_is_evicted(self, which: int) -> None:
        if self.kept:
            del self.kept[sorted(self.kept)[which % len(self.kept)]]

    @rule()
    def redis_is_flushed(self) -> None:
        self.kept.clear()

    @rule()
    def entries_grow_old(self) -> None:
        age(self.kept)

    @rule(process=PROCESSES)
    def a_breaker_opens(self, process: int) -> None:
        self._run(self._opens(process))

    @rule(process=PROCESSES)
    def somebody_clears(self, process: int) -> None:
        self._run(self.steps.begin(self.caches[process].clear()))

    @invariant()
    def nobody_is_told_less(self) -> None:
        assert not self.faults

    async def _read(self, process: int, look: Look[int]) -> None:
        async def load() -> int:
            if await self.steps.next() is not Fate.DONE:
                raise Unavailable
            found = self.number
            await self.steps.next()
            return found

        least = max(self.known_to_all, self.known_to[process])
        found = await self.caches[process].get(look, load)
        if found < least:
            self.faults.append(f"{look.key} was {found} in process {process} after {least}")

    async def _write(self, process: int) -> None:
        await self.steps.next()
        self.number += 1
        written = self.number
        try:
            await self.caches[process].outdate("row", "list")
        finally:  # whoever is cancelled here has committed, and an answer
            self.known_to[process] = max(self.known_to[process], written)

    async def _quiet(self) -> None:
        await self.steps.finish()
        for process in (0, 1):
            for look in LOOKS:
                await self.steps.begin(self._read(process, look))
        await self.steps.finish()

    async def _opens(self, process: int) -> None:
        for tell in self.ways[process].breaker.opened:
            tell()

    async def _pause(self, _: float) -> None:
        await self.steps.next()

    def _run(self, happening: Awaitable[None]) -> None:
        self.loop.run_until_complete(self._with_consequences(happening))

    async def _with_consequences(self, happening: Awaitable[None]) -> None:
        await happening
        await all_waiting()
        for cache, known in zip(self.caches, self.known_to, strict=True):
            if cache.ready:  # whatever its writers owed is paid
                self.known_to_all = max(self.known_to_all, known)


Protocol.TestCase.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
test_nobody_is_told_less_than_they_may_know = Protocol.TestCase
