"""What becomes of counters that nobody added to for a long time."""

from sqlalchemy import delete, func, or_, select

from app.auth.models import LoginFailures
from app.auth.repository import QUIET
from app.core.database import Database

_OVER = (
    LoginFailures.last_failed_at < func.now() - QUIET,
    or_(LoginFailures.locked_until.is_(None), LoginFailures.locked_until < func.now()),
)


async def failures(database: Database, size: int) -> int:
    """Deletes at most `size` counters that would start again anyway."""
    # A CTE is read once; a plain subquery may be read again, and finds other rows after each lock.
    ripe = (
        select(LoginFailures.key)
        .where(*_OVER)
        .limit(size)
        .with_for_update(skip_locked=True)
        .cte("ripe")
    )
    async with database.unit_of_work() as work:
        gone = await work.session.execute(
            delete(LoginFailures)
            .where(LoginFailures.key.in_(select(ripe.c.key)))
            .returning(LoginFailures.key)
            .execution_options(synchronize_session=False)
        )
        return len(gone.all())
