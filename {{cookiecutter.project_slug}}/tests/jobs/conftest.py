"""An empty queue, jobs to try it with, and a worker that ends when there is nothing left to do."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import pytest
from procrastinate import App
from pydantic import BaseModel
from sqlalchemy import RowMapping, text

from app.core.database import Database
from app.core.unit_of_work import UnitOfWork
from app.jobs.dependencies import queue
from app.jobs.job import Job, Work
from app.jobs.repository import JobRepository
from app.jobs.tasks import assembled
from app.mail.dependencies import outbox
from app.mail.messages import Message

type Worked = Callable[..., Awaitable[None]]
type Rows = Callable[[], Awaitable[Sequence[RowMapping]]]
EMPTY = """
    DELETE FROM procrastinate_periodic_defers; DELETE FROM procrastinate_jobs;
    DELETE FROM procrastinate_workers
"""


class Note(BaseModel):
    """What a job is to write down."""

    words: str = ""


class Clumsy:
    """Writes a mail to nobody, the first times in vain; `runs` counts every time."""

    def __init__(self, fails: int = 0) -> None:
        self.fails = fails
        self.runs = 0

    async def __call__(self, work: UnitOfWork, note: Note) -> None:
        self.runs += 1
        message = Message(note.words, "", "")
        await outbox(work.session).queue("nobody@example.com", message)
        if self.runs <= self.fails:
            raise LookupError(note.words)


def noting(run: Callable[[UnitOfWork, Note], Awaitable[None]], **how: Any) -> Job[Note]:
    return Job(name=how.pop("name", "test.note"), arguments=Note, run=run, **how)


async def add(database: Database, *jobs: Job[Note], words: str = "") -> None:
    async with database.unit_of_work() as work:
        for job in jobs:
            await queue(work.session).add(job, Note(words=words))


async def execute(database: Database, statement: str) -> None:
    async with database.engine.begin() as connection:
        for each in statement.split(";"):
            await connection.execute(text(each))


async def empty(database: Database) -> None:
    await execute(database, EMPTY)


async def at_once(database: Database) -> None:
    """What waits for its time is due."""
    await execute(database, "UPDATE procrastinate_jobs SET scheduled_at = now()")


@pytest.fixture
async def jobs_database(database: Database) -> AsyncIterator[Database]:
    """The service's own database, without a job before and after the test."""
    await empty(database)
    yield database
    await empty(database)


@pytest.fixture
def worked(jobs_database: Database, address: str) -> Worked:
    """Works off what is due, and ends."""

    async def work(*jobs: Work) -> None:
        app = assembled(jobs, jobs_database, address)
        async with app.open_async():
            await until_idle(app, jobs)

    return work


async def until_idle(app: App, jobs: Sequence[Work]) -> None:
    async with asyncio.timeout(20):
        await app.run_worker_async(
            queues=[job.name for job in jobs],
            wait=False,
            delete_jobs="successful",
            listen_notify=False,
            install_signal_handlers=False,
        )


@pytest.fixture
def rows(jobs_database: Database) -> Rows:
    """Every job that is there, the newest first."""

    async def read() -> Sequence[RowMapping]:
        async with jobs_database.reading() as session:
            return await JobRepository(session).list(None, 100)

    return read
