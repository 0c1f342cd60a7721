"""How accounts come into being, and how an address proves that it reads its mail."""

from uuid import UUID

from app.audit.events import Event
from app.audit.service import AuditLog
from app.core.settings import read
from app.mail.messages import email_verification
from app.mail.one_time import OneTimeTokens
from app.mail.service import Outbox
from app.passwords.errors import InvalidOneTimeToken
from app.passwords.hashing import hash_password
from app.passwords.policy import refuse_own_address
from app.users.repository import UserRepository
from app.users.schemas import Registration, UserRead
from app.users.settings import UserSettings


class RegistrationService:
    """Open to strangers; whoever comes in is a plain user."""

    def __init__(
        self, users: UserRepository, tokens: OneTimeTokens, outbox: Outbox, audit: AuditLog
    ) -> None:
        self._users = users
        self._tokens = tokens
        self._outbox = outbox
        self._audit = audit
        self._lifetime = read(UserSettings).verification

    async def register(self, new: Registration) -> UserRead:
        """Queues the mail with the verification. Raises EmailTaken, TooCommon."""
        refuse_own_address(new.password, new.email, "password")
        hashed = await hash_password(new.password)  # before the transaction holds a connection
        user = await self._users.add(new.email, hashed)
        await self._audit.record(Event.USER_REGISTERED, actor=user.id)
        await self._send(user)
        return user

    async def verify(self, token: str) -> None:
        """Raises InvalidOneTimeToken."""
        user_id = await self._tokens.redeem(token, "verify")
        if user_id is None:
            raise InvalidOneTimeToken
        await self._users.verify_email(user_id)
        await self._audit.record(Event.EMAIL_VERIFIED, actor=user_id)

    async def resend(self, user_id: UUID) -> None:
        """Another link instead of the earlier ones; nothing for an address that is verified."""
        user = await self._users.get(user_id)
        if user and not user.email_verified:
            await self._send(user)

    async def _send(self, user: UserRead) -> None:
        token = await self._tokens.issue(user.id, "verify", self._lifetime)
        await self._outbox.queue(user.email, email_verification(token, self._lifetime))
