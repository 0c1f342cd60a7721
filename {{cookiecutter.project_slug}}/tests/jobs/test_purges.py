"""What failed is kept for a while."""

from app.core.database import Database
from app.jobs import purges
from tests.jobs.conftest import Clumsy, Rows, add, execute, noting

FAILED = """
    UPDATE procrastinate_jobs SET status = 'doing';
    UPDATE procrastinate_jobs SET status = 'failed' WHERE task_name <> 'waits';
    UPDATE procrastinate_events SET at = now() - interval '91 days'
        WHERE job_id IN (SELECT id FROM procrastinate_jobs WHERE task_name <> 'fails')
"""


async def test_a_job_is_deleted_when_it_failed_long_ago(
    jobs_database: Database, rows: Rows
) -> None:
    names = ("waits", "fails", "failed1", "failed2")
    await add(jobs_database, *(noting(Clumsy(), name=name) for name in names))
    await execute(jobs_database, FAILED)

    assert [await purges.failed(jobs_database, 1) for _ in range(3)] == [1, 1, 0]

    assert {row["name"] for row in await rows()} == {"waits", "fails"}
