"""Works off the queue until it is told to stop, and takes over what dead workers left."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Never

import psycopg
import structlog
from fastapi import FastAPI
from procrastinate import App
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job as Row
from procrastinate.jobs import Status

from app.core.database import Database
from app.core.settings import DatabaseSettings, read
from app.jobs.job import Work
from app.jobs.settings import JobSettings
from app.jobs.tasks import assembled

GRACE_SECONDS = 8
_HEARTBEAT_SECONDS = 5
_STALLED_SECONDS = 20
_RESCUE_SECONDS = 10
_PAUSE_SECONDS = 1
_POLL_SECONDS = 5  # for what a pooler keeps from us, and what is due later

log = structlog.get_logger()


class WorkerDied(Exception):
    """Nobody has heard of the worker that had begun this job."""


async def work(jobs: Sequence[Work], database: Database) -> Never:
    """Until it is cancelled; what runs then has some seconds to end, or is queued again.

    Waits for a PostgreSQL that is away.
    """
    while True:
        app = assembled(jobs, database, read(DatabaseSettings).address)
        try:
            async with app.open_async():
                await _first_failure(
                    _rescue_again_and_again(app), _fetch(app, [each.name for each in jobs])
                )
        except (ConnectorException, psycopg.Error):
            log.warning("job_queue_lost", exc_info=True)
        if (task := asyncio.current_task()) and task.cancelling():
            raise asyncio.CancelledError  # whose place an error at the end has taken
        await asyncio.sleep(_PAUSE_SECONDS)


async def _first_failure(*parts: Awaitable[Never]) -> None:
    """Raises it, once all have ended. A TaskGroup of Python 3.12 would leave us cancelled."""
    tasks = [asyncio.ensure_future(part) for part in parts]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()  # once: a second time would cut off what comes to its end
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    for failure in filter(lambda outcome: isinstance(outcome, Exception), outcomes):
        raise failure


async def _fetch(app: App, queues: Sequence[str]) -> Never:
    await app.run_worker_async(
        queues=queues,
        concurrency=read(JobSettings).job_concurrency,
        fetch_job_polling_interval=_POLL_SECONDS,
        delete_jobs="successful",
        shutdown_graceful_timeout=GRACE_SECONDS,
        update_heartbeat_interval=_HEARTBEAT_SECONDS,
        stalled_worker_timeout=_STALLED_SECONDS,
        install_signal_handlers=False,
    )
    raise ConnectorException("A part of the worker has ended.")


async def _rescue_again_and_again(app: App) -> Never:
    while True:
        await rescue(app)
        await asyncio.sleep(_RESCUE_SECONDS)


async def rescue(app: App) -> None:
    """What dead workers had begun is tried again, or has failed if that was its last attempt."""
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_STALLED_SECONDS)
    for row in stalled:
        with suppress(ConnectorException, TimeoutError):  # who has it lives, or another was first
            async with asyncio.timeout(_RESCUE_SECONDS):
                await _begin_again(app, row)


async def _begin_again(app: App, row: Row) -> None:
    if (task := app.tasks.get(row.task_name)) is None:
        return
    log.warning("job_rescued", job=row.task_name, job_id=row.id, attempt=row.attempts + 1)
    if again := task.get_retry_exception(WorkerDied(), row):
        await app.job_manager.retry_job(row, retry_at=again.retry_decision.retry_at)
    else:
        await app.job_manager.finish_job(row, Status.FAILED, delete_job=False)


def beside(app: FastAPI, jobs: Sequence[Work]) -> None:
    """Has the application work too, as long as it is started: for development."""
    started = app.router.lifespan_context

    @asynccontextmanager
    async def working(app: FastAPI) -> AsyncIterator[None]:
        async with started(app):
            task = asyncio.create_task(work(jobs, app.state.database))
            yield
            task.cancel()
            await asyncio.wait([task])

    app.router.lifespan_context = working
