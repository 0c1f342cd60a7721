"""What is past its time in the audit log: not the events, but where people were."""

from app.audit.repository import AuditRepository
from app.audit.settings import AuditSettings
from app.core.database import Database
from app.core.settings import read


async def whereabouts(database: Database, limit: int) -> int:
    """Empties the addresses and user agents of old events."""
    async with database.unit_of_work() as work:
        await work.as_system()
        retention = read(AuditSettings).retention
        return await AuditRepository(work.session).forget_older_than(retention, limit)
