"""The rules of sessions: every use rotates the token, and a token used twice ends its family."""

from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID

from app.audit.events import Event
from app.audit.service import AuditLog
from app.core import caller
from app.core.pagination import Page, PageQuery
from app.core.settings import read
from app.sessions.errors import InvalidRefreshToken, RefreshTokenReused, SessionNotFound
from app.sessions.repository import SessionRepository
from app.sessions.schemas import Refreshed, SessionRead, Spent, Standing, Started
from app.sessions.settings import SessionSettings

# 256 bits: nothing to guess and nothing to look up in a table, so a plain hash keeps it safe.
_TOKEN_BYTES = 32


class SessionService:
    """Starts, continues, shows and ends sessions."""

    def __init__(
        self,
        sessions: SessionRepository,
        audit: AuditLog,
        settings: SessionSettings | None = None,
    ) -> None:
        self._sessions = sessions
        self._audit = audit
        self._settings = settings or read(SessionSettings)

    async def start(self, user_id: UUID) -> Started:
        """A new session, whatever others the user has (ASVS 5.0, 7.2.4)."""
        token = token_urlsafe(_TOKEN_BYTES)
        session_id = await self._sessions.add(
            user_id,
            caller.current(),
            _hash(token),
            idle=self._settings.idle,
            absolute=self._settings.absolute,
        )
        return Started(session_id, token)

    async def refresh(self, token: str) -> Refreshed:
        """Gives a new token for this one, once. Raises InvalidRefreshToken, RefreshTokenReused."""
        used, fresh = _hash(token), token_urlsafe(_TOKEN_BYTES)
        owned = await self._sessions.rotate(used, _hash(fresh), idle=self._settings.idle)
        if owned is None:
            raise await self._refused(used)
        await self._audit.record(
            Event.SESSION_REFRESHED, actor=owned.user_id, session_id=str(owned.session_id)
        )
        return Refreshed(owned.user_id, owned.session_id, fresh)

    async def end(self, session_id: UUID, user_id: UUID) -> None:
        """Holds from the next request on, on every process. Raises SessionNotFound."""
        if not await self._sessions.end(session_id, user_id):
            raise SessionNotFound
        await self._audit.record(Event.SESSION_ENDED, actor=user_id, session_id=str(session_id))

    async def end_by_token(self, token: str) -> None:
        """Ends the family of the token, used up or not; an unknown token ends nothing."""
        owned = await self._sessions.end_by_token(_hash(token))
        if owned:
            await self._audit.record(
                Event.SESSION_ENDED, actor=owned.user_id, session_id=str(owned.session_id)
            )

    async def end_all(self, user_id: UUID, but: UUID | None = None) -> None:
        """Ends what the user has, except the session `but` (ASVS 5.0, 7.4.2 and 7.4.3).

        To be called after the change that it follows from: a login that was under way with the
        old password has then either ended or sees the new one.
        """
        ended = await self._sessions.end_all(user_id, but)
        await self._audit.record(Event.SESSION_ALL_ENDED, sessions=ended, user_id=str(user_id))

    async def page(
        self, user_id: UUID, current: UUID | None, query: PageQuery
    ) -> Page[SessionRead]:
        """The user's live sessions, the last used first (ASVS 5.0, 7.5.2)."""
        return Page[SessionRead].of(await self._sessions.page(user_id, current, query), query)

    async def standing(self, session_id: UUID) -> Standing | None:
        """The owner of the session as of now; None when it is over."""
        return await self._sessions.standing(session_id)

    async def _refused(self, used: bytes) -> InvalidRefreshToken:
        """Why a token is worth nothing; ends its family unless the use is excused.

        RFC 9700, 4.14.2: whoever comes second, thief or owner, the family cannot be trusted.
        """
        spent = await self._sessions.spent(used, self._settings.leeway)
        if spent is None or spent.excused:
            return InvalidRefreshToken()
        await self._betrayed(spent)
        return RefreshTokenReused()

    async def _betrayed(self, spent: Spent) -> None:
        if await self._sessions.end(spent.session_id, spent.user_id):
            await self._audit.record(
                Event.SESSION_REUSE_DETECTED,
                actor=spent.user_id,
                session_id=str(spent.session_id),
            )


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
