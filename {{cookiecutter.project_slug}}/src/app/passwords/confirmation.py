"""How somebody who is signed in proves once more to be the owner of the account."""

from uuid import UUID

from app.audit.events import Event
from app.audit.service import AuditLog
from app.auth import lockout
from app.auth.lockout import Lockout
from app.auth.repository import LoginRepository
from app.passwords.errors import WrongPassword
from app.passwords.hashing import verify
from app.passwords.repository import AddressRepository
from app.users.repository import Credentials


class PasswordConfirmation:
    """Asked before what a borrowed or stolen session must not do (OWASP ASVS 5.0, 7.5.1)."""

    def __init__(
        self,
        addresses: AddressRepository,
        logins: LoginRepository,
        lockout: Lockout,
        audit: AuditLog,
    ) -> None:
        self._addresses = addresses
        self._logins = logins
        self._lockout = lockout
        self._audit = audit

    async def require(self, user_id: UUID, password: str) -> Credentials:
        """The account whose password it is. Raises WrongPassword, TooManyAttempts.

        Guessing here counts like guessing at the login; to be called before anything is written.
        """
        email = await self._addresses.email(user_id) or ""
        account, wait = await self._logins.look(email, lockout.keys(email))
        lockout.refuse(wait)
        verdict = await verify(password, account.password_hash if account else None)
        if account and verdict.ok:
            return account
        raise await self._failed(email, user_id)

    async def hold(self, account: Credentials) -> None:
        """From here to the end of the transaction nobody else replaces the confirmed password.

        Raises WrongPassword when somebody already did, and TooManyAttempts when parallel guesses
        have locked the account meanwhile.
        """
        if not await self._logins.confirm(account.id, account.password_hash):
            raise WrongPassword
        await self._lockout.passed(account.email)

    async def _failed(self, email: str, user_id: UUID) -> WrongPassword:
        await self._audit.record(Event.LOGIN_FAILED, actor=user_id, signed_in=True)
        if await self._lockout.failed(email):
            await self._audit.record(Event.LOGIN_LOCKED, actor=user_id, signed_in=True)
        return WrongPassword()
