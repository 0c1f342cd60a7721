"""Redis and the process follow the same rules, which are those of a model of twenty lines."""

from collections.abc import Iterator
from itertools import accumulate
from types import SimpleNamespace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage, memory
from limits.strategies import SlidingWindowCounterRateLimiter

from app.core.redis import Redis, Run
from app.throttling.in_process import InProcess
from app.throttling.limiter import SLIDING_WINDOW
from app.throttling.tiers import Tier, Tiers
from app.throttling.window import Outcome, Window
from tests.throttling import arrivals
from tests.throttling.arrivals import START
from tests.throttling.model import Model


def in_process(tiers: Tiers, moments: list[int]) -> list[Outcome]:
    limiter = InProcess(clock=iter(moments).__next__)
    return [limiter.charge("subject", tiers) for _ in moments]


async def in_redis(redis: Redis, tiers: Tiers, moments: list[int]) -> list[Outcome]:
    key = f"throttle:{uuid4()}"
    questions = [Run(SLIDING_WINDOW, key, (now, *tiers.arguments)) for now in moments]
    return [Outcome.read(reply) for reply in await redis.ask(*questions)]


@given(tiers=arrivals.tiers, moments=arrivals.moments)
def test_the_process_lets_through_what_the_model_does(tiers: Tiers, moments: list[int]) -> None:
    model = Model(tiers)

    outcomes = in_process(tiers, moments)

    assert [each.passed for each in outcomes] == [model.charge(now) for now in moments]


@given(tiers=arrivals.tiers, moments=arrivals.moments)
async def test_redis_lets_through_what_the_model_does(
    redis: Redis, tiers: Tiers, moments: list[int]
) -> None:
    model = Model(tiers)

    outcomes = await in_redis(redis, tiers, moments)

    assert [each.passed for each in outcomes] == [model.charge(now) for now in moments]


@given(tiers=arrivals.tiers, moments=arrivals.moments)
async def test_redis_and_the_process_keep_the_same_windows(
    redis: Redis, tiers: Tiers, moments: list[int]
) -> None:
    assert await in_redis(redis, tiers, moments) == in_process(tiers, moments)


def test_a_burst_after_quiet_passes_in_full_whenever_it_comes() -> None:
    tiers = Tiers((Tier(limit=5, seconds=1),))

    for moment in (START, START + 999, START + 123_456):
        outcomes = in_process(tiers, [moment] * 6)

        assert [each.passed for each in outcomes] == [True] * 5 + [False]


def test_a_denied_request_counts_for_no_tier() -> None:
    tiers = Tiers((Tier(limit=1, seconds=1), Tier(limit=100, seconds=60)))

    *_, last = in_process(tiers, [START] * 50)

    assert last.windows == [Window(START, 1, 0), Window(START, 1, 0)]


async def test_a_clock_that_was_set_back_locks_nobody_out(redis: Redis) -> None:
    tiers = Tiers((Tier(limit=1, seconds=1),))
    moments = [START, START - 3_600_000]

    assert [each.passed for each in await in_redis(redis, tiers, moments)] == [True, True]
    assert [each.passed for each in in_process(tiers, moments)] == [True, True]


async def test_the_largest_tier_there_may_be_is_counted_exactly(redis: Redis) -> None:
    tier = Tier(limit=1_000_000, seconds=86_400)
    key = f"throttle:{uuid4()}"
    count = Run(SLIDING_WINDOW, key, (START, *Tiers((tier,)).arguments))
    await redis.ask(*[count] * 3)

    before_the_end = START + 2 * tier.length - 1  # 3 of the window before weigh a tiny bit
    [reply] = await redis.ask(Run(SLIDING_WINDOW, key, (before_the_end, 3, tier.length)))

    assert Outcome.read(reply).windows == [Window(START + tier.length, 1, 3)]
    [full] = await redis.ask(Run(SLIDING_WINDOW, key, (before_the_end, 2, tier.length)))
    assert not Outcome.read(full).passed


@pytest.fixture(scope="module")
def clock() -> Iterator[SimpleNamespace]:
    """The time in seconds for `limits`, which asks no other clock than the system's."""
    clock = SimpleNamespace(now=0.0)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(memory, "time", SimpleNamespace(time=lambda: clock.now))
        yield clock


@given(limit=st.integers(2, 8), gaps=st.lists(st.integers(0, 3), min_size=20, max_size=60))
def test_the_limits_library_agrees_but_for_the_fraction_of_a_request(
    clock: SimpleNamespace, limit: int, gaps: list[int]
) -> None:
    """For one tier, and requests that keep coming.

    After a pause of two windows `limits` in memory goes on in windows of the clock, where ours
    begin with a request. And it rounds the weight down: against a limit of 3 it lets a request
    pass while 2.1 count, where ours waits until 2 do. Eighths of a second keep its floating-point
    numbers exact.
    """
    tier = Tier(limit, seconds=1)
    tiers, moments = Tiers((tier,)), list(accumulate([125 * gap for gap in gaps], initial=START))
    theirs, item = SlidingWindowCounterRateLimiter(MemoryStorage()), RateLimitItemPerSecond(limit)
    model = Model(tiers)
    for now, ours in zip(moments, in_process(tiers, moments), strict=True):
        clock.now = now / 1000
        only_theirs = limit - 1 < model.weight(tier, now) < limit

        assert theirs.test(item) == (ours.passed or only_theirs)
        if model.charge(now):  # the same requests count for both
            theirs.hit(item)
