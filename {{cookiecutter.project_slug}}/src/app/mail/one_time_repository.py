"""The queries of one-time tokens."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.mail.models import OneTimeToken


class OneTimeTokenRepository:
    """Hashes of one-time tokens in PostgreSQL."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, hashed: bytes, user_id: UUID, purpose: str, lifetime: timedelta) -> None:
        """Good from now on for `lifetime`."""
        await self._session.execute(
            insert(OneTimeToken).values(
                hash=hashed,
                user_id=user_id,
                purpose=purpose,
                expires_at=func.now() + lifetime,
            )
        )

    async def use(self, hashed: bytes, purpose: str) -> UUID | None:
        """One statement decides, so that of any number at once only one gets the user's id."""
        return await self._session.scalar(
            update(OneTimeToken)
            .where(
                OneTimeToken.hash == hashed,
                OneTimeToken.purpose == purpose,
                OneTimeToken.used_at.is_(None),
                OneTimeToken.expires_at > func.now(),
            )
            .values(used_at=func.now())
            .returning(OneTimeToken.user_id)
        )

    async def end(self, user_id: UUID, purpose: str) -> None:
        """Makes every unused token of this user and purpose useless."""
        await self._session.execute(
            update(OneTimeToken)
            .where(
                OneTimeToken.user_id == user_id,
                OneTimeToken.purpose == purpose,
                OneTimeToken.used_at.is_(None),
            )
            .values(used_at=func.now())
        )

    async def delete_expired(self, limit: int) -> int:
        """How many, at most `limit`."""
        over = select(OneTimeToken.hash).where(OneTimeToken.expires_at < func.now()).limit(limit)
        deleted = await self._session.scalars(
            delete(OneTimeToken).where(OneTimeToken.hash.in_(over)).returning(OneTimeToken.user_id)
        )
        return len(deleted.all())
