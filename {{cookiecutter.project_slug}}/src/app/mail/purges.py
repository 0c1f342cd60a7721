"""Which messages and tokens are past their time."""

from datetime import timedelta

from app.core.database import Database
from app.mail.one_time_repository import OneTimeTokenRepository
from app.mail.repository import MailRepository

_KEPT = timedelta(days=7)  # to answer "did you get it?"


async def messages(database: Database, limit: int) -> int:
    """Deletes messages that were done with a week ago; those that wait are never purged."""
    async with database.unit_of_work() as work:
        return await MailRepository(work.session).delete_finished(_KEPT, limit)


async def tokens(database: Database, limit: int) -> int:
    """Deletes one-time tokens that have expired, used or not."""
    async with database.unit_of_work() as work:
        return await OneTimeTokenRepository(work.session).delete_expired(limit)
