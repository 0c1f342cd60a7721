"""The jobs of all features as tasks of procrastinate, on connections of its own."""

import logging
import random
from asyncio import CancelledError
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.jobs import Job as Row
from sqlalchemy.engine import make_url

from app.commands import purge
from app.core.database import Database
from app.core.feature import Feature, Purge, contributions
from app.jobs.job import Job, Periodic, Work
from app.jobs.performing import perform

FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(hours=1)
_HOURLY = "7 * * * *"
_PURGE_BATCH = 1000
# Prepares nothing, so that a pooler may stand between, and notices a network that fell silent.
_CONNECTION = {"prepare_threshold": None, "connect_timeout": 5, "tcp_user_timeout": 30_000}


class Backoff(BaseRetryStrategy):
    """Each wait is twice the one before, less up to half: what failed together spreads out."""

    def __init__(self, attempts: int) -> None:
        self._attempts = attempts

    def get_retry_decision(self, *, exception: BaseException, job: Row) -> RetryDecision | None:
        """None after the last attempt; at once for what a stop has cut off."""
        if isinstance(exception, CancelledError):
            return RetryDecision(retry_at=datetime.now(UTC))
        if job.attempts + 1 >= self._attempts:
            return None
        wait = min(FIRST_WAIT * 2 ** min(job.attempts, 30), LONGEST_WAIT)
        jitter = random.uniform(0.5, 1)  # noqa: S311 - no secret
        return RetryDecision(retry_at=datetime.now(UTC) + wait * jitter)


def contributed(features: Iterable[Feature]) -> Sequence[Work]:
    """The JOBS of these features, and each of their purges, once an hour."""
    purges = contributions(features, "PURGES", Purge)
    return contributions(features, "JOBS", Work) + [
        Periodic(
            name=f"purge.{each.name}",
            cron=_HOURLY,
            run=partial(_purge, each),
            priority=-10,
            seconds=600,
        )
        for each in purges
    ]


async def _purge(each: Purge, database: Database) -> None:
    await purge.run([each], database, _PURGE_BATCH)


def assembled(jobs: Iterable[Work], database: Database, address: str) -> App:
    """What procrastinate's worker runs; it speaks psycopg only, our jobs use `database`."""
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    logging.getLogger("procrastinate.worker").addFilter(_is_not_about_a_job)
    app = App(
        connector=PsycopgConnector(
            conninfo=conninfo(address), min_size=1, max_size=4, kwargs=_CONNECTION
        )
    )
    for each in jobs:
        _register(app, each, database)
    return app


def conninfo(address: str) -> str:
    """As libpq spells it; `ssl` is asyncpg's name for `sslmode`."""
    given = make_url(address).set(drivername="postgresql")
    if mode := given.query.get("ssl"):
        given = given.difference_update_query(["ssl"]).update_query_dict({"sslmode": mode})
    return given.render_as_string(hide_password=False)


def _register(app: App, work: Work, database: Database) -> None:
    async def run(context: JobContext, /, timestamp: int = 0, **args: Any) -> None:  # noqa: ANN401 - JSON
        del timestamp  # at which a periodic job was due
        row = context.job
        if row.id is not None:  # it was stored, so it has one
            await perform(work, database, row.id, row.attempts + 1, args)

    task = app.task(
        name=work.name,
        queue=work.name,
        priority=work.priority,
        retry=isinstance(work, Job) and Backoff(work.attempts),
        pass_context=True,
    )(run)
    if isinstance(work, Periodic):
        # One waits and one runs at most, however late the workers are.
        app.periodic(cron=work.cron, queueing_lock=work.name, lock=work.name)(task)


def _is_not_about_a_job(record: logging.LogRecord) -> bool:
    """Each attempt is told of by `performing`, without its arguments."""
    return not str(getattr(record, "action", "")).startswith("job_")
