"""What a worker that died had begun is another's; what its stop cuts off is queued again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
import structlog
from fastapi import FastAPI
from sqlalchemy import text

from app.core.database import Database
from app.core.settings import read
from app.core.unit_of_work import UnitOfWork
from app.jobs import worker
from app.jobs.job import Work
from app.jobs.tasks import assembled
from tests.jobs.conftest import Clumsy, Note, Rows, Worked, add, execute, noting

DEAD = """
    WITH dead AS (
        INSERT INTO procrastinate_workers (last_heartbeat)
        VALUES (now() - interval '1 hour') RETURNING id
    ) UPDATE procrastinate_jobs SET status = 'doing', worker_id = dead.id FROM dead
"""
ALIVE = DEAD.replace("1 hour", "5 seconds")


@pytest.fixture(autouse=True)
def own_database(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    read.cache_clear()


async def rescued(database: Database, address: str, *jobs: Work) -> None:
    app = assembled(jobs, database, address)
    async with app.open_async():
        await worker.rescue(app)


async def test_a_dead_workers_job_is_done_by_another(
    jobs_database: Database, address: str, rows: Rows, worked: Worked
) -> None:
    job = noting(run := Clumsy())
    await add(jobs_database, job)
    await execute(jobs_database, DEAD)

    await rescued(jobs_database, address, job)
    assert [(row["status"], row["attempts"]) for row in await rows()] == [("todo", 1)]
    await execute(jobs_database, "UPDATE procrastinate_jobs SET scheduled_at = now()")
    await worked(job)

    assert (run.runs, await rows()) == (1, [])


async def test_a_job_that_kills_every_worker_fails_after_its_last_attempt(
    jobs_database: Database, address: str, rows: Rows
) -> None:
    job = noting(Clumsy(), attempts=2)
    await add(jobs_database, job)

    for _ in range(2):
        await execute(jobs_database, DEAD)
        await rescued(jobs_database, address, job)

    assert [(row["status"], row["attempts"]) for row in await rows()] == [("failed", 2)]


async def test_the_job_of_a_worker_that_lives_is_left_to_it(
    jobs_database: Database, address: str, rows: Rows
) -> None:
    job = noting(Clumsy())
    await add(jobs_database, job)
    await execute(jobs_database, ALIVE)

    await rescued(jobs_database, address, job)

    assert [row["status"] for row in await rows()] == ["doing"]


@asynccontextmanager
async def working(database: Database, *jobs: Work) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(worker.work(jobs, database))
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_stop_lets_a_job_come_to_its_end(jobs_database: Database, rows: Rows) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def wait(_: UnitOfWork, __: Note) -> None:
        begun.set()
        await may_end.wait()

    job = noting(wait)
    await add(jobs_database, job)
    async with asyncio.timeout(20), working(jobs_database, job) as task:
        await begun.wait()
        task.cancel()
        asyncio.get_running_loop().call_later(0.2, may_end.set)

    assert await rows() == []


async def test_what_does_not_end_in_time_is_cut_off_and_queued_again(
    jobs_database: Database, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "GRACE_SECONDS", 0.05)
    begun = asyncio.Event()

    async def wait(_: UnitOfWork, __: Note) -> None:
        begun.set()
        await asyncio.sleep(60)

    job = noting(wait, attempts=1)
    await add(jobs_database, job)
    async with asyncio.timeout(20), working(jobs_database, job):
        await begun.wait()

    assert [row["status"] for row in await rows()] == ["todo"]


async def until(database: Database, question: str) -> None:
    """PostgreSQL answers yes."""
    answer = False
    async with asyncio.timeout(20):
        while not answer:
            async with database.reading() as session:
                answer = bool(await session.scalar(text(f"SELECT {question}")))
            await asyncio.sleep(0.01)


LISTENING = """EXISTS (
    SELECT FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()
)"""
REGISTERED = "EXISTS (SELECT FROM procrastinate_workers)"


async def test_a_waiting_worker_hears_of_a_job_at_its_commit(
    jobs_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_POLL_SECONDS", 600)
    done = asyncio.Event()

    async def note(_: UnitOfWork, __: Note) -> None:
        done.set()

    job = noting(note)
    async with working(jobs_database, job):
        await until(jobs_database, LISTENING)
        await add(jobs_database, job)
        async with asyncio.timeout(20):
            await done.wait()


async def test_a_queue_that_was_away_is_worked_off_when_it_is_back(
    jobs_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_POLL_SECONDS", 0.01)
    monkeypatch.setattr(worker, "_PAUSE_SECONDS", 0.01)
    done = asyncio.Event()

    async def note(_: UnitOfWork, __: Note) -> None:
        done.set()

    job = noting(note)
    with structlog.testing.capture_logs() as lines:
        async with asyncio.timeout(20), working(jobs_database, job):
            await until(jobs_database, REGISTERED)
            await execute(jobs_database, "ALTER TABLE procrastinate_jobs RENAME TO away")
            try:
                while not lines:  # noqa: ASYNC110 - nobody else is told
                    await asyncio.sleep(0.01)
            finally:
                await execute(jobs_database, "ALTER TABLE away RENAME TO procrastinate_jobs")
            await add(jobs_database, job)
            await done.wait()
    assert lines[0]["event"] == "job_queue_lost"


async def test_a_stop_is_heard_while_the_queue_is_away(jobs_database: Database) -> None:
    async with working(jobs_database, noting(Clumsy())) as task:
        await until(jobs_database, REGISTERED)
        await execute(jobs_database, "ALTER TABLE procrastinate_workers RENAME TO away")
        try:
            task.cancel()
            await asyncio.wait([task], timeout=20)
        finally:
            await execute(jobs_database, "ALTER TABLE away RENAME TO procrastinate_workers")
        assert task.cancelled()


async def test_an_application_may_work_beside_its_requests(
    jobs_database: Database, address: str
) -> None:
    done = asyncio.Event()

    async def note(_: UnitOfWork, __: Note) -> None:
        done.set()

    @asynccontextmanager
    async def opened(app: FastAPI) -> AsyncIterator[None]:
        app.state.database = jobs_database
        yield

    job = noting(note)
    await add(jobs_database, job)
    app = FastAPI(lifespan=opened)
    worker.beside(app, [job])
    async with asyncio.timeout(20), app.router.lifespan_context(app):
        await done.wait()
