"""One limit for all processes, and what stands in for it while Redis is away."""

import asyncio
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from app.core import counts
from app.core.redis import Redis, Run, Script
from app.throttling.limiter import Limiter
from app.throttling.policies import DEFAULT, LOGIN
from app.throttling.settings import ThrottleSettings
from app.throttling.verdict import UNLIMITED
from tests.effort import tries

SETTINGS = ThrottleSettings(
    throttle_anonymous="3/minute;20/hour",
    throttle_authenticated="20/hour;1000/day",
    throttle_login="2/minute",
    _env_file=None,
)
OFF = ThrottleSettings(
    throttle_anonymous="off", throttle_authenticated="off", throttle_login="off", _env_file=None
)
STORED = Script("return {redis.call('HGETALL', KEYS[1]), redis.call('PTTL', KEYS[1])}")
CLOCK = Script("local time = redis.call('TIME'); return time[1] * 1000 + time[2] / 1000")
HOUR = 3_600_000


@pytest.fixture
def address() -> str:
    return f"address:{uuid4()}"


@pytest.fixture
def limiter(redis: Redis) -> Limiter:
    return Limiter(redis, SETTINGS)


async def allowed(limiter: Limiter, subject: str, times: int) -> list[bool]:
    return [(await limiter.charge(DEFAULT, subject)).allowed for _ in range(times)]


def counted(name: str) -> dict[tuple[str, ...], int]:
    [found] = [each for each in counts.ALL if each.name == name]
    return dict(found.values())


def break_down(redis: Redis) -> None:
    while not redis.breaker.is_open:
        redis.breaker.failed()


async def test_of_thousands_of_requests_over_two_clients_exactly_the_limit_passes(
    redis: Redis, other_redis: Redis
) -> None:
    limiters = [Limiter(redis, SETTINGS), Limiter(other_redis, SETTINGS)]
    at_once = asyncio.Semaphore(32)  # a slow machine, too, answers each in time

    async def charge(number: int, user: str) -> bool:
        async with at_once:
            return (await limiters[number % 2].charge(DEFAULT, user)).allowed

    for _ in range(tries(10)):
        user = f"user:{uuid4()}"
        assert sum(await asyncio.gather(*[charge(number, user) for number in range(3000)])) == 20


async def test_what_passed_in_one_process_counts_in_the_next(
    redis: Redis, other_redis: Redis, address: str
) -> None:
    assert await allowed(Limiter(redis, SETTINGS), address, 2) == [True, True]
    assert await allowed(Limiter(other_redis, SETTINGS), address, 2) == [True, False]


async def test_the_servers_clock_counts(limiter: Limiter, redis: Redis, address: str) -> None:
    question = limiter.question(DEFAULT, address)
    assert question
    clock = Run(CLOCK, question.key)

    [before] = await redis.ask(clock)
    [(_, now, _)] = await redis.ask(question)
    [after] = await redis.ask(clock)

    assert before <= now <= after


async def test_policies_and_subjects_have_budgets_of_their_own(limiter: Limiter) -> None:
    address, neighbour = f"address:{uuid4()}", f"address:{uuid4()}"
    await allowed(limiter, address, 4)

    assert (await limiter.charge(LOGIN, address)).allowed
    assert (await limiter.charge(DEFAULT, neighbour)).allowed
    assert not (await limiter.charge(DEFAULT, address)).allowed


async def test_a_denied_request_writes_nothing_and_what_is_written_expires(
    limiter: Limiter, redis: Redis, address: str
) -> None:
    look = Run(STORED, f"throttle:default:{address}")
    await allowed(limiter, address, 3)
    [[stored, lifetime]] = await redis.ask(look)
    await allowed(limiter, address, 5)
    [[afterwards, less]] = await redis.ask(look)

    assert stored == afterwards
    assert len(stored) == 2 * len(SETTINGS.throttle_anonymous.each)
    assert 0 < less <= lifetime <= 2 * HOUR


async def test_without_redis_the_process_holds_the_same_tiers(
    other_redis: Redis, address: str
) -> None:
    limiter = Limiter(other_redis, SETTINGS)
    shared = await limiter.charge(DEFAULT, address)
    break_down(other_redis)
    before = counted("throttle_fallback_total")

    verdicts = [await limiter.charge(DEFAULT, address) for _ in range(4)]

    assert [each.allowed for each in verdicts] == [True, True, True, False]
    assert verdicts[0].headers == shared.headers
    assert verdicts[-1].retry_after > 60  # the next minute begins with the last one's weight
    assert counted("throttle_fallback_total")[()] == before.get((), 0) + 4


async def test_when_redis_is_back_its_counts_hold_again(other_redis: Redis, address: str) -> None:
    limiter = Limiter(other_redis, SETTINGS)
    await allowed(limiter, address, 3)
    break_down(other_redis)
    assert await allowed(limiter, address, 1) == [True]

    other_redis.breaker.succeeded()

    assert await allowed(limiter, address, 1) == [False]


async def test_taking_over_and_handing_back_are_each_logged_once(
    other_redis: Redis, address: str
) -> None:
    limiter = Limiter(other_redis, SETTINGS)
    with capture_logs() as logged:
        await allowed(limiter, address, 2)
        assert logged == []
        break_down(other_redis)
        await allowed(limiter, address, 5)
        other_redis.breaker.succeeded()
        await allowed(limiter, address, 5)

    assert [(each["log_level"], each["event"]) for each in logged] == [
        ("warning", "throttling_in_process"),
        ("info", "throttling_shared_again"),
    ]


async def test_throttling_that_is_off_asks_nobody(other_redis: Redis, address: str) -> None:
    limiter = Limiter(other_redis, OFF)

    assert limiter.question(DEFAULT, address) is None
    assert await limiter.charge(DEFAULT, address) == UNLIMITED
    break_down(other_redis)
    assert limiter.here(DEFAULT, address) == UNLIMITED


async def test_decisions_are_counted(limiter: Limiter, address: str) -> None:
    before = counted("throttle_decisions_total")

    await allowed(limiter, address, 5)

    after = counted("throttle_decisions_total")
    gained = {each: after[each] - before.get(each, 0) for each in after}
    assert gained == {("passed",): 3, ("denied",): 2}
