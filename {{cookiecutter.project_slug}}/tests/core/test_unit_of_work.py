"""One place commits: only what succeeded, and then what comes after it, once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from structlog.testing import capture_logs

from app.core.database import Database
from app.core.errors import Conflict
from app.core.unit_of_work import UnitOfWork, outdates
from tests.core.scratch import at_commit, write, written

LOCK = 4711
WAIT = f"PERFORM pg_advisory_xact_lock({LOCK})"


class Kept(Conflict):
    keeps_writes: ClassVar[bool] = True


class Notes:
    """What ran after the work."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    def ask(self, work: UnitOfWork) -> None:
        work.after_commit(self._note)
        outdates(work.session, "a")
        outdates(work.session, "a", "b")

    async def _note(self) -> None:
        self.ran.append("committed")

    async def outdate(self, *tags: str, doubtful: bool = False) -> None:
        self.ran.append(f"{'perhaps ' * doubtful}outdated {' '.join(sorted(tags))}")


@pytest.fixture
def notes(scratch: Database, monkeypatch: pytest.MonkeyPatch) -> Notes:
    notes = Notes()
    monkeypatch.setattr(scratch, "outdate", notes.outdate)
    return notes


async def test_work_that_succeeds_is_committed(scratch: Database) -> None:
    async with scratch.unit_of_work() as work:
        await write(work, 1)
        assert await written(scratch) == []

    assert await written(scratch) == [1]


async def test_any_exception_rolls_everything_back(scratch: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with scratch.unit_of_work() as work:
            await write(work, 1)
            _ = 1 / 0

    assert await written(scratch) == []


async def test_an_error_that_keeps_its_writes_is_committed_and_still_raised(
    scratch: Database, notes: Notes
) -> None:
    with pytest.raises(Kept):
        async with scratch.unit_of_work() as work:
            await write(work, 1)
            notes.ask(work)
            raise Kept

    assert (await written(scratch), notes.ran) == ([1], ["outdated a b", "committed"])


async def test_what_comes_after_the_commit_sees_it(scratch: Database) -> None:
    seen: list[list[int]] = []

    async def look() -> None:
        seen.append(await written(scratch))

    async with scratch.unit_of_work() as work:
        work.after_commit(look)
        await write(work, 1)

    assert seen == [[1]]


async def test_what_comes_after_the_commit_comes_once(scratch: Database, notes: Notes) -> None:
    async with scratch.unit_of_work() as work:
        notes.ask(work)
        await write(work, 1)
        await write(work, 2)
        assert notes.ran == []

    assert notes.ran == ["outdated a b", "committed"]


async def test_nothing_comes_after_an_exception(scratch: Database, notes: Notes) -> None:
    with pytest.raises(TimeoutError):
        async with scratch.unit_of_work() as work:
            notes.ask(work)
            await write(work, 1)
            raise TimeoutError

    assert (await written(scratch), notes.ran) == ([], [])


async def test_nothing_comes_after_a_commit_that_failed(scratch: Database, notes: Notes) -> None:
    with pytest.raises(IntegrityError):
        async with scratch.unit_of_work() as work:
            notes.ask(work)
            await write(work, 1, parent=99)

    assert (await written(scratch), notes.ran) == ([], [])


async def test_nothing_comes_after_a_commit_that_lost_to_another(
    scratch: Database, notes: Notes
) -> None:
    await at_commit(scratch, "RAISE serialization_failure")

    with pytest.raises(DBAPIError):
        async with scratch.unit_of_work() as work:
            notes.ask(work)
            await write(work, 1)

    assert (await written(scratch), notes.ran) == ([], [])


@asynccontextmanager
async def a_commit_that_waits(scratch: Database) -> AsyncIterator[None]:
    """For a lock that somebody else holds until the end of the block."""
    await at_commit(scratch, WAIT)
    async with scratch.engine.begin() as holder:
        await holder.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        yield


async def end_who_waits(database: Database) -> None:
    """Loses the connection of whoever waits for the lock, as soon as somebody does."""
    end = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE objid = :lock AND NOT granted"
    async with database.reading() as session, asyncio.timeout(5):
        while not await session.scalar(text(end), {"lock": LOCK}):  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.01)


async def test_a_commit_whose_connection_is_lost_may_have_happened(
    scratch: Database, notes: Notes
) -> None:
    async with a_commit_that_waits(scratch), asyncio.TaskGroup() as others:
        others.create_task(end_who_waits(scratch))
        with pytest.raises(DBAPIError):
            async with scratch.unit_of_work() as work:
                notes.ask(work)
                await write(work, 1)

    assert notes.ran == ["perhaps outdated a b"]


async def test_a_commit_that_ran_out_of_time_may_have_happened(
    scratch: Database, notes: Notes
) -> None:
    async with a_commit_that_waits(scratch):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1), scratch.unit_of_work() as work:
                notes.ask(work)
                await write(work, 1)

    assert notes.ran == ["perhaps outdated a b"]


async def test_what_fails_after_the_commit_is_logged_and_stops_nobody(scratch: Database) -> None:
    after: list[str] = []

    async def fail() -> None:
        raise RuntimeError

    async def note() -> None:
        after.append("ran")

    with capture_logs() as logs:
        async with scratch.unit_of_work() as work:
            work.after_commit(fail)
            work.after_commit(note)
            await write(work, 1)

    assert (await written(scratch), after) == ([1], ["ran"])
    assert [line["event"] for line in logs] == ["after_commit_failed"]
