"""How wrong passwords are slowed down (NIST SP 800-63B-4, 3.2.2; ASVS 5.0, 6.3.1)."""

from hashlib import sha256
from math import ceil

from app.auth.lockout_settings import LockoutSettings
from app.auth.login_errors import TooManyAttempts
from app.auth.repository import FailureRepository
from app.core import caller
from app.core.addresses import network
from app.core.settings import read


class Lockout:
    """Counts failures for an account from the caller's address, and for the account altogether.

    An account is an e-mail address in its one spelling, whether it exists or not. Only whether a
    password may be tried is decided here: sessions that live are never touched.
    """

    def __init__(
        self, failures: FailureRepository, settings: LockoutSettings | None = None
    ) -> None:
        self._failures = failures
        self._settings = settings or read(LockoutSettings)

    async def check(self, account: str) -> None:
        """To be called before a password is tried. Raises TooManyAttempts."""
        refuse(await self._failures.wait(keys(account)))

    async def failed(self, account: str) -> bool:
        """Counts a wrong password; whether the next has to wait."""
        here, anywhere = keys(account)
        return any(
            [
                await self._counted(here, self._settings.lockout_failures),
                # Last, because attempts from everywhere queue for this row.
                await self._counted(anywhere, self._settings.lockout_account_failures),
            ]
        )

    async def passed(self, account: str) -> None:
        """To be called when a password fits: parallel guesses may have locked it meanwhile.

        Forgets the failures from the caller's address; others' stay, or a guesser elsewhere would
        have his budget renewed by every login of the owner. Raises TooManyAttempts.
        """
        await self.check(account)
        await self._failures.remove(keys(account)[:1])

    async def lift(self, account: str) -> None:
        """For an owner who has proved it by mail."""
        await self._failures.remove(keys(account))

    async def _counted(self, key: bytes, allowed: int) -> bool:
        return await self._failures.add(
            key,
            allowed=allowed,
            first=self._settings.lockout_seconds,
            longest=self._settings.lockout_max_seconds,
        )


def keys(account: str) -> tuple[bytes, bytes]:
    """The account's counter for the caller's address, and for all; hashed, as both are personal."""
    return _key(account, network(caller.current().address)), _key(account)


def refuse(seconds: float) -> None:
    """Raises TooManyAttempts when there is anything to wait for."""
    if seconds > 0:
        raise TooManyAttempts(ceil(seconds))


def _key(*parts: str) -> bytes:
    return sha256("\0".join(parts).encode()).digest()
