"""`app jobs` shows what is there, and queues again what failed."""

import asyncio
from collections.abc import Iterator

import pytest

from app.core.database import Database
from app.jobs.repository import JobRepository
from tests.commands.conftest import Run, run
from tests.jobs.conftest import Clumsy, add, empty, execute, noting

__all__ = ["run"]  # a fixture


FAILED = """
    UPDATE procrastinate_jobs SET status = 'doing', attempts = 7;
    UPDATE procrastinate_jobs SET status = 'failed'
"""


@pytest.fixture
def failed(address: str) -> Iterator[int]:
    """The number of a job that has failed, beside another that waits."""

    async def prepare() -> int:
        async with Database(address) as database:
            await empty(database)
            await add(database, noting(Clumsy(), name="test.failed"), words="hello")
            await execute(database, FAILED)
            await add(database, noting(Clumsy(), name="test.waiting"))
            async with database.reading() as session:
                [row] = await JobRepository(session).list("failed", 1)
                return int(row["id"])

    async def leave() -> None:
        async with Database(address) as database:
            await empty(database)

    yield asyncio.run(prepare())
    asyncio.run(leave())


def test_jobs_are_listed_newest_first_and_by_status(run: Run, address: str, failed: int) -> None:
    everything = run("jobs", "list", DATABASE_URL=address)
    chosen = run("jobs", "list", "--status", "failed", DATABASE_URL=address)

    assert [line.split()[1] for line in everything.output.splitlines()] == [
        "test.waiting",
        "test.failed",
    ]
    [line] = chosen.output.splitlines()
    assert line.split()[:4] == [str(failed), "test.failed", "failed", "7"]
    assert line.endswith('{"words":"hello"}')


def test_what_failed_begins_again_with_its_first_attempt(
    run: Run, address: str, failed: int
) -> None:
    result = run("jobs", "retry", str(failed), DATABASE_URL=address)

    assert (result.exit_code, result.output) == (0, f"queued again: {failed}\n")
    listed = run("jobs", "list", "--status", "todo", DATABASE_URL=address).output
    assert [line.split()[3] for line in listed.splitlines()] == ["0", "0"]


def test_what_has_not_failed_is_named_and_the_others_are_queued(
    run: Run, address: str, failed: int
) -> None:
    result = run("jobs", "retry", str(failed), "1000000", DATABASE_URL=address)

    assert result.exit_code == 2
    assert f"queued again: {failed}" in result.output
    assert "there is no failed job 1000000" in result.output
