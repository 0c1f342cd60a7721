"""What becomes of counters that nobody added to for a long time."""

from sqlalchemy import func, or_, select

from app.auth.models import LoginFailures
from app.auth.repository import QUIET
from app.core.database import Database
from app.core.purges import delete_batch

_OVER = (
    LoginFailures.last_failed_at < func.now() - QUIET,
    or_(LoginFailures.locked_until.is_(None), LoginFailures.locked_until < func.now()),
)


async def failures(database: Database, size: int) -> int:
    """Deletes at most `size` counters that would start again anyway."""
    ripe = select(LoginFailures.key).where(*_OVER)
    return await delete_batch(database, LoginFailures.key, ripe, size)
