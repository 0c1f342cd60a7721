"""The queries of sessions and their tokens; every time is the database's own."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Update, and_, exists, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.core import caller
from app.core.caller import Caller
from app.core.pagination import REACH, PageQuery, Slice
from app.core.unit_of_work import outdates
from app.sessions.models import RefreshToken, Session
from app.sessions.schemas import Owned, SessionRead, Spent, Standing
from app.users.models import Role, User

_NOW = func.clock_timestamp()
_LIVE = (Session.revoked_at.is_(None), Session.expires_at > _NOW)


class SessionRepository:
    """Sessions in PostgreSQL; of tokens it knows only hashes."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(
        self, user_id: UUID, device: Caller, token: bytes, *, idle: timedelta, absolute: timedelta
    ) -> UUID:
        """A session with its first token; gives its id."""
        rows = await self._session.execute(
            insert(Session)
            .values(
                user_id=user_id,
                expires_at=_NOW + min(idle, absolute),
                absolute_expires_at=_NOW + absolute,
                user_agent=device.user_agent or "",
                ip=device.address or "",
            )
            .returning(Session.id)
        )
        session_id = rows.scalar_one()
        await self._session.execute(insert(RefreshToken).values(hash=token, session_id=session_id))
        return session_id

    async def rotate(self, used: bytes, fresh: bytes, *, idle: timedelta) -> Owned | None:
        """Trades an unused token of a live session for a fresh one; None when there is none.

        One statement decides: of concurrent uses on any number of processes the first holds the
        token's row, and the others find it used.
        """
        spent = (
            update(RefreshToken)
            .where(RefreshToken.hash == used, RefreshToken.used_at.is_(None))
            .values(used_at=_NOW)
            .returning(RefreshToken.session_id)
            .cte("spent")
        )
        live = _prolonged(idle).where(Session.id == spent.c.session_id).cte("live")
        added = insert(RefreshToken).from_select(
            ["hash", "session_id"], select(literal(fresh), live.c.id)
        )
        rows = await self._session.execute(
            select(live.c.id, live.c.user_id).add_cte(added.cte("added"))
        )
        row = rows.one_or_none()
        return Owned(*row) if row else None

    async def spent(self, token: bytes, leeway: timedelta) -> Spent | None:
        """The live session in which this token was used up before, if there is one."""
        later = aliased(RefreshToken)
        last_used = ~exists().where(
            later.session_id == RefreshToken.session_id, later.used_at > RefreshToken.used_at
        )
        recent = RefreshToken.used_at > _NOW - leeway
        rows = await self._session.execute(
            select(Session.id, Session.user_id, and_(last_used, recent))
            .join(RefreshToken, RefreshToken.session_id == Session.id)
            .where(RefreshToken.hash == token, RefreshToken.used_at.is_not(None), *_LIVE)
        )
        row = rows.one_or_none()
        return Spent(*row) if row else None

    async def end(self, session_id: UUID, user_id: UUID) -> bool:
        """Whether the user had such a live session."""
        return bool(await self._end(Session.id == session_id, Session.user_id == user_id))

    async def end_by_token(self, token: bytes) -> Owned | None:
        """The live session that the token, used up or not, belonged to."""
        of_session = RefreshToken.session_id == Session.id
        ended = await self._end(RefreshToken.hash == token, of_session)
        return ended[0] if ended else None

    async def end_all(self, user_id: UUID, but: UUID | None) -> int:
        """How many live sessions there were."""
        others = [Session.id != but] if but else []
        return len(await self._end(Session.user_id == user_id, *others))

    async def page(
        self, user_id: UUID, current: UUID | None, query: PageQuery
    ) -> Slice[SessionRead]:
        """The user's live sessions, the last used first."""
        mine = (Session.user_id == user_id, *_LIVE)
        counted = select(Session.id).where(*mine).limit(REACH + 1).subquery()
        total = await self._session.scalar(select(func.count()).select_from(counted))
        rows = await self._session.execute(
            select(
                Session.id,
                Session.created_at,
                Session.last_used_at,
                Session.expires_at,
                Session.user_agent,
                Session.ip,
                (Session.id == current).label("current"),
            )
            .where(*mine)
            .order_by(Session.last_used_at.desc(), Session.id.desc())
            .limit(query.limit)
            .offset(query.offset)
        )
        return Slice([SessionRead.model_validate(row) for row in rows], total or 0)

    async def standing(self, session_id: UUID) -> Standing | None:
        """Who owns this live session and what they are, by one look-up of two primary keys."""
        rows = await self._session.execute(
            select(User.id, User.role, User.is_active, Session.expires_at)
            .join(Session, Session.user_id == User.id)
            .where(Session.id == session_id, *_LIVE)
        )
        row = rows.one_or_none()
        if row is None:
            return None
        return Standing(row.id, Role(row.role), row.is_active, row.expires_at)

    async def _end(self, *conditions: ColumnElement[bool]) -> list[Owned]:
        """The live sessions that there were; what the cache says of their owners is over too."""
        rows = await self._session.execute(
            update(Session)
            .where(*conditions, *_LIVE)
            .values(revoked_at=_NOW)
            .returning(Session.id, Session.user_id)
        )
        ended = [Owned(*row) for row in rows]
        outdates(self._session, *(caller.tag(each.user_id) for each in ended))
        return ended


def _prolonged(idle: timedelta) -> Update:
    """Live sessions of active users, used now; no use takes one past its absolute end."""
    return (
        update(Session)
        .where(*_LIVE, User.id == Session.user_id, User.is_active)
        .values(
            last_used_at=_NOW,
            expires_at=func.least(Session.absolute_expires_at, _NOW + idle),
        )
        .returning(Session.id, Session.user_id)
    )
