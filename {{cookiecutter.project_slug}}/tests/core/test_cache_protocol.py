"""Whatever happens in whatever order, nobody is told less than they may know already.

Readers and writers of two processes go on one step at a time, in any order: every command, every
reply, a load's reading and its end. Commands get lost, or are done after they were given up;
requests are cancelled, keys evicted, Redis is flushed, entries grow old, the source goes away. The
rule: who begins to read after a writer's answer sees what that wrote, or something later. The
exception: a writer that could not tell Redis owes that; until it has paid, only its own process
has to know.
"""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as some
from pydantic import TypeAdapter

from app.core.cache import Kind, Look
from tests.core.interleaving import Fate
from tests.core.two_processes import Actor, Deed, Scene, TwoProcesses

LOOK = Look(Kind("number", TypeAdapter(int), stale=60), "1", ("row", "list"))

DEEDS = [Deed.READ, Deed.WRITE] * 8 + list(Deed)
FATES = [Fate.DONE] * 12 + list(Fate)
PROCESSES = [0, 0, 0, 1]  # most that can go wrong between requests goes wrong within one process

actors = some.builds(
    Actor,
    deed=some.sampled_from(DEEDS),
    process=some.sampled_from(PROCESSES),
    what=some.integers(0, 3),
    fates=some.lists(some.sampled_from(FATES), max_size=6),
)
scenes = some.builds(
    Scene,
    before=some.sampled_from([None, Deed.AGE, Deed.FLUSH]),
    actors=some.lists(actors, min_size=2, max_size=5),
    turns=some.lists(
        some.tuples(some.integers(0, 3), some.integers(1, 6)), min_size=8, max_size=12
    ),
)


@settings(deadline=None)
@given(cluster=some.booleans(), scenes=some.lists(scenes, min_size=4, max_size=8))
def test_nobody_is_told_less_than_they_may_know(*, cluster: bool, scenes: list[Scene]) -> None:
    async def play() -> list[str]:
        processes = TwoProcesses(LOOK, cluster=cluster)
        for scene in scenes:
            await processes.play(scene)
        await processes.steps.end()
        return processes.faults

    assert asyncio.run(play()) == []
