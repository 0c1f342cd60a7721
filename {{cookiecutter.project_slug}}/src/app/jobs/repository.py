"""The queries of jobs, on procrastinate's tables: see `migrations/versions/0010_jobs.sql`."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

# Each kind has a queue of its own: during a deploy, a worker leaves alone what it does not know.
# Always with a time, so that a job says since when it is due.
_ADD = text("""
    SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(
        CAST(:name AS varchar), CAST(:name AS varchar), CAST(:priority AS integer), NULL, NULL,
        CAST(:args AS jsonb), now() + CAST(:after AS interval)
    )::procrastinate_job_to_defer_v1])
""")
# Whatever its status: of a job that was taken from us meanwhile nobody else may have begun.
_CLAIM = text("""
    UPDATE procrastinate_jobs SET args = args || '{"done": true}'
    WHERE id = :id AND args -> 'done' IS NULL RETURNING id
""")
_LIST = text("""
    SELECT id, task_name AS name, status::text, attempts, scheduled_at AS due,
        args -> 'arguments' AS arguments
    FROM procrastinate_jobs WHERE CAST(:status AS text) IS NULL OR status::text = :status
    ORDER BY id DESC LIMIT :limit
""")
# Beside a periodic one that waits, and holds the `queueing_lock`, there may be another.
_RETRY = text("""
    UPDATE procrastinate_jobs
    SET status = 'todo', attempts = 0, scheduled_at = now(), abort_requested = false,
        queueing_lock = NULL
    WHERE id = ANY(:ids) AND status IN ('failed', 'aborted', 'cancelled') RETURNING id
""")
_DELETE_ENDED = text("""
    DELETE FROM procrastinate_jobs WHERE id IN (
        SELECT id FROM procrastinate_jobs AS job
        WHERE status IN ('failed', 'aborted', 'cancelled') AND now() - CAST(:kept AS interval)
            > (SELECT max(at) FROM procrastinate_events WHERE job_id = job.id)
        LIMIT :size FOR UPDATE SKIP LOCKED
    ) RETURNING id
""")
_DEPTH = text("""
    SELECT
        count(*) FILTER (WHERE status = 'todo' AND due <= now()) AS waiting,
        count(*) FILTER (WHERE status = 'todo' AND due > now()) AS scheduled,
        count(*) FILTER (WHERE status = 'doing') AS running,
        count(*) FILTER (WHERE status = 'failed') AS failed,
        coalesce(greatest(extract(epoch FROM now()
            - min(due) FILTER (WHERE status = 'todo')), 0), 0)::float AS job_queue_oldest_seconds,
        (SELECT count(*) FROM procrastinate_workers
            WHERE last_heartbeat > now() - interval '30 seconds') AS job_workers
    FROM (SELECT status, coalesce(scheduled_at, now()) AS due FROM procrastinate_jobs) AS job
""")


class JobRepository:
    """Jobs in PostgreSQL."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, name: str, args: str, priority: int, after: timedelta) -> None:
        """`args` are JSON; a waiting worker hears of it at the commit."""
        given = {"name": name, "args": args, "priority": priority, "after": after}
        await self._session.execute(_ADD, given)

    async def claim(self, job_id: int) -> bool:
        """Notes in this transaction that the job is done; False when another has done it.

        Whoever runs the same job meanwhile waits for the end of this transaction.
        """
        return await self._session.scalar(_CLAIM, {"id": job_id}) is not None

    async def list(self, status: str | None, limit: int) -> Sequence[RowMapping]:
        """`id`, `name`, `status`, `attempts`, `due` and `arguments` of each, the newest first."""
        rows = await self._session.execute(_LIST, {"status": status, "limit": limit})
        return rows.mappings().all()

    async def retry(self, ids: Sequence[int]) -> Sequence[int]:
        """Those of these that had ended without success; they begin with their first attempt."""
        return (await self._session.scalars(_RETRY, {"ids": ids})).all()

    async def delete_ended(self, kept: timedelta, size: int) -> int:
        """Ended without success so long ago; how many, at most `size`."""
        gone = await self._session.scalars(_DELETE_ENDED, {"kept": kept, "size": size})
        return len(gone.all())

    async def depth(self) -> RowMapping:
        """Jobs `waiting`, `scheduled` for later, `running`, `failed`; the rest by their metrics."""
        return (await self._session.execute(_DEPTH)).mappings().one()
