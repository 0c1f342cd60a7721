"""What becomes of expired sessions: their tokens go first, then they do."""

from sqlalchemy import exists, func, select

from app.core.database import Database
from app.core.purges import delete_batch
from app.sessions.models import RefreshToken, Session

_OVER = Session.expires_at < func.now()


async def tokens(database: Database, size: int) -> int:
    """Deletes at most `size` tokens of sessions past their time."""
    of_session = Session.id == RefreshToken.session_id
    ripe = select(RefreshToken.hash).join(Session, of_session).where(_OVER)
    return await delete_batch(database, RefreshToken.hash, ripe, size)


async def sessions(database: Database, size: int) -> int:
    """Deletes at most `size` sessions past their time that have no tokens any more."""
    empty = ~exists().where(RefreshToken.session_id == Session.id)
    return await delete_batch(database, Session.id, select(Session.id).where(_OVER, empty), size)
