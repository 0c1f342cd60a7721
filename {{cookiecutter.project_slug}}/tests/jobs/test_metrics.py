"""What there is to do is read when somebody scrapes."""

import pytest
from httpx2 import AsyncClient
from sqlalchemy.exc import DBAPIError

from app.core.database import Database
from app.jobs.repository import JobRepository
from tests.jobs.conftest import Clumsy, add, execute, noting
from tests.observability.scrapes import scrape, value

MIXED = """
    UPDATE procrastinate_jobs SET scheduled_at = now() - interval '90 seconds'
        WHERE task_name = 'late';
    UPDATE procrastinate_jobs SET scheduled_at = now() + interval '90 seconds'
        WHERE task_name = 'later';
    UPDATE procrastinate_jobs SET status = 'doing' WHERE task_name = 'doing';
    UPDATE procrastinate_jobs SET status = 'failed', scheduled_at = now() - interval '1 day'
        WHERE task_name = 'failed';
    INSERT INTO procrastinate_workers (last_heartbeat)
        VALUES (now() - interval '1 second'), (now() - interval '1 hour')
"""


async def test_a_scrape_tells_how_many_there_are_and_how_long_the_first_has_waited(
    jobs_database: Database, client: AsyncClient
) -> None:
    jobs = [noting(Clumsy(), name=name) for name in ("late", "doing", "failed", "later", "todo")]
    await add(jobs_database, *jobs)
    await execute(jobs_database, MIXED)

    series = await scrape(client)

    counted = {
        state: value(series, "job_queue", state=state)
        for state in ("waiting", "scheduled", "running", "failed")
    }
    assert counted == {"waiting": 2, "scheduled": 1, "running": 1, "failed": 1}
    assert 90 <= value(series, "job_queue_oldest_seconds") < 120
    assert value(series, "job_workers") == 1


async def test_an_empty_queue_waits_for_nothing(
    jobs_database: Database, client: AsyncClient
) -> None:
    series = await scrape(client)

    assert value(series, "job_queue", state="waiting") == 0
    assert ("job_queue_oldest_seconds", frozenset()) in series
    assert value(series, "job_queue_oldest_seconds") == 0


async def test_without_an_answer_the_other_metrics_are_shown(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(_: JobRepository) -> None:
        raise DBAPIError.instance("", None, ConnectionError(), ConnectionError)

    monkeypatch.setattr(JobRepository, "depth", refuse)
    series = await scrape(client)

    assert not [name for name, _ in series if name.startswith("job_queue")]
    assert [name for name, _ in series if name == "db_pool_size"]
