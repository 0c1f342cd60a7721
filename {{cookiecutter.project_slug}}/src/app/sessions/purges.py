"""What becomes of expired sessions: their tokens go first, then they do."""

from sqlalchemy import delete, exists, func, select

from app.core.database import Database
from app.sessions.models import RefreshToken, Session

_OVER = Session.expires_at < func.now()


async def tokens(database: Database, size: int) -> int:
    """Deletes at most `size` tokens of sessions past their time."""
    # A CTE is read once; a plain subquery may be read again, and finds other rows after each lock.
    ripe = (
        select(RefreshToken.hash)
        .join(Session, Session.id == RefreshToken.session_id)
        .where(_OVER)
        .limit(size)
        .with_for_update(of=RefreshToken, skip_locked=True)
        .cte("ripe")
    )
    async with database.unit_of_work() as work:
        gone = await work.session.execute(
            delete(RefreshToken)
            .where(RefreshToken.hash.in_(select(ripe.c.hash)))
            .returning(RefreshToken.hash)
            .execution_options(synchronize_session=False)
        )
        return len(gone.all())


async def sessions(database: Database, size: int) -> int:
    """Deletes at most `size` sessions past their time that have no tokens any more."""
    empty = ~exists().where(RefreshToken.session_id == Session.id)
    ripe = (
        select(Session.id)
        .where(_OVER, empty)
        .limit(size)
        .with_for_update(skip_locked=True)
        .cte("ripe")
    )
    async with database.unit_of_work() as work:
        gone = await work.session.execute(
            delete(Session)
            .where(Session.id.in_(select(ripe.c.id)))
            .returning(Session.id)
            .execution_options(synchronize_session=False)
        )
        return len(gone.all())
