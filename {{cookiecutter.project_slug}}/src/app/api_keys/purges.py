"""Which keys are past their time."""

from datetime import timedelta

from app.api_keys.repository import ApiKeyRepository
from app.core.database import Database

_KEPT = timedelta(days=30)  # to answer "which key was that?"


async def keys(database: Database, limit: int) -> int:
    """Deletes keys that were revoked or expired a month ago."""
    async with database.unit_of_work() as work:
        return await ApiKeyRepository(work.session).delete_over(_KEPT, limit)
