"""The rules of signing in, staying signed in and signing out."""

from uuid import UUID

from app.audit.events import Event
from app.audit.service import AuditLog
from app.auth import lockout, tokens
from app.auth.lockout import Lockout
from app.auth.login_errors import InvalidCredentials
from app.auth.repository import LoginRepository
from app.auth.schemas import TokenPair
from app.core.counts import Counts
from app.passwords.hashing import verify
from app.sessions.service import SessionService
from app.users.repository import Credentials, UserRepository

LOGINS = Counts(
    "logins_total", "Logins: passed, failed (wrong credentials), refused (a lockout).", "outcome"
)


class AuthService:
    """Trades passwords and refresh tokens for token pairs."""

    def __init__(
        self,
        logins: LoginRepository,
        users: UserRepository,
        lockout: Lockout,
        sessions: SessionService,
        audit: AuditLog,
    ) -> None:
        self._logins = logins
        self._users = users
        self._lockout = lockout
        self._sessions = sessions
        self._audit = audit

    async def login(self, email: str, password: str) -> TokenPair:
        """Starts a session. Raises InvalidCredentials, TooManyAttempts.

        The same steps for accounts that do not exist, so that no time tells (ASVS 5.0, 6.3.8).
        """
        account, wait = await self._logins.look(email, lockout.keys(email))
        if wait > 0:
            LOGINS.add("refused")
        lockout.refuse(wait)
        verdict = await verify(password, account.password_hash if account else None)
        if not (verdict.ok and account and account.is_active):
            raise await self._failed(email, account)
        if not await self._logins.confirm(account.id, account.password_hash):
            return await self.login(email, password)  # it was changed while we compared
        await self._lockout.passed(email)
        if verdict.rehashed:
            await self._users.set_password(account.id, verdict.rehashed)
        return await self._started(account.id)

    async def refresh(self, token: str) -> TokenPair:
        """Trades a refresh token, once. Raises InvalidRefreshToken, RefreshTokenReused."""
        done = await self._sessions.refresh(token)
        return _pair(done.user_id, done.session_id, done.refresh_token)

    async def logout(self, token: str) -> None:
        """Ends the session of this refresh token, current or rotated; any other text is fine."""
        await self._sessions.end_by_token(token)

    async def logout_all(self, user_id: UUID) -> None:
        """Ends every session of the user, the asking one included."""
        await self._sessions.end_all(user_id)

    async def _failed(self, email: str, account: Credentials | None) -> InvalidCredentials:
        LOGINS.add("failed")
        actor = account.id if account else None
        await self._audit.record(Event.LOGIN_FAILED, actor=actor)
        if await self._lockout.failed(email):
            await self._audit.record(Event.LOGIN_LOCKED, actor=actor)
        return InvalidCredentials()

    async def _started(self, user_id: UUID) -> TokenPair:
        LOGINS.add("passed")
        begun = await self._sessions.start(user_id)
        await self._audit.record(
            Event.LOGIN_SUCCEEDED, actor=user_id, session_id=str(begun.session_id)
        )
        return _pair(user_id, begun.session_id, begun.refresh_token)


def _pair(user_id: UUID, session_id: UUID, refresh_token: str) -> TokenPair:
    access_token, expires_in = tokens.issue(user_id, session_id)
    return TokenPair(access_token=access_token, refresh_token=refresh_token, expires_in=expires_in)
