"""What is queued stands and falls with the transaction that queues it."""

from datetime import timedelta

import pytest

from app.core.database import Database
from app.jobs.dependencies import queue
from tests.jobs.conftest import Clumsy, Note, Rows, Worked, noting

JOB = noting(Clumsy())


async def test_a_rollback_queues_nothing(jobs_database: Database, rows: Rows) -> None:
    with pytest.raises(LookupError):
        async with jobs_database.unit_of_work() as work:
            await queue(work.session).add(JOB, Note())
            raise LookupError

    assert await rows() == []


async def test_before_the_commit_there_is_nothing_to_see(
    jobs_database: Database, rows: Rows
) -> None:
    async with jobs_database.unit_of_work() as work:
        await queue(work.session).add(JOB, Note(words="hello"))
        assert await rows() == []

    [row] = await rows()
    assert (row["name"], row["status"], row["arguments"]) == (JOB.name, "todo", {"words": "hello"})


async def test_what_is_for_later_waits_for_its_time(
    jobs_database: Database, rows: Rows, worked: Worked
) -> None:
    async with jobs_database.unit_of_work() as work:
        await queue(work.session).add(JOB, Note(), after=timedelta(hours=1))

    await worked(JOB)

    assert [row["status"] for row in await rows()] == ["todo"]
