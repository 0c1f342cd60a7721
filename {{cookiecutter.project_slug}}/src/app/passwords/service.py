"""How a password is replaced: by its owner, or by whoever reads the owner's mail."""

from secrets import token_urlsafe
from uuid import UUID

from app.audit.events import Event
from app.audit.service import AuditLog
from app.auth.lockout import Lockout
from app.core.settings import read
from app.mail.messages import password_changed, password_reset
from app.mail.one_time import OneTimeTokens
from app.mail.service import Outbox
from app.passwords.confirmation import PasswordConfirmation
from app.passwords.errors import InvalidOneTimeToken
from app.passwords.hashing import hash_password
from app.passwords.policy import refuse_own_address
from app.passwords.repository import DecoyRepository
from app.passwords.schemas import PasswordChange, PasswordReset
from app.passwords.settings import PasswordSettings
from app.sessions.service import SessionService
from app.users.repository import UserRepository


class PasswordService:
    """A new password ends the sessions that the old one, or its thief, has opened."""

    def __init__(  # noqa: PLR0913 - a password touches many rooms
        self,
        *,
        users: UserRepository,
        decoys: DecoyRepository,
        confirmation: PasswordConfirmation,
        lockout: Lockout,
        tokens: OneTimeTokens,
        outbox: Outbox,
        sessions: SessionService,
        audit: AuditLog,
    ) -> None:
        self._users = users
        self._decoys = decoys
        self._confirmation = confirmation
        self._lockout = lockout
        self._tokens = tokens
        self._outbox = outbox
        self._sessions = sessions
        self._audit = audit
        self._lifetime = read(PasswordSettings).reset

    async def change(self, user_id: UUID, session: UUID | None, change: PasswordChange) -> None:
        """Ends every other session (OWASP ASVS 5.0, 7.4.3).

        Raises WrongPassword, TooManyAttempts, TooCommon.
        """
        account = await self._confirmation.require(user_id, change.current_password)
        refuse_own_address(change.new_password, account.email, "new_password")
        hashed = await hash_password(change.new_password)  # before a connection is held
        await self._confirmation.hold(account)
        await self._users.set_password(user_id, hashed)
        await self._sessions.end_all(user_id, but=session)
        await self._audit.record(Event.PASSWORD_CHANGED)
        await self._outbox.queue(account.email, password_changed())

    async def forgot(self, email: str) -> None:
        """The same work for unknown addresses, so that time tells nothing (ASVS 5.0, 6.3.8)."""
        account = await self._users.by_email(email)
        if account is None or not account.is_active:
            await self._decoys.pretend(password_reset(token_urlsafe(), self._lifetime))
            return
        token = await self._tokens.issue(account.id, "reset", self._lifetime)
        await self._outbox.queue(account.email, password_reset(token, self._lifetime))

    async def reset(self, reset: PasswordReset) -> None:
        """Ends every session and lifts a lockout. Raises InvalidOneTimeToken, TooCommon."""
        hashed = await hash_password(reset.new_password)  # before a connection is held
        user_id = await self._tokens.redeem(reset.token, "reset")
        user = await self._users.get(user_id) if user_id else None
        if user is None:
            raise InvalidOneTimeToken
        refuse_own_address(reset.new_password, user.email, "new_password")
        await self._users.set_password(user.id, hashed)
        await self._sessions.end_all(user.id)
        await self._lockout.lift(user.email)
        await self._audit.record(Event.PASSWORD_RESET, actor=user.id)
        await self._outbox.queue(user.email, password_changed())
