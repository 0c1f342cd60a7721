"""A job needs a connection for as long as it runs."""

from collections.abc import Iterator

import pytest

from app.core.settings import read
from app.jobs.settings import JobSettings


@pytest.fixture(autouse=True)
def small_pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DATABASE_POOL_SIZE", "3")
    read.cache_clear()
    yield
    read.cache_clear()


@pytest.mark.parametrize(
    ("at_once", "refusals"),
    [(3, []), (4, ["JOB_CONCURRENCY: is more than DATABASE_POOL_SIZE, which is 3"])],
)
def test_more_jobs_than_connections_are_refused(at_once: int, refusals: list[str]) -> None:
    assert list(JobSettings(job_concurrency=at_once).refusals()) == refusals
