"""The queries of the login: what it looks at before it hashes, and what it counts after."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, case, delete, func, literal, null, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.models import LoginFailures
from app.core.database import Database
from app.users.models import User
from app.users.repository import Credentials, UserRepository

_NOW = func.clock_timestamp()
# A counter that was left alone for so long starts again.
QUIET = timedelta(days=1)
_LARGEST_EXPONENT = 30


class FailureRepository:
    """Counters of failed logins in PostgreSQL; they outlive restarts and flushed caches."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def wait(self, keys: Sequence[bytes]) -> float:
        """Seconds until none of these is locked; 0 when none is."""
        left = func.extract("epoch", func.max(LoginFailures.locked_until) - _NOW)
        seconds = await self._session.scalar(select(left).where(LoginFailures.key.in_(keys)))
        return max(0.0, float(seconds or 0))

    async def add(self, key: bytes, *, allowed: int, first: int, longest: int) -> bool:
        """Counts one failure more; whether that locked. The delay doubles from the `first` on.

        One statement, so that none of any number of parallel failures is lost.
        """
        again = case(
            (LoginFailures.last_failed_at < _NOW - QUIET, 1), else_=LoginFailures.failures + 1
        )
        counted = (
            insert(LoginFailures)
            .values(
                key=key,
                failures=1,
                last_failed_at=_NOW,
                locked_until=_lock(literal(1), allowed, first, longest),
            )
            .on_conflict_do_update(
                index_elements=[LoginFailures.key],
                set_={
                    "failures": again,
                    "last_failed_at": _NOW,
                    "locked_until": _lock(again, allowed, first, longest),
                },
            )
            .returning(LoginFailures.locked_until.is_not(None))
        )
        return bool(await self._session.scalar(counted))

    async def remove(self, keys: Sequence[bytes]) -> None:
        """Forgets what these counted, and lifts their locks."""
        await self._session.execute(delete(LoginFailures).where(LoginFailures.key.in_(keys)))


class LoginRepository:
    """What a login reads, on a connection that it does not keep while it hashes."""

    def __init__(self, database: Database, session: AsyncSession) -> None:
        self._database = database
        self._session = session

    async def look(self, email: str, keys: Sequence[bytes]) -> tuple[Credentials | None, float]:
        """The account, if there is one, and the seconds for which these counters are locked."""
        async with self._database.reading() as session:
            wait = await FailureRepository(session).wait(keys)
            return await UserRepository(session).by_email(email), wait

    async def confirm(self, user_id: UUID, password_hash: str | None) -> bool:
        """Whether the account is still as it was looked at; now nobody changes it before us."""
        rows = await self._session.execute(
            select(User.id)
            .where(User.id == user_id, User.password_hash == password_hash, User.is_active)
            .with_for_update(key_share=True)
        )
        return rows.one_or_none() is not None


def _lock(
    failures: ColumnElement[int], allowed: int, first: int, longest: int
) -> ColumnElement[object]:
    """Until when, if so many are too many."""
    doublings = func.least(failures - allowed, _LARGEST_EXPONENT)
    seconds = func.least(longest, first * func.power(2, doublings))
    return case((failures >= allowed, _NOW + seconds * timedelta(seconds=1)), else_=null())
