"""How another room gets the queue."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.jobs.repository import JobRepository
from app.jobs.service import Queue


def queue(session: AsyncSession) -> Queue:
    """Queues in the transaction of `session`: no job without its cause."""
    return Queue(JobRepository(session))
