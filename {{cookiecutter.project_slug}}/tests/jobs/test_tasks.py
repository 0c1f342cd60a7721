"""How features' jobs become procrastinate's tasks."""

from asyncio import CancelledError
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import cast

import pytest
from procrastinate.jobs import Job as Row

from app.core.database import Database
from app.core.feature import Feature, Purge
from app.jobs.job import Periodic
from app.jobs.tasks import FIRST_WAIT, LONGEST_WAIT, Backoff, conninfo, contributed
from app.main import FEATURES
from tests.jobs.conftest import Clumsy, noting


def row(attempts: int) -> Row:
    return Row(queue="test", task_name="test", lock=None, queueing_lock=None, attempts=attempts)


def waits(attempts: int) -> Iterator[timedelta]:
    for _ in range(50):
        decision = Backoff(99).get_retry_decision(exception=LookupError(), job=row(attempts))
        assert decision is not None
        assert decision.retry_at is not None
        yield decision.retry_at - datetime.now(UTC)


@pytest.mark.parametrize(
    ("attempts", "longest"),
    [(0, FIRST_WAIT), (1, 2 * FIRST_WAIT), (4, 16 * FIRST_WAIT), (50, LONGEST_WAIT)],
)
def test_waits_double_up_to_a_limit_and_differ(attempts: int, longest: timedelta) -> None:
    found = list(waits(attempts))

    assert longest / 2 - timedelta(seconds=1) < min(found) < max(found) <= longest
    assert max(found) - min(found) > longest / 10


def test_after_the_last_attempt_there_is_no_other() -> None:
    backoff = Backoff(3)

    assert backoff.get_retry_decision(exception=LookupError(), job=row(1))
    assert backoff.get_retry_decision(exception=LookupError(), job=row(2)) is None
    assert backoff.get_retry_decision(exception=CancelledError(), job=row(2))


async def test_every_purge_is_a_periodic_job() -> None:
    sizes: list[int] = []

    async def batch(_: Database, size: int) -> int:
        sizes.append(size)
        return size if len(sizes) < 3 else 0

    job = noting(Clumsy())
    feature = cast(Feature, SimpleNamespace(JOBS=[job], PURGES=[Purge("rows", batch)]))
    first, purge = contributed([feature])

    assert first is job
    assert isinstance(purge, Periodic)
    assert purge.name == "purge.rows"
    await purge.run(cast(Database, None))
    assert len(sizes) == 3


def test_names_are_distinct_and_fit_into_a_channel() -> None:
    """PostgreSQL's channels have at most 63 bytes, and procrastinate takes 23 of them."""
    names = [work.name for work in contributed(FEATURES)]

    assert len(names) == len(set(names))
    assert [name for name in names if len(name) > 40] == []


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("postgresql+asyncpg://me:p%40ss@db:5432/app", "postgresql://me:p%40ss@db:5432/app"),
        ("postgres://db/app?ssl=require", "postgresql://db/app?sslmode=require"),
        ("postgresql:///app?host=/run/pg", "postgresql:///app?host=%2Frun%2Fpg"),
    ],
)
def test_an_address_is_told_as_libpq_spells_it(address: str, told: str) -> None:
    assert conninfo(address) == told
