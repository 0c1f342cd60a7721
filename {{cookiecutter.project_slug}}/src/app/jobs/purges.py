"""Which jobs are past their time: those that failed; what succeeded is gone at once."""

from datetime import timedelta

from app.core.database import Database
from app.jobs.repository import JobRepository

_KEPT = timedelta(days=90)  # to find out why, and to try again


async def failed(database: Database, size: int) -> int:
    """Deletes at most `size` jobs that ended without success so long ago."""
    async with database.unit_of_work() as work:
        return await JobRepository(work.session).delete_ended(_KEPT, size)
