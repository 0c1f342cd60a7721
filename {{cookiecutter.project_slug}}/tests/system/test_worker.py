"""Workers as processes: killed in the middle of a job, and told to stop."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import select, text

from app.core.database import Database
from app.core.migrations import ROOT
from app.mail.models import OutgoingMessage
from tests.jobs.conftest import Rows, add, execute, jobs_database, rows
from tests.jobs.slow_worker import SLOW
from tests.system.processes import APP, KEYS, PATIENCE, Process, running, within

__all__ = ["jobs_database", "rows"]  # fixtures

pytestmark = pytest.mark.system

WORKER = [sys.executable, "-m", "tests.jobs.slow_worker"]
NOBODY_HEARS_OF_IT = "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"
DUE = "UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'"


async def until(condition: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await condition():  # noqa: ASYNC110 - other processes tell nobody
            await asyncio.sleep(0.05)


async def mails(database: Database) -> list[str]:
    async with database.reading() as session:
        return list(await session.scalars(select(OutgoingMessage.subject).order_by("id")))


async def workers(database: Database) -> int:
    async with database.reading() as session:
        return await session.scalar(text("SELECT count(*) FROM procrastinate_workers")) or 0


async def begun(process: Process) -> None:
    assert await asyncio.to_thread(within, lambda: "begun" in process.said())


async def test_a_job_whose_worker_is_killed_in_its_middle_happens_once(
    jobs_database: Database, address: str, rows: Rows, tmp_path: Path
) -> None:
    await add(jobs_database, SLOW, words="first second")
    settings = {"DATABASE_URL": address, "ENVIRONMENT": "test"}
    with running(WORKER, ROOT, tmp_path / "killed", **settings) as killed:
        await begun(killed)
        killed.kill()
        killed.ended()
    assert [row["status"] for row in await rows()] == ["doing"]
    assert await mails(jobs_database) == []

    await execute(jobs_database, NOBODY_HEARS_OF_IT)
    with running(WORKER, ROOT, tmp_path / "other", **settings) as other:

        async def queued_again() -> bool:
            return [row["status"] for row in await rows()] == ["todo"]

        await until(queued_again)
        await execute(jobs_database, DUE)
        await begun(other)

        async def gone() -> bool:
            return not await rows()

        await until(gone)

    assert await mails(jobs_database) == ["first", "second"]


async def test_a_worker_ends_well_when_it_is_told_to(
    jobs_database: Database, servers: dict[str, str], tmp_path: Path
) -> None:
    settings = {**servers, "JWT_KEYS": KEYS}
    with running([*APP, "worker"], ROOT, tmp_path / "log", **settings) as process:

        async def alive() -> bool:
            assert process.poll() is None, process.said()
            return bool(await workers(jobs_database))

        await until(alive)
        process.send_signal(signal.SIGTERM)

        assert await asyncio.to_thread(process.ended) == 0, process.said()
        assert "Traceback" not in process.said()
        assert await workers(jobs_database) == 0


def test_a_worker_refuses_unsafe_settings(address: str, tmp_path: Path) -> None:
    with running([*APP, "worker"], ROOT, tmp_path / "log", DATABASE_URL=address) as process:
        assert process.ended() == 1

    assert "JWT_KEYS: is not set" in process.said()
    assert "Traceback" not in process.said()
