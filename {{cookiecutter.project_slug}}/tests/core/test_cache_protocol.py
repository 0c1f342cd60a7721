"""Whatever happens in whatever order, nobody is told less than they may know already.

Readers and writers of two processes go on one step at a time, in any order: every command, every
reply, a commit, a load's reading and its end. Commands get lost, or are done after they were given
up; keys are evicted, Redis is flushed, requests are cancelled, entries grow old, the source goes
away. The rule: who begins to read after a writer's answer sees what that wrote, or something later.
The exception: a writer that could not tell Redis owes that; until it has paid, only its own process
has to know.
"""

import asyncio
from collections.abc import Awaitable, Callable

from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from pydantic import TypeAdapter

from app.core.cache import Kind, Look
from tests.core.fake_redis import all_waiting
from tests.core.two_processes import TwoProcesses

KIND = Kind("number", TypeAdapter(int), stale=60)
LOOKS = (Look(KIND, "row", ("row",)), Look(KIND, "list", ("list",)))

type Happening = Callable[[TwoProcesses, int, int], Awaitable[None]]

OFTEN: list[Happening] = [
    TwoProcesses.a_read_begins,
    TwoProcesses.a_write_begins,
    TwoProcesses.somebody_goes_on,
    TwoProcesses.somebody_goes_on,
    TwoProcesses.all_come_to_an_end_and_everybody_looks,
]
SOMETIMES: list[Happening] = [
    TwoProcesses.a_step_is_lost,
    TwoProcesses.a_step_is_given_up_and_done_later,
    TwoProcesses.somebody_is_cancelled,
    TwoProcesses.a_key_is_evicted,
    TwoProcesses.redis_is_flushed,
    TwoProcesses.entries_grow_old,
    TwoProcesses.the_cache_is_cleared,
    TwoProcesses.a_breaker_opens,
]


class Protocol(RuleBasedStateMachine):
    """One rule for all that can happen: of several, Hypothesis leaves most out of most runs."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.processes = TwoProcesses(*LOOKS)

    @initialize(cluster=some.booleans())
    def they_share_a_server_or_a_cluster(self, *, cluster: bool) -> None:
        for way in self.processes.ways:
            way.cluster = cluster

    @rule(
        what=some.sampled_from(OFTEN * 3 + SOMETIMES),
        who=some.integers(0, 4),
        steps=some.integers(1, 8),
    )
    def it_happens(self, what: Happening, who: int, steps: int) -> None:
        self.loop.run_until_complete(self._until_all_wait(what, who, steps))

    @invariant()
    def nobody_is_told_less(self) -> None:
        assert not self.processes.faults

    def teardown(self) -> None:
        self.loop.run_until_complete(self.processes.steps.end())
        self.loop.close()

    async def _until_all_wait(self, what: Happening, who: int, steps: int) -> None:
        await what(self.processes, who, steps)
        await all_waiting()
        self.processes.learn()


Protocol.TestCase.settings = settings(max_examples=300, stateful_step_count=40, deadline=None)
test_nobody_is_told_less_than_they_may_know = Protocol.TestCase
