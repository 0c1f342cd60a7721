"""What is owed is paid as soon as Redis takes it, and nothing is paid that came up later."""

import asyncio

import pytest
from structlog.testing import capture_logs

from app.core.cache_debt import RETRY_SECONDS, Debt
from app.core.redis import RedisUnavailable
from tests.core.fake_redis import FakeRedis, Pauses, all_waiting


@pytest.fixture
def redis() -> FakeRedis:
    return FakeRedis()


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
def debt(redis: FakeRedis, pauses: Pauses) -> Debt:
    return Debt(redis, pauses)


def owes(debt: Debt) -> bool:
    return debt.owing


async def test_a_debt_is_paid_with_a_new_epoch(debt: Debt, redis: FakeRedis) -> None:
    redis.kept["tag:epoch"] = b"old"

    debt.incur()
    assert owes(debt)
    await all_waiting()

    assert not owes(debt)
    assert redis.kept["tag:epoch"] != b"old"


async def test_it_is_tried_again_until_redis_takes_it(
    debt: Debt, redis: FakeRedis, pauses: Pauses
) -> None:
    redis.down = True
    debt.incur()
    await pauses.end()
    await pauses.end()
    assert owes(debt)

    redis.down = False
    await pauses.end()

    assert not owes(debt)
    assert set(pauses.asked) == {RETRY_SECONDS}


async def test_a_payment_under_way_pays_nothing_that_comes_up_meanwhile(
    debt: Debt, redis: FakeRedis
) -> None:
    """The new epoch may be older than the change: others may have filled the cache under it."""
    redis.answers.clear()
    debt.incur()
    await all_waiting()  # its payment hangs
    debt.incur()

    answers, redis.answers = redis.answers, asyncio.Event()  # the next one will hang too
    answers.set()
    await all_waiting()

    assert "tag:epoch" in redis.kept
    assert owes(debt)
    redis.answers.set()
    await all_waiting()
    assert not owes(debt)


async def test_a_payment_that_fails_is_told(debt: Debt, redis: FakeRedis) -> None:
    redis.down = True

    with pytest.raises(RedisUnavailable):
        await debt.pay()


async def test_the_last_try_is_at_the_end(debt: Debt, redis: FakeRedis) -> None:
    redis.down = True
    debt.incur()
    await all_waiting()

    redis.down = False
    await debt.close()

    assert not owes(debt)


async def test_what_is_left_unpaid_is_told_to_the_operator(debt: Debt, redis: FakeRedis) -> None:
    redis.down = True
    debt.incur()

    with capture_logs() as logs:
        await debt.close()

    assert [line["event"] for line in logs] == ["cache_left_outdated"]


async def test_the_log_has_a_line_for_the_beginning_and_one_for_the_end(
    debt: Debt, pauses: Pauses, redis: FakeRedis
) -> None:
    redis.down = True
    with capture_logs() as logs:
        debt.incur()
        debt.incur()
        await all_waiting()
        redis.down = False
        await pauses.end()

    assert [line["event"] for line in logs] == ["cache_distrusted", "cache_trusted"]
